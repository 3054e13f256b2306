#include "core/quant/quantized_network.h"

#include <algorithm>
#include <cmath>

// Activations as tables of 256 int8 values.
namespace atomnet
{

namespace
{

// TFLite's int8 hard-swish works on 16-bit fixed point; its rounding is part of the definition.
qint32 saturate16(qint64 v)
{
    return qint32(std::clamp<qint64>(v, -32768, 32767));
}

/// Rounding, doubling high half of a product of two 16-bit numbers (half away from zero).
qint32 doublingHighProduct(qint32 a, qint32 b)
{
    const qint64 product = qint64(a) * b;
    const qint64 nudge = product >= 0 ? qint64(1) << 14 : 1 - (qint64(1) << 14);
    return saturate16((product + nudge) / (qint64(1) << 15));
}

/// Division by 2^exponent, half away from zero.
qint32 roundingShift(qint32 value, int exponent)
{
    const qint32 mask = (qint32(1) << exponent) - 1;
    const qint32 remainder = value & mask;
    const qint32 threshold = (mask >> 1) + (value < 0 ? 1 : 0);
    return (value >> exponent) + (remainder > threshold ? 1 : 0);
}

/// A real factor as a 16-bit multiplier and a power of two.
struct Factor16 {
    qint32 multiplier = 0;
    int exponent = 0;
};
Factor16 factor16(float real)
{
    Factor16 factor;
    const double fraction = std::frexp(double(real), &factor.exponent);
    qint64 multiplier = qint64(std::floor(fraction * double(qint64(1) << 31) + 0.5));
    if (multiplier == qint64(1) << 31) {
        multiplier /= 2;
        ++factor.exponent;
    }
    factor.multiplier =
        multiplier < (qint64(1) << 31) - (1 << 15) ? qint32((multiplier + (1 << 15)) >> 16) : 32767;
    return factor;
}

} // namespace

std::array<qint8, 256> hswishTable(const TensorQuant &in, const TensorQuant &out)
{
    const float high = (1.0f / 128.0f) * in.scale; // the input carries 7 extra bits
    const Factor16 toOutput = factor16(high / out.scale);
    const Factor16 toRelu = factor16(high / (3.0f / 32768.0f));
    std::array<qint8, 256> table{};
    for (int i = 0; i < 256; ++i) {
        const qint32 value = (i - 128 - in.zeroPoint) * 128;
        const qint32 scaled = doublingHighProduct(saturate16(value), toOutput.multiplier);
        // relu6(x + 3) / 6 as 0 to 1 in 15 bits.
        qint32 gate = saturate16(value);
        if (toRelu.exponent > 0)
            gate = saturate16(qint64(gate) * (qint64(1) << (toRelu.exponent - 1)));
        gate = doublingHighProduct(gate, toRelu.multiplier);
        if (toRelu.exponent > 0) gate = saturate16(qint64(gate) * 2);
        if (toRelu.exponent < 0) gate = roundingShift(gate, -toRelu.exponent);
        gate = (gate + (1 << 15)) >> 1;
        const qint32 product = saturate16(qint64(gate) * scaled / (qint64(1) << 15));
        const qint32 result = toOutput.exponent <= 0
                                  ? roundingShift(product, -toOutput.exponent)
                                  : saturate16(qint64(product) << toOutput.exponent);
        table[std::size_t(i)] = qint8(std::clamp(result + out.zeroPoint, -128, 127));
    }
    return table;
}

std::array<qint8, 256> hsigmoidTable(const TensorQuant &in)
{
    std::array<qint8, 256> table{};
    for (int i = 0; i < 256; ++i) {
        const double x = double(in.scale) * (i - 128 - in.zeroPoint);
        table[std::size_t(i)] =
            quantise(float(std::clamp(x / 6 + 0.5, 0.0, 1.0)), {1.0f / 256, -128});
    }
    return table;
}

std::array<qint8, 256> pixelTable(const QuantizedNetwork &network, int channel)
{
    std::array<qint8, 256> table{};
    const float mean = network.normalisation.mean[std::size_t(channel)],
                std = network.normalisation.std[std::size_t(channel)];
    for (int i = 0; i < 256; ++i)
        table[std::size_t(i)] = quantise((float(i) / 255 - mean) / std, network.tensors.front());
    return table;
}

} // namespace atomnet
