#pragma once

#include "core/lowering/atom_key.h"

#include <QString>

#include <array>
#include <optional>

// What boosted trees see of an operator. Trees only compare, so sizes need no logarithm: nothing
// here depends on the machine's mathematics library.
namespace atomnet
{

/// The numbers are not stored; files hold the names.
enum class Trait : quint8 {
    InChannels,
    OutChannels,
    InHeight,
    InWidth,
    OutHeight,
    OutWidth,
    OutPixels,
    InBytes,
    OutBytes,
    Weights,
    Tensors,    ///< bytes of input and output
    Everything, ///< and of weights: against the cache's 16 KiB
    Macs,
    PerOutput,   ///< values under the kernel
    ColumnBytes, ///< 4 * input + 10 * output channels: the published scratch of a pointwise
    InAlignment, ///< largest power of two in the input channels
    OutAlignment,
    InModulo4,
    InModulo8,
    InModulo16,
    InModulo32,
    OutModulo4,
    OutModulo8,
    OutModulo16,
    HeightModulo2,
    HeightModulo4,
    PixelsModulo4,
    PixelsModulo8,
    OutPerIn,     ///< output channels over input channels
    PixelsPerIn,  ///< output pixels over input channels
    PixelsPerOut, ///< over output channels
    WeightsPerPixel,
    Kernel,
    Stride,
    PadTop,
    PadLeft,
    PadBottom,
    PadRight,
    BorderBytes, ///< output less input
    LeftBytes,   ///< of the border left of a row
    LeftModulo16,
    InRowBytes,
    OutRowBytes,
    OutRowAlignment,
    OutRowModulo32,
    Squeeze,
    SqueezeAlignment,
    Variant, ///< packing of our own kernels
    Activation,
    PaddedMacs,   ///< as Feature::PaddedMacs
    EvenOutMacs,  ///< as Feature::EvenOutMacs
    PaddedValues, ///< as Feature::PaddedValues
    Estimate,     ///< the linear model's
    EstimatePerMac,
};
inline constexpr int traitCount = int(Trait::EstimatePerMac) + 1;
using TraitValues = std::array<double, traitCount>;

[[nodiscard]] QString toString(Trait trait); ///< "in_channels"
[[nodiscard]] std::optional<Trait> traitFrom(QStringView name);

/// Of a measurable key (isMeasurable()) and what the linear model says of it. All finite and at
/// least 0 for an estimate that is.
[[nodiscard]] TraitValues traitsOf(const AtomKey &key, double linearEstimate);

} // namespace atomnet
