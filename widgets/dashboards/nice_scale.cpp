#include "widgets/dashboards/nice_scale.h"

#include <algorithm>
#include <cmath>

namespace atomnet
{

NiceScale niceScale(double top, int maxIntervals)
{
    if (!(top > 0) || !std::isfinite(top)) return {};
    const double limit = std::max(1, maxIntervals);
    double power = std::pow(10.0, std::floor(std::log10(top / limit)));
    for (;; power *= 10) {
        for (const double digit : {1.0, 2.0, 5.0}) {
            const double step = digit * power;
            // A hair of slack: 0.3 / 0.1 must not need a fourth step.
            const double intervals = std::ceil(top / step - 1e-9);
            if (intervals <= limit) return {step * intervals, step, int(intervals)};
        }
    }
}

} // namespace atomnet
