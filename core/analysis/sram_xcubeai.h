#pragma once

#include "core/analysis/sram.h"

namespace atomnet
{

/// SRAM of X-CUBE-AI 7.2 by a rule that was fitted to the peaks its authors report for six
/// AtomNets; its planner is not public and overlaps outputs with inputs. In bytes, for in and out
/// of an operator (behind a pad: the padded input), held = the shortcut's tensor where one is held:
///   pad, stem, stride 1 depthwise, pointwise   max(in, out)
///   depthwise with a stride                    max(in, out) + min(in, out) / 2
///   squeeze-excite                             in (multiplied in place) + 11c + 5m
///   convolution behind a pad, pool, dense      in + out (nothing shows that they overlap)
///   add                                        both inputs, written over one of them
///   every operator of a shortcut block         + held; its first one reads the held tensor: in +
///   out pointwise inside a shortcut block          + held once more a projection there at least
///   3/2 of its input + held: where the expansion is wide the
///                                              plan leaves half of it unused
///   pointwise scratch                          + 4 c_in + 10 c_out
/// Errors on those peaks: 256KB +0.2, 256KB-Max +0.4, 320KB -0.1, 512KB +4.1, 512KB-Large -0.6,
/// 512KB-Max -0.6 %. They are errors of a fit, not of a prediction, so every figure is an estimate,
/// +-15 %.
[[nodiscard]] SramUsage sramOfXCubeAi(const AtomGraph &graph);

} // namespace atomnet
