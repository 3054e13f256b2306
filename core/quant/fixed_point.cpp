#include "core/quant/fixed_point.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>

namespace atomnet
{

namespace
{

constexpr qint64 most32 = (qint64(1) << 31) - 1;

qint64 multiplierOf(double scale, int shift)
{
    return qint64(std::llround(std::ldexp(scale, 32 - shift)));
}

} // namespace

FixedScales fixedScales(std::span<const double> scales, qint64 maxAccumulator)
{
    const double largest = scales.empty() ? 0 : *std::max_element(scales.begin(), scales.end());
    FixedScales fixed;
    while (multiplierOf(largest, fixed.shift) > most32)
        ++fixed.shift;
    Q_ASSERT((maxAccumulator << fixed.shift) <= most32);
    for (const double scale : scales)
        fixed.multipliers.push_back(qint32(multiplierOf(scale, fixed.shift)));
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

std::vector<qint32> foldedBias(const UnitQuant &unit)
{
    std::vector<qint32> folded = unit.bias;
    const std::size_t inputs = unit.weights.size() / unit.bias.size();
    for (std::size_t o = 0; o < folded.size(); ++o) {
        qint32 sum = 0;
        for (std::size_t i = 0; i < inputs; ++i)
            sum += unit.weights[o * inputs + i];
        folded[o] -= unit.input.zeroPoint * sum;
    }
    return folded;
}

qint64 maxAccumulator(const UnitQuant &unit)
{
    const std::vector<qint32> bias = foldedBias(unit);
    const std::size_t inputs = unit.weights.size() / bias.size();
    qint64 most = 0;
    for (std::size_t o = 0; o < bias.size(); ++o) {
        qint64 reach = std::abs(qint64(bias[o]));
        for (std::size_t i = 0; i < inputs; ++i)
            reach += 128 * std::abs(int(unit.weights[o * inputs + i]));
        most = std::max(most, reach);
    }
    return most;
}

AddFactors addFactors(const TensorQuant &a, const TensorQuant &b, const TensorQuant &out)
{
    constexpr qint32 mostMultiplier = 1 << 21;
    const double ratioA = double(a.scale) / double(out.scale),
                 ratioB = double(b.scale) / double(out.scale);
    AddFactors factors;
    // 2^21 * (128 + 127) * 2 stays inside 31 bits; the zero points' share is at most as much.
    factors.shift = 21;
    while (factors.shift > 0 &&
           std::llround(std::ldexp(std::max(ratioA, ratioB), factors.shift)) > mostMultiplier)
        --factors.shift;
    factors.multiplierA = qint32(std::llround(std::ldexp(ratioA, factors.shift)));
    factors.multiplierB = qint32(std::llround(std::ldexp(ratioB, factors.shift)));
    const qint64 half = factors.shift > 0 ? qint64(1) << (factors.shift - 1) : 0;
    factors.bias = qint32((qint64(out.zeroPoint) << factors.shift) + half -
                          qint64(a.zeroPoint) * factors.multiplierA -
                          qint64(b.zeroPoint) * factors.multiplierB);
    return factors;
}

} // namespace atomnet
