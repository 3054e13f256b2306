#include "widgets/canvas/canvas_pointer.h"
#include "widgets/canvas/canvas_view.h"

#include "widgets/canvas/canvas_scene.h"

#include <QNativeGestureEvent>
#include <QPainter>
#include <QPinchGesture>
#include <QScrollBar>
#include <QWheelEvent>

#include <algorithm>
#include <cmath>

// Zooming, fitting, scrolling, and what is drawn over the scene.
namespace atomnet
{
namespace
{
constexpr double minZoom = 0.1, maxZoom = 4;
constexpr double zoomStep = 1.2;
constexpr double mostFitted = 1.5;  ///< a small network must not become a poster
constexpr double leastFitted = 0.5; ///< below this text is lost: better to scroll
constexpr double wheelNotch = 120;
} // namespace

double CanvasView::zoom() const
{
    return transform().m11();
}

void CanvasView::zoomIn()
{
    m_keepFitted = false;
    applyZoom(zoom() * zoomStep, viewport()->rect().center());
}

void CanvasView::zoomOut()
{
    m_keepFitted = false;
    applyZoom(zoom() / zoomStep, viewport()->rect().center());
}

void CanvasView::zoomReset()
{
    m_keepFitted = false;
    applyZoom(1, viewport()->rect().center());
}

void CanvasView::fit()
{
    m_keepFitted = true;
    fitNow();
}

void CanvasView::fitNow()
{
    finishRename(true);
    const QRectF bounds = m_scene->sceneRect();
    const QSize room = viewport()->size();
    if (bounds.isEmpty() || room.isEmpty()) return;
    const double whole = std::min(room.width() / bounds.width(), room.height() / bounds.height());
    const double zoom = std::clamp(whole, leastFitted, mostFitted);
    setTransform(QTransform::fromScale(zoom, zoom));
    if (whole < leastFitted) { // the beginning rather than the middle
        horizontalScrollBar()->setValue(horizontalScrollBar()->minimum());
        verticalScrollBar()->setValue(verticalScrollBar()->minimum());
    } else {
        centerOn(bounds.center());
    }
    Q_EMIT zoomChanged(zoom);
}

void CanvasView::applyZoom(double zoom, QPoint anchor)
{
    finishRename(true); // it would not follow
    zoom = std::clamp(zoom, minZoom, maxZoom);
    const QPointF fixed = mapToScene(anchor);
    setTransform(QTransform::fromScale(zoom, zoom));
    const QPoint moved = mapFromScene(fixed) - anchor;
    horizontalScrollBar()->setValue(horizontalScrollBar()->value() + moved.x());
    verticalScrollBar()->setValue(verticalScrollBar()->value() + moved.y());
    Q_EMIT zoomChanged(zoom);
}

void CanvasView::wheelEvent(QWheelEvent *event)
{
    if (!(event->modifiers() & Qt::ControlModifier)) {
        finishRename(true);
        const QPointF before = mapToScene(QPoint());
        QGraphicsView::wheelEvent(event);
        if (mapToScene(QPoint()) != before) m_keepFitted = false;
        return;
    }
    m_keepFitted = false;
    const double notches = event->angleDelta().y() / wheelNotch;
    applyZoom(zoom() * std::pow(zoomStep, notches), event->position().toPoint());
    event->accept();
}

bool CanvasView::viewportEvent(QEvent *event)
{
    switch (event->type()) {
    case QEvent::Leave:
        m_pointer->leave();
        break;
    case QEvent::NativeGesture: { // touchpads
        const auto *gesture = static_cast<QNativeGestureEvent *>(event);
        if (gesture->gestureType() != Qt::ZoomNativeGesture) break;
        m_keepFitted = false;
        applyZoom(zoom() * (1 + gesture->value()), gesture->position().toPoint());
        return true;
    }
    case QEvent::Gesture: { // touch screens
        auto *gestures = static_cast<QGestureEvent *>(event);
        const auto *pinch = static_cast<QPinchGesture *>(gestures->gesture(Qt::PinchGesture));
        if (!pinch) break;
        m_keepFitted = false;
        applyZoom(zoom() * pinch->scaleFactor(),
                  viewport()->mapFromGlobal(pinch->centerPoint().toPoint()));
        return true;
    }
    default:
        break;
    }
    return QGraphicsView::viewportEvent(event);
}

void CanvasView::resizeEvent(QResizeEvent *event)
{
    QGraphicsView::resizeEvent(event);
    if (m_keepFitted) fitNow();
}

void CanvasView::changeEvent(QEvent *event)
{
    QGraphicsView::changeEvent(event);
    if (event->type() != QEvent::FontChange && event->type() != QEvent::ApplicationFontChange)
        return;
    m_scene->setFont(font());
    if (m_keepFitted) fitNow();
}

void CanvasView::drawForeground(QPainter *painter, const QRectF &)
{
    if (!m_scene->layout().stages.empty()) return;
    painter->save();
    painter->resetTransform();
    painter->setPen(ThemeManager::instance().theme().mutedText);
    QFont large = font();
    if (large.pointSizeF() > 0) large.setPointSizeF(large.pointSizeF() * 1.3);
    painter->setFont(large);
    const QRect room = viewport()->rect();
    painter->drawText(QRect(room.left() + 16, room.bottom() - room.height() / 3, room.width() - 32,
                            room.height() / 3),
                      Qt::AlignHCenter | Qt::AlignTop | Qt::TextWordWrap,
                      tr("Drag a block here, or choose a preset"));
    painter->restore();
}

} // namespace atomnet
