#include "widgets/dashboards/explorer/plot_view.h"

#include "widgets/common/figure_font.h"
#include "widgets/dashboards/explorer/plot_images.h"

#include <QApplication>
#include <QMouseEvent>
#include <QPainter>
#include <QToolTip>

#include <algorithm>
#include <cmath>

namespace atomnet
{

namespace
{

constexpr double pickPixels = 9, heatPixels = 9;
constexpr double keyPan = 60, keyZoom = 1.25, wheelZoom = 1.2;
constexpr double deepest = 1e-4; ///< of all there is
constexpr double widest = 4;
constexpr quint32 mostShapes = 4'000;

const Theme &theme()
{
    return ThemeManager::instance().theme();
}

/// Keeps a range within `widest` of all there is and no narrower than figures tell apart.
void limit(double &low, double &high, double allLow, double allHigh)
{
    const double all = allHigh - allLow, span = std::clamp(high - low, all * deepest, all * widest);
    const double middle = std::clamp((low + high) / 2, allLow, allHigh);
    low = middle - span / 2;
    high = middle + span / 2;
}

} // namespace

PlotView::PlotView(QWidget *parent) : QWidget(parent), m_model(std::make_shared<PlotModel>())
{
    setMouseTracking(true);
    setFocusPolicy(Qt::StrongFocus);
    setAccessibleName(tr("Plot of AtomDB"));
    setToolTip(QString()); // tool tips are its own
    setFont(figureFont(font()));
    connect(&ThemeManager::instance(), &ThemeManager::themeChanged, this, [this] {
        m_picture = {};
        update();
    });
}

QSize PlotView::minimumSizeHint() const
{
    return {240, 110};
}

void PlotView::setModel(const PlotModelPtr &model, bool keepView)
{
    const bool keep = keepView && !m_fitted && m_model->x == model->x && m_model->y == model->y;
    m_model = model;
    m_hovered.reset();
    m_picture = {};
    m_heatSize = {};
    setAccessibleDescription(model->message.isEmpty() ? model->summary : model->message);
    if (keep)
        update();
    else
        fit();
}

void PlotView::setView(const PlotRect &view)
{
    const PlotRect all = m_model->extent();
    PlotRect next = view;
    limit(next.left, next.right, all.left, all.right);
    limit(next.bottom, next.top, all.bottom, all.top);
    m_fitted = false;
    if (next == m_view) return;
    m_view = next;
    update();
    Q_EMIT viewChanged();
}

void PlotView::fit()
{
    m_view = m_model->extent();
    m_fitted = true;
    update();
    Q_EMIT viewChanged();
}

void PlotView::zoom(double factorX, double factorY, const QPointF &about)
{
    const QPointF at = geometryOf(size()).toAxis(about);
    setView({at.x() - (at.x() - m_view.left) / factorX, at.x() + (m_view.right - at.x()) / factorX,
             at.y() - (at.y() - m_view.bottom) / factorY,
             at.y() + (m_view.top - at.y()) / factorY});
}

void PlotView::pan(const QPointF &pixels)
{
    const PlotGeometry geometry = geometryOf(size());
    const double dx = pixels.x() / geometry.perX(), dy = pixels.y() / geometry.perY();
    setView({m_view.left - dx, m_view.right - dx, m_view.bottom + dy, m_view.top + dy});
}

void PlotView::setSelected(const std::optional<PlotHit> &selected)
{
    if (m_selected == selected) return;
    m_selected = selected;
    update();
}

void PlotView::setDescribe(std::function<QString(const PlotHit &)> describe)
{
    m_describe = std::move(describe);
}

PlotGeometry PlotView::geometryOf(const QSizeF &size) const
{
    return {plotArea(*m_model, size, m_view, font()), m_view};
}

const HeatGrid &PlotView::heatFor(const PlotGeometry &geometry) const
{
    if (m_heatView == geometry.view && m_heatSize == geometry.area.size()) return m_heat;
    m_heat = heatGrid(m_model->points, m_model->heat->values, geometry.view,
                      heatCellSize(1 / geometry.perX(), heatPixels),
                      heatCellSize(1 / geometry.perY(), heatPixels));
    m_heatView = geometry.view;
    m_heatSize = geometry.area.size();
    return m_heat;
}

std::optional<PlotHit> PlotView::hitAt(const QPointF &pixels) const
{
    const PlotGeometry geometry = geometryOf(size());
    if (!geometry.area.adjusted(-4, -4, 4, 4).contains(pixels)) return std::nullopt;
    const QPointF at = geometry.toAxis(pixels);
    if (m_model->heat) {
        const HeatGrid &heat = heatFor(geometry);
        const int cell = heat.cellAt(at.x(), at.y());
        if (cell < 0 || heat.counts[std::size_t(cell)] == 0) return std::nullopt;
        return PlotHit{PlotHit::What::Cell,
                       quint32(cell),
                       {heat.left + (cell % heat.columns + 0.5) * heat.cellX,
                        heat.bottom + (cell / heat.columns + 0.5) * heat.cellY},
                       heat.medians[std::size_t(cell)],
                       heat.counts[std::size_t(cell)]};
    }
    std::optional<PlotHit> best;
    double least = pickPixels;
    for (const bool gap : {false, true}) {
        const auto point = (gap ? m_model->gaps : m_model->points)
                               .nearest(at.x(), at.y(), geometry.perX(), geometry.perY(), least);
        if (!point) continue;
        const QPointF away = geometry.toPixels(double(point->x), double(point->y)) - pixels;
        const double distance = std::hypot(away.x(), away.y());
        if (best && distance >= least - 0.01) continue;
        least = std::max(distance, 0.01);
        best = PlotHit{gap ? PlotHit::What::Gap : PlotHit::What::Point,
                       point->row,
                       {double(point->x), double(point->y)},
                       0,
                       1};
    }
    return best;
}

void PlotView::paintPoints(QPainter &painter, const PlotGeometry &geometry, double scale)
{
    const QSize size = (geometry.area.size() * scale).toSize();
    if (m_picture.points.isNull() || m_picture.view != geometry.view || m_picture.size != size) {
        m_picture.view = geometry.view;
        m_picture.size = size;
        if (m_model->heat) {
            m_picture.points =
                heatImage(heatFor(geometry), geometry.view, size, m_model->heat->scale.log);
        } else {
            m_picture.points = pointImage(m_model->points, geometry.view, size, scale,
                                          m_model->colours, PlotMark::Disc, m_raster);
            if (!m_model->gaps.isEmpty()) {
                QPainter over(&m_picture.points);
                over.drawImage(
                    0, 0,
                    pointImage(m_model->gaps, geometry.view, size, scale,
                               std::vector<QColor>(m_model->colours.size(), m_model->gapColour),
                               PlotMark::Ring, m_raster));
            }
        }
    }
    painter.drawImage(geometry.area, m_picture.points);
}

void PlotView::paintShapes(QPainter &painter, const PlotGeometry &geometry) const
{
    painter.save();
    painter.setClipRect(geometry.area);
    painter.setRenderHint(QPainter::Antialiasing);
    const auto paint = [&](const PointGrid &grid, bool rings) {
        const double radius = markRadius(grid.count(geometry.view)) + (rings ? 1 : 0);
        for (const std::span<const PlotPoint> run : grid.near(geometry.view))
            for (const PlotPoint &p : run) {
                const QPointF at = geometry.toPixels(double(p.x), double(p.y));
                QColor colour = rings ? m_model->gapColour : m_model->colours[p.category];
                if (!rings) colour.setAlphaF(0.7F);
                painter.setPen(rings ? QPen(colour, 1.3) : QPen(Qt::NoPen));
                painter.setBrush(rings ? QBrush(Qt::NoBrush) : QBrush(colour));
                painter.drawEllipse(at, radius, radius);
            }
    };
    paint(m_model->points, false);
    paint(m_model->gaps, true);
    painter.restore();
}

void PlotView::paintAll(QPainter &painter, const QSize &size, double scale, bool shapes)
{
    const PlotGeometry geometry = geometryOf(size);
    painter.setFont(font());
    if (!m_model->message.isEmpty()) {
        painter.setPen(theme().mutedText);
        painter.drawText(QRectF(QPointF(), size).adjusted(24, 4, -24, -4),
                         Qt::AlignCenter | Qt::TextWordWrap, m_model->message);
        return;
    }
    paintGrid(painter, geometry, *m_model, theme());
    if (shapes && !m_model->heat &&
        m_model->points.count(geometry.view) + m_model->gaps.count(geometry.view) <= mostShapes)
        paintShapes(painter, geometry);
    else
        paintPoints(painter, geometry, scale);
    paintAxes(painter, geometry, *m_model, theme(), font(), size.width());
    if (m_model->heat)
        paintHeatScale(painter, geometry, *m_model, heatFor(geometry), theme(), font());
    for (const auto &[hit, strong] : {std::pair(m_hovered, false), std::pair(m_selected, true)})
        if (hit && hit->what != PlotHit::What::Cell && m_view.holds(hit->at.x(), hit->at.y()))
            paintMark(painter, geometry.toPixels(hit->at.x(), hit->at.y()), strong, theme());
}

void PlotView::paintTo(QPainter &painter, const QSize &size)
{
    m_picture = {};
    paintAll(painter, size, 2, true);
    m_picture = {};
}

void PlotView::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    painter.fillRect(rect(), theme().base);
    paintAll(painter, size(), devicePixelRatioF(), false);
    if (m_drag == Drag::Box) {
        painter.setPen(QPen(theme().accent, 1));
        painter.setBrush(theme().selection);
        painter.drawRect(QRectF(m_pressed, m_last).normalized());
    }
    if (hasFocus()) {
        painter.setRenderHint(QPainter::Antialiasing, false);
        painter.setBrush(Qt::NoBrush);
        painter.setPen(QPen(theme().accent, 1));
        painter.drawRect(rect().adjusted(0, 0, -1, -1));
    }
}

