#include "widgets/dashboards/search/front_axis.h"

#include <algorithm>
#include <cmath>

namespace atomnet
{

namespace
{

struct Unit {
    double size;
    const char *name;
};

/// The axis keeps one unit, whatever its values.
Unit unitFor(const FrontAxis &axis, TimeUnit unit)
{
    switch (axis.figure) {
    case Figure::Macs:
        return {1e6, "millions"};
    case Figure::Latency:
        if (unit == TimeUnit::Instructions) return {1e6, "million instructions"};
        return axis.high < 2e6 ? Unit{1e3, "\u00b5s"} : Unit{1e6, "ms"};
    case Figure::Sram:
    case Figure::Flash:
        break;
    }
    return {1024, "KiB"};
}

} // namespace

FrontAxis frontAxis(Figure figure, qint64 low, qint64 high, TimeUnit unit)
{
    FrontAxis axis{figure, double(low), double(std::max(high, low + 1)), 1};
    const double size = unitFor(axis, unit).size;
    const double span = (axis.high - axis.low) / size;
    const double raw = span / 4;
    const double power = std::pow(10, std::floor(std::log10(raw)));
    double step = 10 * power;
    for (const double digit : {1.0, 2.0, 5.0})
        if (digit * power >= raw) {
            step = digit * power;
            break;
        }
    const double air = span * 0.03;
    axis.step = step * size;
    axis.low = std::max(0.0, axis.low - air * size);
    axis.high += air * size;
    return axis;
}

QString axisTitle(const FrontAxis &axis, TimeUnit unit)
{
    return QStringLiteral("%1, %2").arg(figureName(axis.figure),
                                        QString::fromUtf8(unitFor(axis, unit).name));
}

QString axisLabel(const FrontAxis &axis, double value, TimeUnit unit)
{
    const double size = unitFor(axis, unit).size;
    const int decimals = std::clamp(int(std::ceil(-std::log10(axis.step / size) - 1e-9)), 0, 4);
    return QString::number(value / size, 'f', decimals);
}

} // namespace atomnet
