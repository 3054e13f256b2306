#include "widgets/dashboards/guidelines/evidence_view.h"

#include "widgets/common/theme.h"
#include "widgets/dashboards/nice_scale.h"

#include <QBarCategoryAxis>
#include <QBarSeries>
#include <QBarSet>
#include <QChart>
#include <QEvent>
#include <QGraphicsLayout>
#include <QLegend>
#include <QLogValueAxis>
#include <QScatterSeries>
#include <QValueAxis>

#include <algorithm>
#include <cmath>

namespace atomnet
{

namespace
{

/// Least and greatest of what an axis can show.
struct Extent {
    double low = 0, high = 0;
    bool any = false;

    void add(double value)
    {
        low = any ? std::min(low, value) : value;
        high = any ? std::max(high, value) : value;
        any = true;
    }
};

bool shows(double value, bool logarithmic)
{
    return std::isfinite(value) && (!logarithmic || value > 0);
}

QAbstractAxis *valueAxis(const Extent &extent, bool logarithmic)
{
    if (logarithmic) {
        auto *axis = new QLogValueAxis;
        axis->setBase(10);
        axis->setMinorTickCount(-1);
        axis->setLabelFormat(QStringLiteral("%g"));
        const double low = std::pow(10, std::floor(std::log10(extent.low)));
        const double high = std::pow(10, std::ceil(std::log10(extent.high)));
        axis->setRange(low, high > low ? high : low * 10);
        return axis;
    }
    auto *axis = new QValueAxis;
    axis->setLabelFormat(QStringLiteral("%g"));
    const NiceScale scale = niceScale(extent.high);
    axis->setRange(0, scale.max);
    axis->setTickCount(scale.intervals + 1);
    return axis;
}

/// Told apart by shape as well as by colour.
constexpr QScatterSeries::MarkerShape shapes[] = {
    QScatterSeries::MarkerShapeCircle, QScatterSeries::MarkerShapeRectangle,
    QScatterSeries::MarkerShapeTriangle, QScatterSeries::MarkerShapeRotatedRectangle};

QList<QColor> colors(const Theme &theme)
{
    return {theme.sep, theme.convnext, theme.mbconv, theme.conv, theme.head};
}

} // namespace

EvidenceView::EvidenceView(QWidget *parent) : QChartView(parent)
{
    setFrameShape(QFrame::NoFrame);
    setRenderHint(QPainter::Antialiasing);
    setMinimumSize(240, 140);
    setFocusPolicy(Qt::NoFocus);
    chart()->setAnimationOptions(QChart::NoAnimation);
    chart()->setBackgroundRoundness(0);
    chart()->setDropShadowEnabled(false);
    chart()->layout()->setContentsMargins(0, 0, 0, 0);
    chart()->setMargins({4, 2, 4, 2});
    chart()->legend()->setAlignment(Qt::AlignBottom);
    connect(&ThemeManager::instance(), &ThemeManager::themeChanged, this, &EvidenceView::retheme);
    retheme(ThemeManager::instance().theme());
}

void EvidenceView::setEvidence(const EvidenceChart &evidence, const QString &emptyText)
{
    chart()->removeAllSeries();
    for (QAbstractAxis *axis : chart()->axes()) {
        chart()->removeAxis(axis);
        delete axis;
    }
    m_emptyText = emptyText;
    m_empty = true;
    if (evidence.categories.isEmpty())
        fillPoints(evidence);
    else
        fillBars(evidence);
    chart()->legend()->setMarkerShape(evidence.categories.isEmpty() ? QLegend::MarkerShapeFromSeries
                                                                    : QLegend::MarkerShapeDefault);
    chart()->setTitle(m_empty ? QString() : evidence.title);
    chart()->legend()->setVisible(!m_empty);
    setAccessibleName(evidence.title);
    retheme(ThemeManager::instance().theme());
    chart()->layout()->invalidate(); // else axes and legend follow later than the series
    chart()->layout()->activate();
}

void EvidenceView::fillBars(const EvidenceChart &evidence)
{
    auto *bars = new QBarSeries;
    Extent extent;
    for (const EvidenceSeries &series : evidence.series) {
        auto *set = new QBarSet(series.name);
        for (qsizetype i = 0; i < evidence.categories.size(); ++i) {
            const double y = std::size_t(i) < series.y.size() ? series.y[std::size_t(i)] : 0;
            const bool shown = shows(y, evidence.logY);
            if (shown) extent.add(y);
            set->append(shown ? y : 0);
        }
        bars->append(set);
    }
    if (!extent.any) {
        delete bars;
        return;
    }
    m_empty = false;
    chart()->addSeries(bars);
    auto *x = new QBarCategoryAxis;
    x->append(evidence.categories);
    x->setTitleText(evidence.xTitle);
    x->setGridLineVisible(false);
    QAbstractAxis *y = valueAxis(extent, evidence.logY);
    y->setTitleText(evidence.yTitle);
    chart()->addAxis(x, Qt::AlignBottom);
    chart()->addAxis(y, Qt::AlignLeft);
    bars->attachAxis(x);
    bars->attachAxis(y);
}

void EvidenceView::fillPoints(const EvidenceChart &evidence)
{
    Extent xs, ys;
    for (const EvidenceSeries &series : evidence.series) {
        const std::size_t count = std::min(series.x.size(), series.y.size());
        auto *points = new QScatterSeries;
        points->setName(series.name);
        QList<QPointF> shown;
        for (std::size_t i = 0; i < count; ++i) {
            if (!shows(series.x[i], evidence.logX) || !shows(series.y[i], evidence.logY)) continue;
            shown.append({series.x[i], series.y[i]});
            xs.add(series.x[i]);
            ys.add(series.y[i]);
        }
        points->replace(shown);
        chart()->addSeries(points);
    }
    if (!xs.any) {
        chart()->removeAllSeries();
        return;
    }
    m_empty = false;
    QAbstractAxis *x = valueAxis(xs, evidence.logX);
    QAbstractAxis *y = valueAxis(ys, evidence.logY);
    x->setTitleText(evidence.xTitle);
    y->setTitleText(evidence.yTitle);
    chart()->addAxis(x, Qt::AlignBottom);
    chart()->addAxis(y, Qt::AlignLeft);
    for (QAbstractSeries *series : chart()->series()) {
        series->attachAxis(x);
        series->attachAxis(y);
    }
}

void EvidenceView::retheme(const Theme &theme)
{
    setBackgroundBrush(theme.base);
    chart()->setBackgroundBrush(theme.base);
    chart()->setBackgroundPen(Qt::NoPen);
    chart()->setTitleBrush(theme.text);
    chart()->legend()->setLabelColor(theme.text);
    QFont small = font();
    if (small.pointSizeF() > 0) small.setPointSizeF(std::max(8.0, small.pointSizeF() - 1));
    chart()->setTitleFont(font());
    chart()->legend()->setFont(small);
    for (QAbstractAxis *axis : chart()->axes()) {
        axis->setLabelsColor(theme.mutedText);
        axis->setTitleBrush(theme.text);
        axis->setGridLineColor(theme.grid);
        axis->setMinorGridLineVisible(false);
        axis->setLinePenColor(theme.border);
        axis->setLabelsFont(small);
        axis->setTitleFont(small);
    }
    const QList<QColor> palette = colors(theme);
    qsizetype n = 0;
    for (QAbstractSeries *series : chart()->series()) {
        if (auto *bars = qobject_cast<QBarSeries *>(series)) {
            for (QBarSet *set : bars->barSets()) {
                set->setColor(palette[n++ % palette.size()]);
                set->setBorderColor(theme.base);
            }
        } else if (auto *points = qobject_cast<QScatterSeries *>(series)) {
            points->setColor(palette[n % palette.size()]);
            points->setBorderColor(theme.base);
            points->setMarkerSize(8);
            points->setMarkerShape(shapes[std::size_t(n++) % std::size(shapes)]);
        }
    }
    viewport()->update();
}

void EvidenceView::drawForeground(QPainter *painter, const QRectF &area)
{
    QChartView::drawForeground(painter, area);
    if (!m_empty || m_emptyText.isEmpty()) return;
    painter->setPen(ThemeManager::instance().theme().mutedText);
    painter->drawText(QRectF(viewport()->rect()).adjusted(16, 16, -16, -16),
                      Qt::AlignCenter | Qt::TextWordWrap, m_emptyText);
}

void EvidenceView::changeEvent(QEvent *event)
{
    QChartView::changeEvent(event);
    if (event->type() == QEvent::FontChange) retheme(ThemeManager::instance().theme());
}

} // namespace atomnet
