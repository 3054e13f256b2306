#include "widgets/dashboards/latency_dashboard.h"

#include "core/base/format.h"
#include "widgets/dashboards/layer_text.h"

namespace atomnet
{

LatencyDashboard::LatencyDashboard(Document &document, QWidget *parent)
    : BarDashboard(document, latencyPartCount, parent)
{
}

QString LatencyDashboard::title() const
{
    return tr("Latency per layer");
}

QString LatencyDashboard::id() const
{
    return QStringLiteral("latency");
}

QString LatencyDashboard::iconName() const
{
    return QStringLiteral("latency");
}

ChartBars LatencyDashboard::toBars(const Report &report) const
{
    return toLatencyBars(report);
}

QList<QBrush> LatencyDashboard::brushes(const Theme &theme) const
{
    return {theme.fill(theme.accent, Source::Measured),
            theme.fill(theme.accent, Source::Estimated)};
}

void LatencyDashboard::describe(Decoration &decoration, const Theme &theme) const
{
    const Report &report = *this->report();
    const QList<QBrush> fills = brushes(theme);
    const auto entry = [&](const QString &text, int count, LegendEntry::Shape shape,
                           const QBrush &fill) {
        if (count > 0)
            decoration.legend.append(
                {tr("%1 %2").arg(count).arg(text), shape, fill, theme.fitOver});
    };
    entry(tr("measured"), report.measuredLayers, LegendEntry::Shape::Box, fills[0]);
    entry(tr("estimated"), report.estimatedLayers, LegendEntry::Shape::Box, fills[1]);
    entry(tr("missing"), report.missingLayers, LegendEntry::Shape::Outline, {});
    if (!decoration.whiskers.isEmpty())
        decoration.legend.append({tr("interval"), LegendEntry::Shape::Interval, {}, theme.text});

    const Latency &total = report.latency;
    if (report.measuredLayers + report.estimatedLayers == 0) {
        decoration.unit.clear();
        decoration.message = tr("No figures for this board and runtime yet: import an AtomDB, or "
                                "choose another board or runtime");
        return;
    }
    decoration.summary = latencyText(total.value, report.unit);
    if (!total.high) {
        decoration.summary = tr("at least %1").arg(latencyText(total.low, report.unit));
        return; // a measured share of a total that is not known would mislead
    } else {
        const QString interval =
            intervalText(total.value, total.low, *total.high,
                         [&report](qint64 value) { return latencyText(value, report.unit); });
        if (!interval.isEmpty()) decoration.summary += QLatin1Char(' ') + interval;
    }
    decoration.summary += tr(", %1 measured").arg(formatPercent(report.measuredShare));
}

QString LatencyDashboard::toolTipAt(int layer, double) const
{
    return latencyToolTip(*report(), layer);
}

} // namespace atomnet
