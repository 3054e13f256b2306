#include "widgets/canvas/canvas_commands.h"

#include "widgets/canvas/canvas_mime.h"

#include <QClipboard>
#include <QGuiApplication>
#include <QMimeData>

#include <algorithm>
#include <array>

// Commands on blocks; those on stages and the whole design are in stage_commands.cpp.
namespace atomnet
{
namespace
{

constexpr int widthStep = 8;
constexpr std::array<double, 6> expansions{1, 2, 3, 4, 6, 8};

bool hasExpansion(const Block &block)
{
    return block.type == BlockType::ConvNext || block.type == BlockType::MbConv;
}

double nextExpansion(double now)
{
    const auto next = std::upper_bound(expansions.begin(), expansions.end(), now);
    return next == expansions.end() ? expansions.front() : *next;
}

} // namespace

CanvasCommands::CanvasCommands(Document &document, QObject *parent)
    : QObject(parent), m_document(document)
{
}

std::vector<BlockId> CanvasCommands::selected() const
{
    return inDesignOrder(m_document.network(), m_document.selection().blocks());
}

bool CanvasCommands::needsBlocks()
{
    if (!selected().empty()) return true;
    Q_EMIT message(tr("No block is selected; click one, or press an arrow key."));
    return false;
}

void CanvasCommands::copy()
{
    if (!needsBlocks()) return;
    QGuiApplication::clipboard()->setMimeData(
        blocksMime(copiesOf(m_document.network(), selected())));
}

void CanvasCommands::cut()
{
    if (!needsBlocks()) return;
    copy();
    const auto blocks = selected();
    (void)m_document.edit(RemoveBlocks{blocks}, tr("Cut %n block(s)", nullptr, int(blocks.size())));
}

void CanvasCommands::paste()
{
    auto payload = payloadOf(QGuiApplication::clipboard()->mimeData());
    if (!payload) {
        Q_EMIT message(
            tr("The clipboard holds no blocks to paste (%1).").arg(payload.error().what));
        return;
    }
    insertPayload(*payload, placeForInsertion(), tr("Paste"));
}

void CanvasCommands::duplicate()
{
    if (!needsBlocks()) return;
    insertPayload(NewBlocks{copiesOf(m_document.network(), selected()), false}, placeForInsertion(),
                  tr("Duplicate"));
}

void CanvasCommands::removeSelected()
{
    if (const StageId stage = m_document.selection().stage()) {
        removeStage(stage);
        return;
    }
    if (!needsBlocks()) return;
    const auto blocks = selected();
    const BlockPlace place = findBlock(m_document.network(), blocks.front());
    if (!m_document.edit(RemoveBlocks{blocks},
                         tr("Delete %n block(s)", nullptr, int(blocks.size()))))
        return;
    // What moved up takes the selection, so that the next key has something to work on.
    const auto &left = m_document.network().stages[std::size_t(place.stage)].blocks;
    if (left.empty()) return;
    const auto index = std::min(std::size_t(place.index), left.size() - 1);
    m_document.selection().setBlocks({left[index].id});
}

void CanvasCommands::selectAll()
{
    m_document.selection().setBlocks(newBlocks({}, m_document.network()));
}

DropPlace CanvasCommands::placeForInsertion() const
{
    const Network &network = m_document.network();
    const auto blocks = selected();
    if (!blocks.empty()) {
        const BlockPlace last = findBlock(network, blocks.back());
        return {DropPlace::Kind::InStage, last.stage, last.index + 1};
    }
    if (network.stages.empty()) return {DropPlace::Kind::NewStage, 0, 0};
    if (m_document.selection().inputSelected()) return {DropPlace::Kind::InStage, 0, 0};
    const int chosen = findStage(network, m_document.selection().stage());
    const int stage = chosen >= 0 ? chosen : int(network.stages.size()) - 1;
    return {DropPlace::Kind::InStage, stage, int(network.stages[std::size_t(stage)].blocks.size())};
}

void CanvasCommands::insert(std::vector<Block> blocks, bool takeWidth, const QString &text)
{
    insertPayload(NewBlocks{std::move(blocks), takeWidth}, placeForInsertion(), text);
}

void CanvasCommands::insertAt(DropPlace place, BlockType type)
{
    insertPayload(NewBlocks{{defaultBlock(type)}, true}, place,
                  tr("Insert %1").arg(displayName(type)));
}

void CanvasCommands::insertPayload(const Payload &payload, DropPlace place, const QString &text)
{
    const Network before = m_document.network();
    const auto edit = dropEdit(before, payload, place, false);
    if (!edit) {
        Q_EMIT message(edit.error().message());
        return;
    }
    if (m_document.editAll(edit->edits, text))
        m_document.selection().setBlocks(newBlocks(before, m_document.network()));
}

void CanvasCommands::change(const BlockPatch &patch, const QString &text)
{
    if (needsBlocks()) (void)m_document.edit(ChangeBlocks{selected(), patch}, text);
}

void CanvasCommands::widen(int direction, bool again)
{
    if (!needsBlocks()) return;
    if (!again || m_gesture == 0) m_gesture = m_document.newGesture();
    std::vector<Edit> edits;
    for (const BlockId id : selected()) {
        const int out = blockById(m_document.network(), id)->out;
        const int up = (out / widthStep + 1) * widthStep;
        const int down = ((out + widthStep - 1) / widthStep - 1) * widthStep;
        BlockPatch patch;
        patch.out = std::clamp(direction > 0 ? up : down, widthStep, maxChannels);
        edits.push_back(ChangeBlocks{{id}, patch});
    }
    (void)m_document.editAll(edits, tr("Change width"), m_gesture);
}

void CanvasCommands::cycleExpansion()
{
    if (!needsBlocks()) return;
    std::vector<Edit> edits;
    for (const BlockId id : selected()) {
        const Block &block = *blockById(m_document.network(), id);
        if (!hasExpansion(block)) continue;
        BlockPatch patch;
        patch.expand = nextExpansion(block.expand);
        edits.push_back(ChangeBlocks{{id}, patch});
    }
    if (edits.empty()) {
        Q_EMIT message(
            tr("Conv and SEP have no expansion; change the type to ConvNeXt or MBConv."));
        return;
    }
    (void)m_document.editAll(edits, tr("Change expansion"));
}

void CanvasCommands::toggleSe()
{
    if (!needsBlocks()) return;
    std::vector<BlockId> able;
    bool all = true;
    for (const BlockId id : selected()) {
        const Block &block = *blockById(m_document.network(), id);
        if (block.type == BlockType::Conv) continue;
        able.push_back(id);
        all = all && block.se.has_value();
    }
    if (able.empty()) {
        Q_EMIT message(tr("Conv takes no squeeze-and-excite; change the type first."));
        return;
    }
    BlockPatch patch;
    patch.se = all ? std::optional<SqueezeExcite>() : std::optional(SqueezeExcite{});
    (void)m_document.edit(ChangeBlocks{able, patch}, all ? tr("Remove SE") : tr("Add SE"));
}

void CanvasCommands::move(Direction direction)
{
    const StageId stage = m_document.selection().stage();
    if (stage && (direction == Direction::Left || direction == Direction::Right)) {
        moveStage(stage, direction == Direction::Left ? -1 : 1);
    } else if (needsBlocks()) {
        moveBlocks(direction);
    }
}

void CanvasCommands::moveBlocks(Direction direction)
{
    const Network &network = m_document.network();
    const auto blocks = selected();
    const BlockPlace first = findBlock(network, blocks.front());
    const BlockPlace last = findBlock(network, blocks.back());
    DropPlace to{DropPlace::Kind::InStage, first.stage, first.index};
    switch (direction) {
    case Direction::Up:
        to.index = first.index - 1;
        break;
    case Direction::Down:
        to.stage = last.stage;
        to.index = last.index + 2; // counted before removal: behind the next one
        break;
    case Direction::Left:
        to.stage = first.stage - 1;
        break;
    case Direction::Right:
        to.stage = last.stage + 1;
        break;
    }
    const int stages = int(network.stages.size());
    const auto size = [&network](int s) {
        return int(network.stages[std::size_t(s)].blocks.size());
    };
    const bool vertical = direction == Direction::Up || direction == Direction::Down;
    if (to.stage < 0 || to.stage >= stages ||
        (vertical && (to.index < 0 || to.index > size(to.stage)))) {
        Q_EMIT message(tr("The blocks are at the end already."));
        return;
    }
    to.index = std::min(to.index, size(to.stage));
    const auto edit = dropEdit(network, PresentBlocks{blocks}, to, false);
    if (edit) {
        (void)m_document.editAll(edit->edits, edit->text);
    } else {
        Q_EMIT message(edit.error().message());
    }
}

} // namespace atomnet
