#pragma once

#include "core/base/result.h"
#include "core/quant/quantized_network.h"

#include <span>

// Real factors as the integers that the kernels multiply with (firmware/kernels/ak_requant.h).
namespace atomnet
{

/// scale = multiplier * 2^(shift - 32).
struct FixedScales {
    std::vector<qint32> multipliers;
    int shift = 0;
};
/// Multipliers of one layer. The shift is the smallest for which no multiplier reaches 2^31 (0 for scales below 0.5), so
/// that rounding them costs as little as can be. maxAccumulator << shift must stay inside 31 bits.
[[nodiscard]] FixedScales fixedScales(std::span<const double> scales, qint64 maxAccumulator);

/// Of a unit: s_in * s_w / s_out per channel, in double from the floats.
[[nodiscard]] std::vector<double> requantScales(const UnitQuant &unit);
/// Bias with the input's zero point folded in: bias[o] - zeroPoint * sum(weights of o).
[[nodiscard]] std::vector<qint32> foldedBias(const UnitQuant &unit);
/// Largest |folded bias| + sum |w| * 128 of any channel: a bound of every accumulator.
[[nodiscard]] qint64 maxAccumulator(const UnitQuant &unit);

struct AddFactors {
    qint32 multiplierA = 0, multiplierB = 0, bias = 0;
    int shift = 0;
};
/// As ak_add_t; multipliers of at most 2^21, ratios s_in / s_out in [2^-6, 2^4] (smaller ones do no harm).
[[nodiscard]] AddFactors addFactors(const TensorQuant &a, const TensorQuant &b, const TensorQuant &out);

} // namespace atomnet
