#pragma once

#include "widgets/canvas/canvas_scene.h"
#include "widgets/canvas/drag_controller.h"

#include <QPoint>
#include <QTimer>

class QMouseEvent;
class QRubberBand;

namespace atomnet
{

class CanvasKeys;
class CanvasView;

/// What the mouse does on the canvas: click selects, drag moves cards and stages, on free ground
/// draws a rubber band, with the middle button or Space pans.
class CanvasPointer : public QObject
{
    Q_OBJECT
public:
    CanvasPointer(Document &document, CanvasScene &scene, DragController &drag, CanvasKeys &keys,
                  CanvasView &view);

    void press(QMouseEvent *event);
    void move(QMouseEvent *event);
    void release(QMouseEvent *event);
    void doubleClick(QMouseEvent *event);
    void leave();
    [[nodiscard]] bool isIdle() const { return m_mode == Mode::Idle; }
    /// Escape: gives up a running drag. False when there is none.
    bool cancel();
    void setSpace(bool held);

private:
    enum class Mode : quint8 { Idle, Pressed, Dragging, Band, Panning };

    void pressOn(const CanvasHit &hit, Qt::KeyboardModifiers modifiers);
    void clickOn(const CanvasHit &hit, Qt::KeyboardModifiers modifiers);
    void startDrag(Qt::KeyboardModifiers modifiers);
    void dragTo(QPoint at, Qt::KeyboardModifiers modifiers);
    void bandTo(QPoint at);
    void panTo(QPoint at);
    void hoverAt(QPoint at);
    void showCursor();

    Document &m_document;
    CanvasScene &m_scene;
    DragController &m_drag;
    CanvasKeys &m_keys;
    CanvasView &m_view;
    QRubberBand *m_band;
    QTimer m_scroll; ///< scrolls on while a drag rests at the edge
    Mode m_mode = Mode::Idle;
    CanvasHit m_pressed;
    QPoint m_pressedAt, m_last;
    Qt::KeyboardModifiers m_modifiers;
    std::vector<BlockId> m_bandBase; ///< selection that a rubber band with Ctrl or Shift adds to
    bool m_space = false;
    bool m_onMark = false; ///< over a padlock or a badge
};

} // namespace atomnet
