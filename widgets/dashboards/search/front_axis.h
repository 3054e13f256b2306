#pragma once

#include "widgets/dashboards/search/search_figures.h"

namespace atomnet
{

/// An axis of the front: a figure's values from low to high, with round steps.
struct FrontAxis {
    Figure figure = Figure::Macs;
    double low = 0, high = 1, step = 1;
    [[nodiscard]] double share(qint64 value) const { return (double(value) - low) / (high - low); }
};

/// Holds both values with a little air; ends on round numbers of its unit.
[[nodiscard]] FrontAxis frontAxis(Figure figure, qint64 low, qint64 high, TimeUnit unit);
/// "MACs, millions", "Latency, ms", "SRAM, KiB".
[[nodiscard]] QString axisTitle(const FrontAxis &axis, TimeUnit unit);
/// A step of the axis, without its unit.
[[nodiscard]] QString axisLabel(const FrontAxis &axis, double value, TimeUnit unit);
/// Less is better for all but MACs.
[[nodiscard]] inline bool lessIsBetter(Figure figure)
{
    return figure != Figure::Macs;
}

} // namespace atomnet
