#include "widgets/dashboards/memory_dashboard.h"

#include "core/base/format.h"
#include "widgets/dashboards/layer_text.h"

#include <algorithm>

namespace atomnet
{

MemoryDashboard::MemoryDashboard(Document &document, QWidget *parent)
    : BarDashboard(document, memoryPartCount, parent)
{
}

QString MemoryDashboard::title() const
{
    return tr("SRAM per layer");
}

QString MemoryDashboard::id() const
{
    return QStringLiteral("memory");
}

QString MemoryDashboard::iconName() const
{
    return QStringLiteral("sram");
}

ChartBars MemoryDashboard::toBars(const Report &report) const
{
    return toMemoryBars(report);
}

QList<QBrush> MemoryDashboard::brushes(const Theme &theme) const
{
    return {theme.sramInput, theme.sramOutput, theme.sramHeld, theme.sramPad, theme.sramScratch};
}

void MemoryDashboard::describe(Decoration &decoration, const Theme &theme) const
{
    const Report &report = *this->report();
    const Budget &sram = report.sram;
    const QList<QBrush> fills = brushes(theme);
    const QStringList names{tr("input"), tr("output"), tr("held shortcut"), tr("padding"),
                            tr("scratch")};
    for (qsizetype part = 0; part < names.size(); ++part) {
        const QList<double> &values = shown().parts[part];
        const bool used = std::any_of(values.begin(), values.end(), [](double v) { return v > 0; });
        if (used) decoration.legend.append({names[part], LegendEntry::Shape::Box, fills[part]});
    }
    if (!decoration.whiskers.isEmpty())
        decoration.legend.append(
            {tr("interval of the total"), LegendEntry::Shape::Interval, {}, theme.text});
    if (decoration.limit) {
        decoration.limitText = tr("limit %1").arg(formatKib(sram.limit));
        if (sram.available < sram.limit)
            decoration.legend.append({tr("reserved %1").arg(formatKib(sram.limit - sram.available)),
                                      LegendEntry::Shape::Box,
                                      QBrush(theme.reserveBand, Qt::BDiagPattern)});
    }
    // The bars are the arena; data and stack lie beside it.
    QString total = formatKib(report.sramBreakdown ? report.sramBreakdown->arena : sram.value);
    const QString interval = intervalText(sram.value, sram.low, sram.high, formatKib);
    if (!interval.isEmpty()) total += QLatin1Char(' ') + interval;
    decoration.peakText = total;
    if (shown().peak >= 0 && shown().peak < shown().layers())
        decoration.peakTop = report.sramBreakdown
                                 ? shown().total(shown().peak)
                                 : std::max(shown().total(shown().peak), double(sram.high) / 1024);
    if (report.peak.layer >= 0 && report.peak.layer < int(report.layers.size()))
        decoration.summary =
            (sram.estimated ? tr("estimated peak %1 at %2") : tr("peak %1 at %2"))
                .arg(total, layerName(report, report.layers[std::size_t(report.peak.layer)]));
    if (report.sramBreakdown && formatKib(sram.value) != total)
        decoration.summary += (report.sramBreakdown->stackCounted ? tr(", %1 with data and stack")
                                                                  : tr(", %1 with data"))
                                  .arg(formatKib(sram.value));
    if (sram.fit == Fit::Over)
        decoration.summary += tr(", over by %1").arg(formatKib(sram.overBytes));
}

QString MemoryDashboard::toolTipAt(int layer, double) const
{
    return memoryToolTip(*report(), layer);
}

} // namespace atomnet
