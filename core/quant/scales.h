#pragma once

#include "core/quant/ranges.h"

namespace atomnet
{

/// Scales and zero points of all tensors, and the weights in int8, by the rules of the kernels:
/// - relu: zero point -128; relu6: that and scale 6/255; hsigmoid's output: that and scale 1/256;
/// - what the table of hswish or hsigmoid cannot tell apart (below -3; above 3) takes no range, and
///   hsigmoid's input no steps below 6/255/64;
/// - s_in * s_w / s_out < 0.5 for convolutions and fully connected layers (but for relu6, whose
///   scale is fixed), and not so small that multipliers lose precision or the bias its 32 bits;
/// - s_in / s_out of an addition in [2^-6, 2^4], of a mean at most 2^6; s_in * s_gate / s_out of a
///   scale < 0.5.
/// Scales are widened until all hold; what is fixed may fall below an addition's 2^-6. Biases are
/// the float ones, rounded. BadInput names a layer for which the rules cannot hold: its weights are
/// huge against what it computes.
[[nodiscard]] Result<QuantizedNetwork> quantizeTensors(const AtomGraph &graph,
                                                       const FloatWeights &weights,
                                                       const RangeRecorder &ranges,
                                                       const QuantizeOptions &options);

/// A bias so that no accumulator leaves 31 bits.
[[nodiscard]] qint32 biasInRange(double bias);

} // namespace atomnet
