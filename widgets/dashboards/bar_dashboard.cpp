#include "widgets/dashboards/bar_dashboard.h"

#include "widgets/dashboards/bar_update.h"
#include "widgets/dashboards/layer_chart.h"

#include <QBarSet>
#include <QResizeEvent>
#include <QStackedBarSeries>

#include <algorithm>
#include <cmath>

namespace atomnet
{

BarDashboard::BarDashboard(Document &document, int parts, QWidget *parent)
    : Dashboard(document, parent), m_series(new QStackedBarSeries(this))
{
    for (int part = 0; part < parts; ++part)
        m_series->append(new QBarSet(QString()));
    m_shown.parts.resize(parts);
    chart().addSeries(m_series);
}

void BarDashboard::showReport()
{
    const ChartBars next = toBars(*report());
    m_ghosts =
        baseline() ? toGhosts(*report(), next, *baseline(), toBars(*baseline())) : QList<Ghost>();
    double top = next.top;
    for (const Ghost &ghost : std::as_const(m_ghosts))
        top = std::max(top, ghost.value);

    constexpr double headroom = 1.04; // the highest bar does not touch the header
    const NiceScale scale = niceScale(top * headroom);
    m_ghosts.removeIf([&](const Ghost &ghost) { // less than a pixel apart: only clutter
        return std::abs(ghost.value - next.total(ghost.layer)) < 0.004 * scale.max;
    });
    chart().setRange(next.layers(), scale, top > 0); // no numbers at an axis without figures
    showChanged(*m_series, m_shown.parts, next.parts);
    m_shown = next;
    const Theme &theme = chart().theme();
    showBrushes(theme);
    decorate(theme);
}

void BarDashboard::decorate(const Theme &theme)
{
    Decoration decoration;
    decoration.axis = layerAxis(*report());
    decoration.unit = m_shown.unit;
    decoration.limit = m_shown.limit;
    decoration.available = m_shown.available;
    decoration.whiskers = m_shown.whiskers;
    decoration.ghosts = m_ghosts;
    decoration.missing = m_shown.missing;
    decoration.peak = m_shown.peak;
    describe(decoration, theme);
    if (!m_ghosts.isEmpty() && decoration.ghosts == m_ghosts)
        decoration.legend.append(
            {tr("before the change"), LegendEntry::Shape::Tick, {}, theme.text});
    chart().setDecoration(decoration);
}

void BarDashboard::retheme(const Theme &theme)
{
    showBrushes(theme);
    if (report() && m_shown.layers() > 0) decorate(theme);
}

void BarDashboard::showBrushes(const Theme &theme)
{
    // Gaps between bars as long as there are pixels for them; then bars overlap a little, which
    // closes the seams that antialiasing leaves between neighbours.
    const double width = chart().map().pitch() < 6 ? 1.2 : 0.8;
    if (m_series->barWidth() != width) m_series->setBarWidth(width);
    const QList<QBrush> next = brushes(theme);
    if (next == m_brushes) return;
    m_brushes = next;
    const QList<QBarSet *> sets = m_series->barSets();
    for (qsizetype part = 0; part < sets.size(); ++part) {
        const QBrush &brush = m_brushes[part];
        sets[part]->setBrush(brush);
        // Hatching needs an outline to read as a bar.
        const bool solid = brush.style() == Qt::SolidPattern;
        sets[part]->setPen(solid ? QPen(Qt::NoPen) : QPen(brush.color(), 1));
    }
}

void BarDashboard::resizeEvent(QResizeEvent *event)
{
    Dashboard::resizeEvent(event);
    if (m_shown.layers() > 0) showBrushes(chart().theme());
}

} // namespace atomnet
