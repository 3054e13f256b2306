#include "widgets/dashboards/layer_chart.h"

#include <QAbstractSeries>
#include <QChart>
#include <QGraphicsLayout>
#include <QGraphicsScene>
#include <QHelpEvent>
#include <QKeyEvent>
#include <QLegend>
#include <QMouseEvent>
#include <QToolTip>
#include <QValueAxis>

#include <algorithm>

namespace atomnet
{

namespace
{

constexpr double leftMargin = 52; ///< y labels; alike in all charts
constexpr double rightMargin = 12;

} // namespace

/// A sheet of the chart that we paint ourselves; part of the scene, so that exports have it too.
class LayerChart::Layer : public QGraphicsItem
{
public:
    Layer(QChart *chart, double z, std::function<void(QPainter &)> paint)
        : QGraphicsItem(chart), m_chart(chart), m_paint(std::move(paint))
    {
        setZValue(z);
        setAcceptedMouseButtons(Qt::NoButton);
    }
    void resized() { prepareGeometryChange(); }
    QRectF boundingRect() const override { return {QPointF(0, 0), m_chart->size()}; }
    void paint(QPainter *painter, const QStyleOptionGraphicsItem *, QWidget *) override
    {
        m_paint(*painter);
    }

private:
    QChart *m_chart;
    std::function<void(QPainter &)> m_paint;
};

LayerChart::LayerChart(QWidget *parent)
    : QChartView(parent), m_x(new QValueAxis(this)), m_y(new QValueAxis(this))
{
    setFrameShape(QFrame::NoFrame);
    setRenderHint(QPainter::Antialiasing);
    setViewportUpdateMode(QGraphicsView::FullViewportUpdate); // charts change as a whole
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setVerticalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setFocusPolicy(Qt::StrongFocus);
    setMouseTracking(true);
    setMinimumSize(160, 120);

    QChart *chart = this->chart();
    chart->setAnimationOptions(QChart::NoAnimation);
    chart->legend()->hide();
    chart->setMargins(QMargins());
    chart->layout()->setContentsMargins(0, 0, 0, 0);
    chart->setBackgroundRoundness(0);
    chart->setDropShadowEnabled(false);
    m_x->setVisible(false);
    m_y->setLineVisible(false);
    m_y->setMinorGridLineVisible(false);
    m_y->setLabelFormat(QStringLiteral("%g"));
    m_y->setTruncateLabels(false);
    chart->addAxis(m_x, Qt::AlignBottom);
    chart->addAxis(m_y, Qt::AlignLeft);

    // Between grid (2), axis (3) and series (4); and above all of them.
    m_behind = new Layer(chart, 3.5, [this](QPainter &painter) {
        if (!m_emptyText.isEmpty()) return;
        paintBehind(painter, map(), m_decoration, m_marks, m_theme);
        if (m_plotPainter) m_plotPainter(painter, map());
    });
    m_front = new Layer(chart, 50, [this](QPainter &painter) {
        const QRectF all = m_front->boundingRect();
        if (!m_emptyText.isEmpty()) {
            paintMessage(painter, all, m_emptyText, false, m_theme, font());
            return;
        }
        paintHeader(painter, m_header, m_decoration, m_theme, smallFont());
        paintFront(painter, map(), m_decoration, m_marks, m_theme, smallFont());
        if (!m_dimmed) return;
        QColor veil = m_theme.base;
        veil.setAlphaF(0.65f);
        painter.fillRect(all, veil);
        if (!m_dimmedWhy.isEmpty()) paintMessage(painter, all, m_dimmedWhy, true, m_theme, font());
    });
    m_y->setRange(0, m_scale.max);
    m_y->setTickCount(m_scale.intervals + 1);
    retheme(ThemeManager::instance().theme());
}

void LayerChart::addSeries(QAbstractSeries *series)
{
    chart()->addSeries(series);
    series->attachAxis(m_x);
    series->attachAxis(m_y);
}

void LayerChart::setPlotPainter(std::function<void(QPainter &, const PlotMap &)> painter)
{
    m_plotPainter = std::move(painter);
}

void LayerChart::setRange(int layers, const NiceScale &scale, bool valueLabels)
{
    if (layers != m_layers) m_x->setRange(-0.5, std::max(layers, 1) - 0.5);
    if (scale != m_scale) {
        m_y->setRange(0, scale.max);
        m_y->setTickCount(scale.intervals + 1);
    }
    m_layers = layers;
    m_scale = scale;
    if (valueLabels != m_valueLabels) {
        m_valueLabels = valueLabels;
        showAxes();
    }
}

void LayerChart::setDecoration(const Decoration &decoration)
{
    if (decoration == m_decoration) return;
    m_decoration = decoration;
    layOut(chart()->size());
    m_behind->update();
    m_front->update();
}

void LayerChart::setMarks(const Marks &marks)
{
    if (marks == m_marks) return;
    m_marks = marks;
    m_behind->update();
    m_front->update();
}

void LayerChart::setEmptyText(const QString &sentence)
{
    if (sentence == m_emptyText) return;
    m_emptyText = sentence;
    showAxes();
    m_front->update();
}

void LayerChart::setDimmed(bool dimmed, const QString &why)
{
    m_dimmed = dimmed;
    m_dimmedWhy = why;
    m_front->update();
}

void LayerChart::showAxes()
{
    const bool figures = m_emptyText.isEmpty();
    m_y->setGridLineVisible(figures && m_valueLabels);
    m_y->setLabelsVisible(figures && m_valueLabels);
    for (QAbstractSeries *series : chart()->series())
        series->setVisible(figures);
}

void LayerChart::retheme(const Theme &theme)
{
    m_theme = theme;
    setBackgroundBrush(theme.base);
    chart()->setBackgroundBrush(theme.base);
    chart()->setBackgroundPen(Qt::NoPen);
    m_y->setLabelsColor(theme.mutedText);
    m_y->setGridLineColor(theme.grid);
    m_y->setLabelsFont(smallFont());
    m_behind->update();
    m_front->update();
}

QFont LayerChart::smallFont() const
{
    QFont small = font();
    if (small.pointSizeF() > 0) small.setPointSizeF(std::max(8.0, small.pointSizeF() - 1));
    return small;
}

PlotMap LayerChart::map() const
{
    return {chart()->plotArea(), m_layers, m_scale.max};
}

void LayerChart::layOut(const QSizeF &size)
{
    const QFont small = smallFont();
    m_header = layoutHeader(m_decoration, size.width(), leftMargin, rightMargin, small);
    const QRectF area =
        QRectF(QPointF(0, 0), size)
            .adjusted(leftMargin, m_header.height, -rightMargin, -axisHeight(small));
    if (area.width() < 10 || area.height() < 10) return;
    if (area == chart()->plotArea()) return;
    chart()->setPlotArea(area);
    chart()->layout()->invalidate(); // else labels and grid follow later than the bars
    chart()->layout()->activate();
}

void LayerChart::paintTo(QPainter &painter, const QSizeF &size)
{
    const QSizeF old = chart()->size();
    chart()->resize(size);
    layOut(size);
    scene()->render(&painter, QRectF(QPointF(0, 0), size), QRectF(chart()->pos(), size));
    chart()->resize(old);
    layOut(old);
}

void LayerChart::resizeEvent(QResizeEvent *event)
{
    QChartView::resizeEvent(event);
    m_behind->resized();
    m_front->resized();
    layOut(chart()->size());
}

void LayerChart::changeEvent(QEvent *event)
{
    QChartView::changeEvent(event);
    if (event->type() != QEvent::FontChange || !m_front) return;
    m_y->setLabelsFont(smallFont());
    layOut(chart()->size());
}

int LayerChart::layerAt(const QPointF &viewPos) const
{
    if (!m_emptyText.isEmpty()) return -1;
    const QPointF pos = chart()->mapFromScene(mapToScene(viewPos.toPoint()));
    const PlotMap plot = map();
    // The labels below the axis belong to their columns, the header does not.
    if (pos.y() < plot.area.top() || pos.y() > chart()->size().height()) return -1;
    return plot.layerAt(pos.x());
}

void LayerChart::mousePressEvent(QMouseEvent *event)
{
    if (event->button() == Qt::LeftButton) Q_EMIT clicked(layerAt(event->position()));
    event->accept();
}

void LayerChart::mouseMoveEvent(QMouseEvent *event)
{
    const int layer = layerAt(event->position());
    Q_EMIT hovered(layer);
    if (QToolTip::isVisible()) {
        if (layer < 0)
            QToolTip::hideText();
        else
            Q_EMIT toolTipWanted(layer, map().value(event->position().y()),
                                 event->globalPosition().toPoint());
    }
    event->accept();
}

void LayerChart::mouseReleaseEvent(QMouseEvent *event)
{
    event->accept();
}

void LayerChart::keyPressEvent(QKeyEvent *event)
{
    switch (event->modifiers() == Qt::NoModifier ? event->key() : 0) {
    case Qt::Key_Left:
        Q_EMIT stepped(-1);
        break;
    case Qt::Key_Right:
        Q_EMIT stepped(1);
        break;
    case Qt::Key_Home:
        Q_EMIT stepped(-m_layers);
        break;
    case Qt::Key_End:
        Q_EMIT stepped(m_layers);
        break;
    case Qt::Key_Escape:
        Q_EMIT escaped();
        break;
    default:
        event->ignore(); // the window's shortcuts
    }
}

bool LayerChart::viewportEvent(QEvent *event)
{
    if (event->type() == QEvent::ToolTip) {
        const auto *help = static_cast<QHelpEvent *>(event);
        const int layer = layerAt(help->pos());
        if (layer >= 0)
            Q_EMIT toolTipWanted(layer, map().value(help->pos().y()), help->globalPos());
        else
            QToolTip::hideText();
        return true;
    }
    if (event->type() == QEvent::Leave) Q_EMIT hovered(-1);
    return QChartView::viewportEvent(event);
}

void LayerChart::drawForeground(QPainter *painter, const QRectF &)
{
    if (!hasFocus() || !m_emptyText.isEmpty()) return;
    painter->setPen(QPen(m_theme.accent, 1));
    painter->setBrush(Qt::NoBrush);
    painter->drawRect(QRectF(chart()->pos(), chart()->size()).adjusted(0.5, 0.5, -0.5, -0.5));
}

} // namespace atomnet
