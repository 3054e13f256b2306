#include "core/quant/fixed_point.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <limits>

namespace atomnet
{

namespace
{

constexpr qint64 wordLimit = qint64(1) << 31;
/// Multipliers of add: 255 * 2^21 for each operand and 128 << 22 for the zero point fit 31 bits.
constexpr qint64 mostAddMultiplier = 1 << 21;
constexpr int mostAddShift = 22;

} // namespace

FixedScales fixedScales(std::span<const double> scales, qint64 maxAccumulator)
{
    const double largest = scales.empty() ? 0 : *std::max_element(scales.begin(), scales.end());
    FixedScales fixed;
    while (fixed.shift < 24 &&
           std::floor(std::ldexp(largest, 32 - fixed.shift) + 0.5) >= double(wordLimit))
        ++fixed.shift;
    Q_ASSERT(maxAccumulator < wordLimit >> fixed.shift);
    fixed.multipliers.reserve(scales.size());
    for (const double scale : scales) {
        Q_ASSERT(scale >= 0);
        const double multiplier = std::floor(std::ldexp(scale, 32 - fixed.shift) + 0.5);
        Q_ASSERT(multiplier < double(wordLimit));
        fixed.multipliers.push_back(qint32(multiplier));
    }
    return fixed;
}

std::vector<double> requantScales(const UnitQuant &unit)
{
    std::vector<double> scales;
    scales.reserve(unit.scales.size());
    for (const float scale : unit.scales)
        scales.push_back(double(unit.input.scale) * double(scale) / double(unit.convolved.scale));
    return scales;
}

namespace
{

struct WeightSums {
    qint64 plain = 0, absolute = 0;
};

WeightSums weightSums(const UnitQuant &unit, std::size_t channel)
{
    const std::size_t inputs = unit.weights.size() / unit.bias.size();
    WeightSums sums;
    for (std::size_t i = channel * inputs; i < (channel + 1) * inputs; ++i) {
        sums.plain += unit.weights[i];
        sums.absolute += std::abs(int(unit.weights[i]));
    }
    return sums;
}

qint64 wideFoldedBias(const UnitQuant &unit, std::size_t channel, const WeightSums &sums)
{
    return qint64(unit.bias[channel]) - unit.input.zeroPoint * sums.plain;
}

} // namespace

std::vector<qint32> foldedBias(const UnitQuant &unit)
{
    std::vector<qint32> folded(unit.bias.size());
    for (std::size_t o = 0; o < folded.size(); ++o) {
        const qint64 wide = wideFoldedBias(unit, o, weightSums(unit, o));
        Q_ASSERT(wide >= std::numeric_limits<qint32>::min() &&
                 wide <= std::numeric_limits<qint32>::max());
        folded[o] = qint32(wide);
    }
    return folded;
}

qint64 maxAccumulator(const UnitQuant &unit)
{
    qint64 largest = 0;
    for (std::size_t o = 0; o < unit.bias.size(); ++o) {
        const WeightSums sums = weightSums(unit, o);
        largest =
            std::max(largest, std::llabs(wideFoldedBias(unit, o, sums)) + sums.absolute * 128);
    }
    return largest;
}

AddFactors addFactors(const TensorQuant &a, const TensorQuant &b, const TensorQuant &out)
{
    const double ratioA = double(a.scale) / double(out.scale);
    const double ratioB = double(b.scale) / double(out.scale);
    const auto multiplier = [](double ratio, int shift) {
        return std::floor(std::ldexp(ratio, shift) + 0.5);
    };
    AddFactors factors;
    factors.shift = mostAddShift;
    while (factors.shift > 1 &&
           multiplier(std::max(ratioA, ratioB), factors.shift) > double(mostAddMultiplier))
        --factors.shift;
    factors.multiplierA = qint32(multiplier(ratioA, factors.shift));
    factors.multiplierB = qint32(multiplier(ratioB, factors.shift));
    factors.bias = out.zeroPoint * (1 << factors.shift) + (1 << (factors.shift - 1)) -
                   a.zeroPoint * factors.multiplierA - b.zeroPoint * factors.multiplierB;
    return factors;
}

} // namespace atomnet
