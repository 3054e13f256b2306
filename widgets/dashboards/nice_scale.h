#pragma once

namespace atomnet
{

/// A value axis from 0 with round steps (1, 2 or 5 times a power of ten).
struct NiceScale {
    double max = 1;
    double step = 0.2;
    int intervals = 5; ///< max / step
    bool operator==(const NiceScale &) const = default;
};

/// The tightest such axis that holds `top` with at most `maxIntervals` steps. 0 and below give 0
/// to 1.
[[nodiscard]] NiceScale niceScale(double top, int maxIntervals = 6);

} // namespace atomnet