void PlotView::hover(const QPointF &at, const QPoint &global)
{
    const std::optional<PlotHit> hit = hitAt(at);
    if (hit != m_hovered) {
        m_hovered = hit;
        update();
        Q_EMIT hovered(hit);
    }
    const QString text = hit && m_describe ? m_describe(*hit) : QString();
    if (text.isEmpty())
        QToolTip::hideText();
    else
        QToolTip::showText(global, text, this);
}

void PlotView::mousePressEvent(QMouseEvent *event)
{
    if (!m_model->message.isEmpty()) return;
    m_pressed = m_last = event->position();
    if (event->button() == Qt::LeftButton)
        m_drag = Drag::Press;
    else if (event->button() == Qt::RightButton)
        m_drag = Drag::Box;
}

void PlotView::mouseMoveEvent(QMouseEvent *event)
{
    const QPointF at = event->position();
    if (m_drag == Drag::Press &&
        (at - m_pressed).manhattanLength() >= QApplication::startDragDistance() / 2.0) {
        m_drag = Drag::Pan;
        setCursor(Qt::ClosedHandCursor);
    }
    if (m_drag == Drag::Pan) pan(at - m_last);
    m_last = at;
    if (m_drag == Drag::Box) update();
    if (m_drag == Drag::None && m_model->message.isEmpty())
        hover(at, event->globalPosition().toPoint());
}

