#include "widgets/canvas/canvas_keys.h"

#include <QKeyEvent>

namespace atomnet
{
namespace
{
std::optional<Direction> directionOf(int key)
{
    switch (key) {
    case Qt::Key_Left:
        return Direction::Left;
    case Qt::Key_Right:
        return Direction::Right;
    case Qt::Key_Up:
        return Direction::Up;
    case Qt::Key_Down:
        return Direction::Down;
    default:
        return {};
    }
}

Qt::KeyboardModifiers modifiersOf(const QKeyEvent &event)
{
    return event.modifiers() & ~Qt::KeypadModifier;
}
} // namespace

CanvasKeys::CanvasKeys(Document &document, CanvasCommands &commands, QObject *parent)
    : QObject(parent), m_document(document), m_commands(commands)
{
}

bool CanvasKeys::press(const QKeyEvent &event)
{
    return navigate(event) || shortcut(event) || command(event);
}

void CanvasKeys::select(BlockId block, bool extend)
{
    Selection &selection = m_document.selection();
    if (extend && !selection.blocks().empty()) {
        // The anchor stays as long as the selection is the one made from it.
        if (!selection.contains(m_anchor)) m_anchor = selection.blocks().front();
        selection.setBlocks(blocksBetween(m_document.network(), m_anchor, block));
    } else {
        m_anchor = block;
        selection.setBlocks({block});
    }
    m_cursor = block;
}

Stop CanvasKeys::current() const
{
    const Selection &selection = m_document.selection();
    if (selection.inputSelected()) return {.input = true};
    if (selection.headSelected()) return {.head = true};
    if (selection.stage()) return {.stage = selection.stage()};
    if (selection.contains(m_cursor)) return {.block = m_cursor};
    return {.block = selection.blocks().empty() ? BlockId{} : selection.blocks().back()};
}

bool CanvasKeys::navigate(const QKeyEvent &event)
{
    const auto direction = directionOf(event.key());
    if (!direction) return false;
    const Qt::KeyboardModifiers modifiers = modifiersOf(event);
    if (modifiers == Qt::AltModifier) {
        m_commands.move(*direction);
        return true;
    }
    const bool extend = modifiers == Qt::ShiftModifier;
    if (modifiers != Qt::NoModifier && !extend) return false;
    const Stop next = neighbour(m_document.network(), current(), *direction);
    Selection &selection = m_document.selection();
    if (next.block) {
        select(next.block, extend);
    } else if (extend) {
        return true; // only blocks can be selected together
    } else if (next.stage) {
        selection.selectStage(next.stage);
    } else if (next.head) {
        selection.selectHead();
    } else if (next.input) {
        selection.selectInput();
    }
    return true;
}

bool CanvasKeys::shortcut(const QKeyEvent &event)
{
    if (modifiersOf(event) != Qt::ControlModifier &&
        modifiersOf(event) != (Qt::ControlModifier | Qt::ShiftModifier))
        return false;
    switch (event.key()) {
    case Qt::Key_C:
        m_commands.copy();
        return true;
    case Qt::Key_X:
        m_commands.cut();
        return true;
    case Qt::Key_V:
        m_commands.paste();
        return true;
    case Qt::Key_D:
        m_commands.duplicate();
        return true;
    case Qt::Key_A:
        m_commands.selectAll();
        return true;
    case Qt::Key_Plus:
    case Qt::Key_Equal:
        Q_EMIT zoomRequested(1);
        return true;
    case Qt::Key_Minus:
        Q_EMIT zoomRequested(-1);
        return true;
    default:
        return false;
    }
}

bool CanvasKeys::command(const QKeyEvent &event)
{
    // Shift only reaches "+" on many keyboards.
    if (modifiersOf(event) & ~Qt::ShiftModifier) return false;
    const auto kernel = [this](int size) {
        BlockPatch patch;
        patch.kernel = size;
        m_commands.change(patch, tr("Change kernel to %1×%1").arg(size));
    };
    switch (event.key()) {
    case Qt::Key_Plus:
    case Qt::Key_Equal:
        m_commands.widen(1, event.isAutoRepeat());
        return true;
    case Qt::Key_Minus:
        m_commands.widen(-1, event.isAutoRepeat());
        return true;
    case Qt::Key_1:
    case Qt::Key_3:
    case Qt::Key_5:
    case Qt::Key_7:
        kernel(event.key() - Qt::Key_0);
        return true;
    case Qt::Key_E:
        m_commands.cycleExpansion();
        return true;
    case Qt::Key_S:
        m_commands.toggleSe();
        return true;
    case Qt::Key_L:
        m_commands.toggleLocks();
        return true;
    case Qt::Key_D:
        m_commands.duplicate();
        return true;
    case Qt::Key_Delete:
    case Qt::Key_Backspace:
        m_commands.removeSelected();
        return true;
    case Qt::Key_Escape:
        m_document.selection().clear();
        return true;
    case Qt::Key_F:
        Q_EMIT fitRequested();
        return true;
    case Qt::Key_F2:
        if (const StageId stage = m_document.selection().stage()) Q_EMIT renameRequested(stage);
        return true;
    case Qt::Key_Return:
    case Qt::Key_Enter:
        Q_EMIT openRequested();
        return true;
    default:
        return false;
    }
}

} // namespace atomnet
