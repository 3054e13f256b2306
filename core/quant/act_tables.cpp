#include "core/quant/quantized_network.h"

#include <algorithm>
#include <cmath>
#include <limits>

// Tables of 256 entries: activations on int8, and pixels to int8.
namespace atomnet
{

namespace
{

// Fixed-point steps as gemmlowp defines them; TensorFlow Lite's hswish on int8 is made of these, in
// 16 bits.
qint64 saturate16(qint64 value)
{
    return std::clamp<qint64>(value, std::numeric_limits<qint16>::min(),
                              std::numeric_limits<qint16>::max());
}

/// High half of twice the product, rounded half away from zero.
qint64 roundingDoublingHighMul(qint64 a, qint64 b)
{
    const qint64 product = a * b;
    const qint64 nudge = product >= 0 ? 1 << 14 : 1 - (1 << 14);
    return saturate16((product + nudge) / (1 << 15));
}

/// The same, rounded towards zero.
qint64 doublingHighMul(qint64 a, qint64 b)
{
    return saturate16(a * b / (1 << 15));
}

/// value / 2^exponent, rounded half away from zero.
qint64 roundingDivideByPowerOfTwo(qint64 value, int exponent)
{
    const qint64 mask = (qint64(1) << exponent) - 1;
    const qint64 threshold = (mask >> 1) + (value < 0 ? 1 : 0);
    return (value >> exponent) + ((value & mask) > threshold ? 1 : 0);
}

/// real = multiplier * 2^(exponent - 15), multiplier of 16 bits.
struct Multiplier16 {
    qint64 multiplier = 0;
    int exponent = 0;
};

Multiplier16 multiplier16(float real)
{
    Multiplier16 result;
    qint64 wide =
        qint64(std::floor(std::ldexp(std::frexp(double(real), &result.exponent), 31) + 0.5));
    if (wide == qint64(1) << 31) {
        wide /= 2;
        ++result.exponent;
    }
    constexpr qint64 half = 1 << 15;
    constexpr qint64 largest = std::numeric_limits<qint32>::max();
    result.multiplier =
        wide >= largest - half ? std::numeric_limits<qint16>::max() : (wide + half) >> 16;
    // Beyond these every result is 0 or saturated anyway.
    result.exponent = std::clamp(result.exponent, -31, 31);
    return result;
}

/// relu6(x + 3) / 6 in 15 fractional bits, of the input with 7 more bits.
qint64 gateOf(qint64 input, const Multiplier16 &gate)
{
    qint64 value = input;
    if (gate.exponent > 0) value = saturate16(value * (qint64(1) << (gate.exponent - 1)));
    value = roundingDoublingHighMul(value, gate.multiplier);
    if (gate.exponent > 0) value = saturate16(value * 2);
    if (gate.exponent < 0) value = roundingDivideByPowerOfTwo(value, -gate.exponent);
    return (value + (1 << 15)) >> 1; // from [-1, 1] to [0, 1]
}

} // namespace

std::array<qint8, 256> hswishTable(const TensorQuant &in, const TensorQuant &out)
{
    const float fineScale = in.scale * (1.0F / 128.0F);
    const Multiplier16 toOut = multiplier16(fineScale / out.scale);
    const Multiplier16 toGate = multiplier16(fineScale / (3.0F / 32768.0F));
    std::array<qint8, 256> table{};
    for (int i = 0; i < 256; ++i) {
        const qint64 value = qint64(i - 128 - in.zeroPoint) * 128;
        const qint64 scaled = roundingDoublingHighMul(value, toOut.multiplier);
        const qint64 product = doublingHighMul(gateOf(value, toGate), scaled);
        const qint64 result =
            roundingDivideByPowerOfTwo(product, std::max(0, -toOut.exponent)) + out.zeroPoint;
        table[std::size_t(i)] = qint8(std::clamp<qint64>(result, -128, 127));
    }
    return table;
}

std::array<qint8, 256> hsigmoidTable(const TensorQuant &in)
{
    std::array<qint8, 256> table{};
    for (int i = 0; i < 256; ++i) {
        const double value = double(in.scale) * (i - 128 - in.zeroPoint);
        const double gate = std::clamp(value + 3, 0.0, 6.0) * (256.0 / 6.0);
        table[std::size_t(i)] = qint8(std::min(std::floor(gate + 0.5) - 128, 127.0));
    }
    return table;
}

std::array<qint8, 256> pixelTable(const QuantizedNetwork &network, int channel)
{
    const float mean = network.normalisation.mean[std::size_t(channel)];
    const float std = network.normalisation.std[std::size_t(channel)];
    std::array<qint8, 256> table{};
    for (int pixel = 0; pixel < 256; ++pixel)
        table[std::size_t(pixel)] =
            quantise((float(pixel) / 255.0F - mean) / std, network.tensors.front());
    return table;
}

} // namespace atomnet