void PlotView::mouseReleaseEvent(QMouseEvent *event)
{
    const Drag drag = std::exchange(m_drag, Drag::None);
    unsetCursor();
    if (drag == Drag::Press) {
        const auto hit = hitAt(event->position());
        if (hit)
            Q_EMIT clicked(*hit);
        else
            Q_EMIT selectionEnded();
    }
    if (drag == Drag::Box) {
        const QRectF box = QRectF(m_pressed, event->position()).normalized();
        if (box.width() > 4 && box.height() > 4) {
            const PlotGeometry geometry = geometryOf(size());
            const QPointF a = geometry.toAxis(box.bottomLeft()),
                          b = geometry.toAxis(box.topRight());
            setView({a.x(), b.x(), a.y(), b.y()});
        }
        update();
    }
}

void PlotView::mouseDoubleClickEvent(QMouseEvent *event)
{
    if (event->button() == Qt::LeftButton) fit();
}

void PlotView::wheelEvent(QWheelEvent *event)
{
    const QPoint delta = event->angleDelta(); // some platforms turn it with Alt or Shift
    const double steps = double(delta.y() != 0 ? delta.y() : delta.x()) / 120;
    const double factor = std::pow(wheelZoom, steps);
    const bool alongX = event->modifiers() & Qt::ShiftModifier;
    const bool alongY = event->modifiers() & Qt::ControlModifier;
    zoom(alongY ? 1 : factor, alongX ? 1 : factor, event->position());
    event->accept();
}

void PlotView::keyPressEvent(QKeyEvent *event)
{
    const QPointF middle = geometryOf(size()).area.center();
    switch (event->key()) {
    case Qt::Key_Left:
        return pan({keyPan, 0});
    case Qt::Key_Right:
        return pan({-keyPan, 0});
    case Qt::Key_Up:
        return pan({0, keyPan});
    case Qt::Key_Down:
        return pan({0, -keyPan});
    case Qt::Key_Plus:
    case Qt::Key_Equal:
        return zoom(keyZoom, keyZoom, middle);
    case Qt::Key_Minus:
        return zoom(1 / keyZoom, 1 / keyZoom, middle);
    case Qt::Key_0:
        return fit();
    case Qt::Key_Escape:
        Q_EMIT selectionEnded();
        return;
    default:
        QWidget::keyPressEvent(event);
    }
}

void PlotView::leaveEvent(QEvent *event)
{
    if (m_hovered) {
        m_hovered.reset();
        update();
        Q_EMIT hovered(std::nullopt);
    }
    QWidget::leaveEvent(event);
}

} // namespace atomnet
