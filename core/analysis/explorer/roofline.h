#pragma once

#include "core/analysis/explorer/point_grid.h"

// The roofline as the data show it: how fast operators of some arithmetic intensity were at best.
namespace atomnet
{

struct Roofline {
    double peak = 0;      ///< greatest speed: MACs per ms, or per instruction
    double bandwidth = 0; ///< greatest speed / intensity: bytes per ms, or per instruction
    /// Intensity from which on the peak is the ceiling.
    [[nodiscard]] double ridge() const { return bandwidth > 0 ? peak / bandwidth : 0; }
    struct Corner {
        double x = 0, y = 0; ///< decimal logarithms
        bool operator==(const Corner &) const = default;
    };
    /// Least concave line above all points, from the least intensity to the greatest.
    std::vector<Corner> envelope;
};
/// Of points whose x and y are decimal logarithms of intensity and speed. Without any: zeros.
[[nodiscard]] Roofline rooflineOf(const PointGrid &points);

} // namespace atomnet
