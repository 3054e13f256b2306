#include "widgets/dashboards/arena_dashboard.h"

#include "core/analysis/verdict.h"
#include "core/base/format.h"
#include "widgets/dashboards/layer_chart.h"
#include "widgets/dashboards/layer_text.h"

#include <QFontMetricsF>
#include <QPainter>

#include <algorithm>

namespace atomnet
{

ArenaDashboard::ArenaDashboard(Document &document, QWidget *parent) : Dashboard(document, parent)
{
    chart().setPlotPainter(
        [this](QPainter &painter, const PlotMap &plot) { paintBars(painter, plot); });
}

QString ArenaDashboard::title() const
{
    return tr("Arena timeline");
}

QString ArenaDashboard::id() const
{
    return QStringLiteral("arena");
}

QString ArenaDashboard::iconName() const
{
    return QStringLiteral("arena");
}

void ArenaDashboard::showReport()
{
    const Report &report = *this->report();
    m_map = toArenaMap(report);
    m_labels.clear();
    for (const ArenaBar &bar : std::as_const(m_map.bars)) {
        const TensorLife &life = report.tensors[std::size_t(bar.life)];
        m_labels.append(tensorName(report, life.tensor) + QStringLiteral("  ") +
                        formatKib(life.bytes));
    }
    const NiceScale lanes{std::max(m_map.top, 1.0), 1, std::max(1, int(m_map.top))};
    chart().setRange(m_map.layers, m_map.hasOffsets ? niceScale(m_map.top) : lanes,
                     m_map.hasOffsets);
    decorate(chart().theme());
}

void ArenaDashboard::retheme(const Theme &theme)
{
    if (report() && m_map.layers > 0) decorate(theme);
}

void ArenaDashboard::decorate(const Theme &theme)
{
    const Report &report = *this->report();
    Decoration decoration;
    decoration.axis = layerAxis(report);
    decoration.unit = m_map.hasOffsets ? QStringLiteral("KiB") : QString();
    decoration.peak = m_map.peakLayer;
    decoration.legend = {{tr("tensor"), LegendEntry::Shape::Box, theme.sramInput},
                         {tr("held longer"), LegendEntry::Shape::Box, theme.sramHeld},
                         {tr("alive at the peak"), LegendEntry::Shape::Box, theme.sramOutput}};
    if (report.sramBreakdown)
        decoration.summary =
            tr("arena %1, %2")
                .arg(formatKib(report.sramBreakdown->arena), arenaWords(*report.sramBreakdown));
    else if (m_map.hasOffsets)
        decoration.summary = tr("arena %1").arg(formatKib(report.sram.value));
    else
        decoration.summary = tr("the runtime does not say where tensors lie");
    chart().setDecoration(decoration);
    chart().viewport()->update(); // the bars are not part of the decoration
}

void ArenaDashboard::paintBars(QPainter &painter, const PlotMap &plot) const
{
    const Theme &theme = chart().theme();
    const QFont font = chart().smallFont();
    const QFontMetricsF metrics(font);
    painter.setFont(font);
    for (qsizetype i = 0; i < m_map.bars.size(); ++i) {
        const ArenaBar &bar = m_map.bars[i];
        const double top =
            std::min(plot.y(bar.to), plot.y(bar.from) - 2); // tiny tensors stay visible
        const double inset = plot.pitch() >= 6 ? 1 : 0;
        // An output takes its input's place while its producer runs: from the middle of that layer.
        const double begin = plot.left(bar.first) + (bar.overInput ? plot.pitch() / 2 : inset);
        const QRectF rect(QPointF(begin, top),
                          QPointF(plot.left(bar.last + 1) - inset, plot.y(bar.from)));
        const QColor fill = bar.atPeak ? theme.sramOutput
                            : bar.held ? theme.sramHeld
                                       : theme.sramInput;
        painter.setPen(inset > 0 ? QPen(theme.base, 1) : QPen(Qt::NoPen));
        painter.setBrush(fill);
        painter.drawRect(rect);
        const QString &label = m_labels[i];
        if (rect.height() < metrics.height() || rect.width() < metrics.horizontalAdvance(label) + 8)
            continue;
        const bool darkText = contrastRatio(fill, Qt::black) > contrastRatio(fill, Qt::white);
        painter.setPen(darkText ? Qt::black : Qt::white);
        painter.drawText(rect, Qt::AlignCenter, label);
    }
    if (m_map.peakLayer < 0 || m_map.peakLayer >= plot.layers) return;
    painter.setPen(QPen(theme.text, 1, Qt::DashLine));
    painter.setBrush(Qt::NoBrush);
    painter.drawRect(QRectF(QPointF(plot.left(m_map.peakLayer), plot.area.top()),
                            QPointF(plot.left(m_map.peakLayer + 1), plot.area.bottom())));
}

QString ArenaDashboard::toolTipAt(int layer, double value) const
{
    const int bar = barAt(m_map, layer, value);
    return arenaToolTip(*report(), layer, bar < 0 ? -1 : m_map.bars[bar].life);
}

} // namespace atomnet
