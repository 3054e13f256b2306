#pragma once

#include <QString>

#include <vector>

namespace atomnet
{

/// A mark on an axis, in axis units; without text it is a thin line alone.
struct AxisTick {
    double at = 0;
    QString text;
    bool operator==(const AxisTick &) const = default;
};
/// Ticks from `low` to `high` (axis units) with at most `most` labels (2 at least), at round
/// values: 1, 2 or 5 times a power of ten; on a log axis decades, with their parts where there is
/// room. Ascending.
[[nodiscard]] std::vector<AxisTick> axisTicks(double low, double high, bool log, int most);

/// A value as axes and tool tips write it: "0.02", "1.5", "320", "12.5 k", "3 M".
[[nodiscard]] QString axisText(double value, int digits = 4);

} // namespace atomnet
