#include "widgets/canvas/canvas_view.h"

#include "widgets/canvas/canvas_commands.h"
#include "widgets/canvas/canvas_keys.h"
#include "widgets/canvas/canvas_menu.h"
#include "widgets/canvas/canvas_mime.h"
#include "widgets/canvas/canvas_pointer.h"
#include "widgets/canvas/canvas_scene.h"
#include "widgets/canvas/card_text.h"
#include "widgets/canvas/drag_controller.h"

#include <QAccessible>
#include <QContextMenuEvent>
#include <QDragEnterEvent>
#include <QLineEdit>
#include <QMenu>
#include <QMimeData>
#include <QScrollBar>

#include <algorithm>
#include <cmath>

// Set-up, commands, keys and drops; zooming and what is drawn over the scene are in
// canvas_view_zoom.cpp.
namespace atomnet
{

CanvasView::CanvasView(Document &document, QWidget *parent)
    : QGraphicsView(parent)
    , m_document(document)
    , m_scene(new CanvasScene(document, this))
    , m_commands(new CanvasCommands(document, this))
    , m_keys(new CanvasKeys(document, *m_commands, this))
    , m_drag(new DragController(document, *m_scene, this))
    , m_pointer(new CanvasPointer(document, *m_scene, *m_drag, *m_keys, *this))
{
    setObjectName(QStringLiteral("canvas"));
    setAccessibleName(tr("Network canvas"));
    setScene(m_scene);
    setFrameShape(QFrame::NoFrame);
    setAcceptDrops(true);
    setFocusPolicy(Qt::StrongFocus);
    setViewportUpdateMode(QGraphicsView::MinimalViewportUpdate);
    setTransformationAnchor(QGraphicsView::NoAnchor);
    viewport()->setMouseTracking(true);
    viewport()->grabGesture(Qt::PinchGesture);
    wire();
    showSelection();
}

CanvasView::~CanvasView() = default;

void CanvasView::wire()
{
    connect(m_commands, &CanvasCommands::message, this, &CanvasView::message);
    connect(m_drag, &DragController::message, this, &CanvasView::message);
    connect(m_keys, &CanvasKeys::fitRequested, this, &CanvasView::fit);
    connect(m_keys, &CanvasKeys::openRequested, this, &CanvasView::openRequested);
    connect(m_keys, &CanvasKeys::renameRequested, this, &CanvasView::renameStage);
    connect(m_keys, &CanvasKeys::zoomRequested, this,
            [this](int direction) { direction > 0 ? zoomIn() : zoomOut(); });
    connect(m_scene, &CanvasScene::replaced, this, &CanvasView::fit);
    connect(m_scene, &CanvasScene::laidOut, viewport(), qOverload<>(&QWidget::update));
    connect(&m_document.selection(), &Selection::changed, this, &CanvasView::showSelection);
    connect(&m_document, &Document::networkChanged, this, [this] {
        if (!m_document.previewing()) describeSelection();
        if (m_rename && findStage(m_document.network(), m_renamed) < 0) finishRename(false);
    });
}

void CanvasView::setReport(const ReportPtr &report, const ReportPtr &baseline)
{
    m_scene->setReport(report);
    if (report && baseline) m_drag->showDifference(*report, *baseline);
    keepGhostInside();
}

void CanvasView::keepGhostInside()
{
    GhostItem &ghost = m_scene->ghost();
    if (ghost.isVisible()) ghost.keepInside(mapFromScene(ghost.pos()), viewport()->size());
}

void CanvasView::setDimmed(bool dimmed)
{
    m_scene->setDimmed(dimmed);
}

void CanvasView::setAdvice(const AdvicePtr &advice)
{
    m_scene->setAdvice(advice);
    describeSelection();
}

void CanvasView::toggleLocks()
{
    m_commands->toggleLocks();
}

void CanvasView::clickMark(const CanvasHit &hit)
{
    using Kind = CanvasHit::Kind;
    if (hit.part == CanvasHit::Part::Lock) {
        SetLocked edit;
        edit.locked = !m_scene->isLocked(hit);
        edit.input = hit.kind == Kind::Input;
        if (hit.kind == Kind::Block) edit.blocks = {hit.block};
        if (hit.kind == Kind::Header) edit.stages = {hit.stage};
        m_commands->setLocked(edit);
        return;
    }
    if (hit.kind == Kind::Block) m_keys->select(hit.block, false);
    if (hit.kind == Kind::Header) m_document.selection().selectStage(hit.stage);
    if (hit.kind == Kind::Head) m_document.selection().selectHead();
    Q_EMIT adviceRequested();
}

void CanvasView::copy()
{
    m_commands->copy();
}
void CanvasView::cut()
{
    m_commands->cut();
}
void CanvasView::paste()
{
    m_commands->paste();
}
void CanvasView::duplicate()
{
    m_commands->duplicate();
}
void CanvasView::removeSelected()
{
    m_commands->removeSelected();
}
void CanvasView::selectAll()
{
    m_commands->selectAll();
}
void CanvasView::addStage()
{
    m_commands->addStage();
}
void CanvasView::usePreset(const QString &presetId)
{
    m_commands->usePreset(presetId);
}

void CanvasView::insertBlock(BlockType type)
{
    m_commands->insertAt(m_commands->placeForInsertion(), type);
}

void CanvasView::renameStage(StageId stage)
{
    const int index = findStage(m_document.network(), stage);
    if (index < 0) return;
    finishRename(false);
    const StageBox &box = m_scene->layout().stages[std::size_t(index)];
    ensureVisible(box.header);
    m_renamed = stage;
    m_rename = new QLineEdit(m_document.network().stages[std::size_t(index)].name, viewport());
    m_rename->setObjectName(QStringLiteral("stageName"));
    m_rename->setAccessibleName(tr("Name of the stage"));
    const QRect at = mapFromScene(box.header).boundingRect();
    m_rename->setGeometry(at.x(), at.y(), std::max(at.width(), 90), m_rename->sizeHint().height());
    m_rename->selectAll();
    m_rename->show();
    m_rename->setFocus();
    connect(m_rename, &QLineEdit::editingFinished, this, [this] { finishRename(true); });
}

void CanvasView::finishRename(bool take)
{
    if (!m_rename) return;
    QLineEdit *editor = std::exchange(m_rename, nullptr); // hiding it emits editingFinished again
    const QString name = editor->text().trimmed();
    editor->hide();
    editor->deleteLater();
    if (take && !name.isEmpty()) m_commands->renameStage(m_renamed, name);
    setFocus();
}

void CanvasView::showSelection()
{
    describeSelection();
    // Not while the pointer holds something: the ground must not move away under it.
    const QRectF rect = m_scene->selectionRect();
    if (!rect.isEmpty() && m_pointer->isIdle() && !m_drag->active()) ensureVisible(rect, 8, 8);
}

void CanvasView::describeSelection()
{
    const Selection &selection = m_document.selection();
    const Network &network = m_document.network();
    QString text = tr("Nothing is selected.");
    FindingPlace findings;
    const auto &blocks = selection.blocks();
    if (blocks.size() > 1) {
        text = tr("%1 blocks are selected.").arg(blocks.size());
    } else if (blocks.size() == 1) {
        findings.block = blocks.front();
        const BlockPlace place = findBlock(network, blocks.front());
        if (place.valid()) {
            const Stage &stage = network.stages[std::size_t(place.stage)];
            text = tr("Stage %1, block %2 of %3: %4")
                       .arg(stage.name)
                       .arg(place.index + 1)
                       .arg(stage.blocks.size())
                       .arg(sentence(stage.blocks[std::size_t(place.index)]));
        }
    } else if (selection.headSelected()) {
        findings.head = true;
        text = tr("Head: %1, %2 classes").arg(detailText(network.head)).arg(network.head.classes);
    } else if (selection.inputSelected()) {
        text = tr("Input: %1×%2").arg(sizeText(network.input)).arg(network.input.c);
        if (network.inputLocked) text += tr(", locked");
    } else if (const int stage = findStage(network, selection.stage()); stage >= 0) {
        findings.stage = selection.stage();
        text = tr("Stage %1").arg(network.stages[std::size_t(stage)].name);
        if (network.stages[std::size_t(stage)].locked) text += tr(", locked");
    }
    if (const AdvicePtr &advice = m_scene->advice(); advice && findings != FindingPlace{}) {
        for (const int i : findingsOf(*advice, findings))
            text += tr(". Advice: %1").arg(advice->findings[std::size_t(i)].what);
    }
    setAccessibleDescription(text);
    QAccessibleEvent changed(this, QAccessible::DescriptionChanged);
    QAccessible::updateAccessibility(&changed);
}

void CanvasView::mousePressEvent(QMouseEvent *event)
{
    finishRename(true);
    m_pointer->press(event);
}

void CanvasView::mouseMoveEvent(QMouseEvent *event)
{
    m_pointer->move(event);
}

void CanvasView::mouseReleaseEvent(QMouseEvent *event)
{
    m_pointer->release(event);
}

void CanvasView::mouseDoubleClickEvent(QMouseEvent *event)
{
    m_pointer->doubleClick(event);
}

void CanvasView::keyPressEvent(QKeyEvent *event)
{
    if (event->key() == Qt::Key_Escape && m_rename) {
        finishRename(false);
    } else if (event->key() == Qt::Key_Escape && m_pointer->cancel()) {
        event->accept();
    } else if (event->key() == Qt::Key_Space) {
        if (!event->isAutoRepeat()) m_pointer->setSpace(true);
    } else if (event->key() == Qt::Key_Insert && !m_drag->active()) {
        openMenuAtSelection();
    } else if (!m_drag->active() && !m_rename && m_keys->press(*event)) {
        event->accept();
    } else {
        event->ignore();
    }
}

void CanvasView::keyReleaseEvent(QKeyEvent *event)
{
    if (event->key() == Qt::Key_Space && !event->isAutoRepeat()) {
        m_pointer->setSpace(false);
    } else {
        event->ignore();
    }
}

void CanvasView::contextMenuEvent(QContextMenuEvent *event)
{
    if (m_drag->active()) return;
    event->accept();
    if (event->reason() == QContextMenuEvent::Keyboard) {
        openMenuAtSelection();
        return;
    }
    using Kind = CanvasHit::Kind;
    Selection &selection = m_document.selection();
    const CanvasHit hit = m_scene->hitAt(mapToScene(event->pos()));
    if (hit.kind == Kind::Block && !selection.contains(hit.block)) m_keys->select(hit.block, false);
    if (hit.kind == Kind::Header || hit.kind == Kind::Lane) selection.selectStage(hit.stage);
    if (hit.kind == Kind::Input) selection.selectInput();
    openMenu({hit.block, hit.stage, hit.kind == Kind::Input}, event->globalPos());
}

void CanvasView::openMenuAtSelection()
{
    const Selection &selection = m_document.selection();
    MenuPlace place{{}, selection.stage(), selection.inputSelected()};
    if (!selection.blocks().empty()) {
        place.block = selection.blocks().back();
        const BlockPlace at = findBlock(m_document.network(), place.block);
        place.stage = m_document.network().stages[std::size_t(at.stage)].id;
    }
    const QRectF rect = m_scene->selectionRect();
    openMenu(place, viewport()->mapToGlobal(rect.isEmpty() ? viewport()->rect().center()
                                                           : mapFromScene(rect.center())));
}

void CanvasView::openMenu(const MenuPlace &place, QPoint at)
{
    const auto rename = [this](StageId stage) { renameStage(stage); };
    makeCanvasMenu(m_document, *m_commands, place, rename, this)->popup(at);
}

void CanvasView::dragEnterEvent(QDragEnterEvent *event)
{
    if (!canDrop(event->mimeData())) {
        event->ignore(); // for example a design file: the window opens it
        return;
    }
    auto payload = payloadOf(event->mimeData());
    if (!payload) {
        Q_EMIT message(payload.error().message());
        event->ignore();
        return;
    }
    m_drag->begin(*std::move(payload));
    event->setDropAction(Qt::CopyAction);
    event->accept();
}

void CanvasView::dragMoveEvent(QDragMoveEvent *event)
{
    if (!m_drag->active()) {
        event->ignore();
        return;
    }
    m_drag->moveTo(mapToScene(event->position().toPoint()), true);
    keepGhostInside();
    // Accepted everywhere, refusals included: else the ghost with its reason would stop following.
    event->setDropAction(Qt::CopyAction);
    event->accept();
}

void CanvasView::dragLeaveEvent(QDragLeaveEvent *event)
{
    m_drag->cancel();
    event->accept();
}

void CanvasView::dropEvent(QDropEvent *event)
{
    if (!m_drag->active()) {
        event->ignore();
        return;
    }
    m_drag->moveTo(mapToScene(event->position().toPoint()), true);
    event->setDropAction(Qt::CopyAction);
    event->setAccepted(m_drag->drop());
    setFocus();
}

} // namespace atomnet
