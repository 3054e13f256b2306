#include "widgets/canvas/canvas_pointer.h"

#include "widgets/canvas/canvas_keys.h"
#include "widgets/canvas/canvas_view.h"

#include <QApplication>
#include <QMouseEvent>
#include <QRubberBand>
#include <QScrollBar>

namespace atomnet
{
namespace
{
constexpr int scrollEveryMs = 30;
constexpr int scrollEdge = 24; ///< pixels from the border where a drag scrolls
constexpr int scrollStep = 16;

int scrollBy(int at, int size)
{
    if (at < scrollEdge) return -scrollStep;
    return at > size - scrollEdge ? scrollStep : 0;
}
} // namespace

CanvasPointer::CanvasPointer(Document &document, CanvasScene &scene, DragController &drag,
                             CanvasKeys &keys, CanvasView &view)
    : QObject(&view)
    , m_document(document)
    , m_scene(scene)
    , m_drag(drag)
    , m_keys(keys)
    , m_view(view)
    , m_band(new QRubberBand(QRubberBand::Rectangle, view.viewport()))
{
    m_scroll.setInterval(scrollEveryMs);
    connect(&m_scroll, &QTimer::timeout, this, [this] {
        const QSize size = m_view.viewport()->size();
        QScrollBar *h = m_view.horizontalScrollBar(), *v = m_view.verticalScrollBar();
        h->setValue(h->value() + scrollBy(m_last.x(), size.width()));
        v->setValue(v->value() + scrollBy(m_last.y(), size.height()));
        dragTo(m_last, m_modifiers);
    });
}

void CanvasPointer::press(QMouseEvent *event)
{
    if (m_mode != Mode::Idle) return;
    m_pressedAt = m_last = event->pos();
    m_modifiers = event->modifiers();
    const bool left = event->button() == Qt::LeftButton;
    if (event->button() == Qt::MiddleButton || (left && m_space)) {
        m_mode = Mode::Panning;
        showCursor();
    } else if (left) {
        m_mode = Mode::Pressed;
        m_pressed = m_scene.hitAt(m_view.mapToScene(event->pos()));
        pressOn(m_pressed, event->modifiers());
    }
    event->accept();
}

void CanvasPointer::pressOn(const CanvasHit &hit, Qt::KeyboardModifiers modifiers)
{
    // Selecting at once, so that a drag takes along what it touches; a click inside a selection of
    // several may start a drag of all of them and narrows the selection only on release.
    if (hit.part == CanvasHit::Part::Lock) return; // it is no way to select
    if (modifiers & (Qt::ControlModifier | Qt::ShiftModifier)) return;
    Selection &selection = m_document.selection();
    if (hit.kind == CanvasHit::Kind::Block && !selection.contains(hit.block))
        m_keys.select(hit.block, false);
}

void CanvasPointer::move(QMouseEvent *event)
{
    m_modifiers = event->modifiers();
    const bool far =
        (event->pos() - m_pressedAt).manhattanLength() >= QApplication::startDragDistance();
    if (m_mode == Mode::Pressed && far) startDrag(event->modifiers());
    switch (m_mode) {
    case Mode::Idle:
        hoverAt(event->pos());
        break;
    case Mode::Pressed:
        break;
    case Mode::Dragging:
        dragTo(event->pos(), event->modifiers());
        break;
    case Mode::Band:
        bandTo(event->pos());
        break;
    case Mode::Panning:
        panTo(event->pos());
        break;
    }
    m_last = event->pos();
    event->accept();
}

void CanvasPointer::startDrag(Qt::KeyboardModifiers modifiers)
{
    using Kind = CanvasHit::Kind;
    if (m_pressed.part == CanvasHit::Part::Lock) return; // a slip of the hand moves nothing
    Selection &selection = m_document.selection();
    if (m_pressed.kind == Kind::Block) {
        std::vector<BlockId> blocks = inDesignOrder(m_document.network(), selection.blocks());
        if (!selection.contains(m_pressed.block)) blocks = {m_pressed.block}; // Ctrl or Shift held
        m_drag.begin(PresentBlocks{blocks});
        m_mode = Mode::Dragging;
        m_scroll.start();
    } else if (m_pressed.kind == Kind::Header) {
        selection.selectStage(m_pressed.stage);
        m_drag.begin(PresentStage{m_pressed.stage});
        m_mode = Mode::Dragging;
        m_scroll.start();
    } else if (m_pressed.kind == Kind::Lane || m_pressed.kind == Kind::Nothing) {
        m_bandBase = modifiers & (Qt::ControlModifier | Qt::ShiftModifier) ? selection.blocks()
                                                                           : std::vector<BlockId>{};
        m_mode = Mode::Band;
        m_band->show();
    }
    showCursor();
}

void CanvasPointer::dragTo(QPoint at, Qt::KeyboardModifiers modifiers)
{
    m_last = at;
    if (m_view.viewport()->rect().contains(at)) {
        m_drag.moveTo(m_view.mapToScene(at), modifiers & Qt::ControlModifier);
        m_view.keepGhostInside();
    } else {
        m_drag.leave();
    }
}

void CanvasPointer::bandTo(QPoint at)
{
    const QRect band = QRect(m_pressedAt, at).normalized();
    m_band->setGeometry(band);
    const QRectF area = m_view.mapToScene(band).boundingRect();
    std::vector<BlockId> blocks = m_bandBase;
    const CanvasLayout &layout = m_scene.layout();
    const Network &network = m_document.network();
    for (std::size_t s = 0; s < layout.stages.size(); ++s) {
        for (std::size_t b = 0; b < layout.stages[s].cards.size(); ++b) {
            if (layout.stages[s].cards[b].intersects(area))
                blocks.push_back(network.stages[s].blocks[b].id);
        }
    }
    m_document.selection().setBlocks(blocks);
}

void CanvasPointer::panTo(QPoint at)
{
    const QPoint by = at - m_last;
    QScrollBar *h = m_view.horizontalScrollBar(), *v = m_view.verticalScrollBar();
    h->setValue(h->value() - by.x());
    v->setValue(v->value() - by.y());
    m_view.m_keepFitted = false;
}

void CanvasPointer::release(QMouseEvent *event)
{
    const Mode mode = std::exchange(m_mode, Mode::Idle);
    m_scroll.stop();
    switch (mode) {
    case Mode::Idle:
        break;
    case Mode::Pressed:
        if (m_pressed.part == CanvasHit::Part::Body) {
            clickOn(m_pressed, event->modifiers());
        } else if (m_scene.hitAt(m_view.mapToScene(event->pos())) == m_pressed) {
            m_view.clickMark(m_pressed);
        }
        break;
    case Mode::Dragging:
        dragTo(event->pos(), event->modifiers());
        m_drag.drop();
        break;
    case Mode::Band:
        m_band->hide();
        break;
    case Mode::Panning:
        break;
    }
    showCursor();
    event->accept();
}

void CanvasPointer::clickOn(const CanvasHit &hit, Qt::KeyboardModifiers modifiers)
{
    using Kind = CanvasHit::Kind;
    Selection &selection = m_document.selection();
    switch (hit.kind) {
    case Kind::Block:
        if (modifiers & Qt::ControlModifier) {
            selection.toggleBlock(hit.block);
        } else {
            m_keys.select(hit.block, modifiers & Qt::ShiftModifier);
        }
        break;
    case Kind::Header:
        selection.selectStage(hit.stage);
        break;
    case Kind::Input:
        selection.selectInput();
        break;
    case Kind::Head:
        selection.selectHead();
        break;
    case Kind::AddStage:
        m_view.addStage();
        break;
    case Kind::Lane:
    case Kind::Nothing:
        if (!(modifiers & (Qt::ControlModifier | Qt::ShiftModifier))) selection.clear();
        break;
    }
}

void CanvasPointer::doubleClick(QMouseEvent *event)
{
    using Kind = CanvasHit::Kind;
    if (event->button() != Qt::LeftButton) return;
    const CanvasHit hit = m_scene.hitAt(m_view.mapToScene(event->pos()));
    if (hit.part != CanvasHit::Part::Body) {
        press(event);
    } else if (hit.kind == Kind::Header) {
        m_view.renameStage(hit.stage);
    } else if (hit.kind == Kind::Block || hit.kind == Kind::Head || hit.kind == Kind::Input) {
        clickOn(hit, Qt::NoModifier);
        Q_EMIT m_view.openRequested();
    } else {
        press(event); // a quick second click on "+" or on free ground is a click
    }
    event->accept();
}

void CanvasPointer::hoverAt(QPoint at)
{
    const CanvasHit hit = m_scene.hitAt(m_view.mapToScene(at));
    m_document.selection().hover({}, hit.block);
    m_scene.setHovered(hit);
    m_onMark = hit.part != CanvasHit::Part::Body;
    showCursor();
}

void CanvasPointer::leave()
{
    m_document.selection().hover({}, {});
    m_scene.setHovered({});
    m_onMark = false;
    showCursor();
}

bool CanvasPointer::cancel()
{
    if (m_mode != Mode::Dragging && m_mode != Mode::Band) return false;
    if (m_mode == Mode::Dragging) m_drag.cancel();
    m_mode = Mode::Idle;
    m_scroll.stop();
    m_band->hide();
    showCursor();
    return true;
}

void CanvasPointer::setSpace(bool held)
{
    m_space = held;
    showCursor();
}

void CanvasPointer::showCursor()
{
    if (m_mode == Mode::Panning || m_mode == Mode::Dragging) {
        m_view.viewport()->setCursor(Qt::ClosedHandCursor);
    } else if (m_space) {
        m_view.viewport()->setCursor(Qt::OpenHandCursor);
    } else if (m_onMark) {
        m_view.viewport()->setCursor(Qt::PointingHandCursor);
    } else {
        m_view.viewport()->unsetCursor();
    }
}

} // namespace atomnet
