#include "widgets/dashboards/flash_dashboard.h"

#include "core/base/format.h"
#include "widgets/dashboards/layer_text.h"

namespace atomnet
{

FlashDashboard::FlashDashboard(Document &document, QWidget *parent)
    : BarDashboard(document, flashPartCount, parent)
{
}

QString FlashDashboard::title() const
{
    return tr("Flash, accumulated");
}

QString FlashDashboard::id() const
{
    return QStringLiteral("flash");
}

QString FlashDashboard::iconName() const
{
    return QStringLiteral("flash");
}

ChartBars FlashDashboard::toBars(const Report &report) const
{
    return toFlashBars(report);
}

QList<QBrush> FlashDashboard::brushes(const Theme &theme) const
{
    return {theme.flashCode, blend(theme.base, theme.flashWeights, 0.45), theme.flashWeights};
}

void FlashDashboard::describe(Decoration &decoration, const Theme &theme) const
{
    const Budget &flash = report()->flash;
    const QList<QBrush> fills = brushes(theme);
    decoration.legend = {
        {tr("this layer's weights"), LegendEntry::Shape::Box, fills[2]},
        {tr("earlier layers"), LegendEntry::Shape::Box, fills[1]},
        {report()->flashCodeEstimated ? tr("runtime code (estimated)") : tr("runtime code"),
         LegendEntry::Shape::Box, fills[0]}};
    if (!decoration.whiskers.isEmpty())
        decoration.legend.append(
            {tr("interval of the total"), LegendEntry::Shape::Interval, {}, theme.text});
    if (decoration.limit) {
        decoration.limitText = tr("limit %1").arg(formatKib(flash.limit));
        if (flash.available < flash.limit)
            decoration.legend.append(
                {tr("reserved %1").arg(formatKib(flash.limit - flash.available)),
                 LegendEntry::Shape::Box, QBrush(theme.reserveBand, Qt::BDiagPattern)});
    }
    decoration.summary = tr("total %1").arg(formatKib(flash.value));
    if (flash.fit == Fit::Over)
        decoration.summary += tr(", over by %1").arg(formatKib(flash.overBytes));
}

QString FlashDashboard::toolTipAt(int layer, double) const
{
    return flashToolTip(*report(), layer);
}

} // namespace atomnet
