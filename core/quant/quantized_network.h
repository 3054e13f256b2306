#pragma once

#include "core/quant/weights.h"

#include <array>

namespace atomnet
{

/// real = scale * (q - zeroPoint), q int8.
struct TensorQuant {
    float scale = 1;
    int zeroPoint = 0;
    bool operator==(const TensorQuant &) const = default;
};

/// A weighted unit in int8: per-channel symmetric weights.
struct UnitQuant {
    std::vector<qint8> weights;  ///< [out][kernel][kernel][in], |w| <= 127
    std::vector<float> scales;   ///< [out]
    std::vector<qint32> bias;    ///< [out], scale input.scale * scales[o], zero point not folded
    TensorQuant input;           ///< what the unit reads
    TensorQuant convolved;       ///< what it writes before a table; relu, relu6: zero point -128
    TensorQuant output;          ///< what follows it: equal to `convolved` unless act is hswish or hsigmoid
    bool operator==(const UnitQuant &) const = default;
};

/// The network as int8, independent of kernels, packings and plans: what every export is written from.
struct QuantizedNetwork {
    AtomGraph graph;
    std::vector<WeightUnit> units;
    std::vector<UnitQuant> quants;    ///< by unit
    std::vector<TensorQuant> tensors; ///< by graph tensor
    Normalisation normalisation;      ///< of the input
    QStringList labels;               ///< class names; empty when unknown
    bool trained = false;

    [[nodiscard]] int unitOf(int atom, int part = 0) const; ///< index, -1 when the atom has no weights
    [[nodiscard]] const TensorQuant &inputOf(int atom, int which = 0) const;
    [[nodiscard]] const TensorQuant &outputOf(int atom) const;
    bool operator==(const QuantizedNetwork &) const = default;
};

/// Nearest int8 (half away from zero), clamped.
[[nodiscard]] qint8 quantise(float value, const TensorQuant &to);
[[nodiscard]] inline float dequantise(qint8 value, const TensorQuant &from)
{
    return from.scale * float(value - from.zeroPoint);
}

/// 256 entries, index value + 128. hswish by TFLite's integer formula; hard-sigmoid to scale 1/256, zero point -128,
/// nearest.
[[nodiscard]] std::array<qint8, 256> hswishTable(const TensorQuant &in, const TensorQuant &out);
[[nodiscard]] std::array<qint8, 256> hsigmoidTable(const TensorQuant &in);
/// uint8 pixel -> int8 input value of this channel.
[[nodiscard]] std::array<qint8, 256> pixelTable(const QuantizedNetwork &network, int channel);

} // namespace atomnet
