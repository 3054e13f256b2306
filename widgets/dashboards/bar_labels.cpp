#include "widgets/dashboards/bar_labels.h"

#include <QFontMetricsF>

#include <algorithm>

namespace atomnet
{

QList<AxisLabel> placeBarLabels(const QList<BarLabel> &labels, const PlotMap &map,
                                const QFont &font)
{
    QList<BarLabel> byWeight = labels;
    std::stable_sort(byWeight.begin(), byWeight.end(),
                     [](const BarLabel &a, const BarLabel &b) { return a.weight > b.weight; });
    const QFontMetricsF metrics(font);
    QList<AxisLabel> placed;
    for (const BarLabel &label : std::as_const(byWeight)) {
        if (label.layer < 0 || label.layer >= map.layers) continue;
        const double width = std::ceil(metrics.horizontalAdvance(label.text)) + 2;
        QRectF rect(map.centre(label.layer) - width / 2, map.y(label.top) - metrics.height() - 1,
                    width, metrics.height());
        if (rect.left() < map.area.left()) rect.moveLeft(map.area.left());
        if (rect.right() > map.area.right()) rect.moveRight(map.area.right());
        if (rect.top() < map.area.top()) rect.moveTop(map.area.top());
        const auto covers = [&rect](const AxisLabel &other) {
            return other.rect.adjusted(-2, 0, 2, 0).intersects(rect);
        };
        if (std::none_of(placed.begin(), placed.end(), covers)) placed.append({rect, label.text});
    }
    return placed;
}

} // namespace atomnet
