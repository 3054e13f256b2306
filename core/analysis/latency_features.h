#pragma once

#include "core/lowering/atom_key.h"

#include <QString>

#include <optional>
#include <vector>

// What a linear latency model sees of an operator: quantities that cost time on a microcontroller
// with a 16 KiB data cache. All are finite and at least 0.
namespace atomnet
{

/// The numbers are not stored; files hold the names.
enum class Feature : quint8 {
    One, ///< call and set-up
    InChannels,
    OutChannels,
    OutPixels,         ///< h_out * w_out
    InValues,          ///< h * w * c of the input
    OutValues,         ///< h * w * c of the output
    Macs,              ///< as macsOf()
    Weights,           ///< weights: read at least once
    WeightsManyPixels, ///< weights, growing from 0 at 20 output pixels to 1 at 60: kept ones no
                       ///< longer pay
    WeightsFewPixels,  ///< weights * output pixels, at most 256 of them
    LoopRemainder,     ///< outputs * (values under the kernel modulo 16): the inner loop's rest
    UnalignedPixels,   ///< output pixels where the input channels are no multiple of 4
    UnalignedValues,   ///< output values, likewise
    WideMisses,        ///< depthwise outputs * cache miss share of wide tensors
    WideOnset,         ///< depthwise outputs * onset of those misses, 160 to 400 channels
    StridedMisses,     ///< values * miss share of walking two tensors channel by channel
    StridedReadMisses, ///< the same for one tensor
    InRows,            ///< input rows that a pad copies
    BorderValues,      ///< values that a pad fills
    InSpill,           ///< input values that do not fit the cache with the output
    BorderSpill,       ///< border values, likewise
    UnalignedRows,     ///< rows that a pad copies to an address that is no multiple of 16
    UnalignedSpill,    ///< InSpill where that is so
    Squeeze,           ///< squeeze channels
    SqueezeWeights,    ///< channels * squeeze channels
    // Of our own kernels, for counts of instructions:
    PlainMacs,         ///< multiply-accumulates with weights in the plain packing
    PaddedRows,        ///< rows of the padded input * channels: each is copied into a ring
    PaddedValues,      ///< values of those rows
    EvenOutRows,       ///< output rows * channels; two rows a pass at stride 1
    EvenOutValues,     ///< output values, both sides rounded up likewise
    EvenOutMacs,       ///< those * kernel area
    StridedOutValues,  ///< EvenOutValues at strides above 1
    PaddedMacs,        ///< multiply-accumulates with inputs rounded up to 4, outputs to 2
    TableValues,       ///< values that pass a table (hswish, hard-sigmoid)
    UnalignedInValues, ///< input values where the channels are no multiple of 4
};
inline constexpr int featureCount = int(Feature::UnalignedInValues) + 1;

[[nodiscard]] QString toString(Feature feature); ///< "out_values"
[[nodiscard]] std::optional<Feature> featureFrom(QStringView name);

/// The features that a model of this kind has: of latencies, or of instructions of our own kernels.
[[nodiscard]] std::vector<Feature> featuresOf(AtomKind kind, bool ofInstructions = false);

/// Sizes at least 1: what the features are defined for.
[[nodiscard]] bool isMeasurable(const AtomKey &key);

/// Of a measurable key.
[[nodiscard]] double featureValue(Feature feature, const AtomKey &key);

/// Share of misses when a tensor of `ratio` times the cache's size is walked again and again and
/// lines are replaced at random (as on the Cortex-M7): the root of m = 1 - exp(-ratio * m). 0 up to
/// ratio 1.
[[nodiscard]] double missShare(double ratio);

} // namespace atomnet
