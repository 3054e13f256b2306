#pragma once

#include "core/quant/forward.h"
#include "core/quant/quantize.h"

namespace atomnet
{

/// Values from lo to hi; always holds 0.
struct Range {
    double lo = 0, hi = 0;
    bool operator==(const Range &) const = default;
};

/// Watches float passes over the calibration samples: what range the values at every point have,
/// and the mean of every unit's channels before the activation.
class RangeRecorder
{
public:
    RangeRecorder(const AtomGraph &graph, const std::vector<WeightUnit> &units);

    /// To be called at every point of the first pass. `means`: this sample counts for the means.
    void measure(const ForwardPoint &point, std::span<const float> values, bool means);
    /// To be called at every point of a second pass, which all methods but min-max need.
    void count(const ForwardPoint &point, std::span<const float> values);

    /// A point whose values were NaN, infinite or beyond 1e15.
    [[nodiscard]] const std::optional<ForwardPoint> &broken() const { return m_broken; }
    /// Range of a point that needs one: the input, tensors, and what is before hswish and hsigmoid.
    [[nodiscard]] Range range(const ForwardPoint &point, const QuantizeOptions &options) const;
    /// Mean of each channel before the activation, by unit.
    [[nodiscard]] std::vector<double> means(int unit) const;

private:
    struct Histogram {
        std::vector<qint64> bins; ///< from range.lo to range.hi; zeros are in none
        qint64 zeros = 0;
    };
    struct Recorded {
        Range range;
        Histogram histogram;
    };
    [[nodiscard]] std::size_t indexOf(const ForwardPoint &point) const;
    [[nodiscard]] int unitAt(const ForwardPoint &point) const;

    const std::vector<WeightUnit> &m_units;
    std::vector<Recorded> m_recorded; ///< by indexOf()
    std::vector<int> m_unitOf;        ///< by atom and part
    std::vector<std::vector<double>> m_sums;
    std::vector<qint64> m_summed; ///< pixels, by unit
    std::optional<ForwardPoint> m_broken;
};

} // namespace atomnet
