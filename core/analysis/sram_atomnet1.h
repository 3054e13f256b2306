#pragma once

#include "core/analysis/sram.h"

namespace atomnet
{

/// SRAM of our own runtime: the arena that holds every tensor from its producer to its last reader,
/// placed by planMemory(). Input and output of an operator do not overlap yet, and scratch is 0:
/// kernels that tell how far an output may overwrite its input, and how much scratch they need,
/// will lower the figure, so it is an estimate. value = high = that arena; low = what full overlap
/// could reach: at each step the live tensors less the smaller of an operator's output and its
/// first input, where that input dies there. Parts per layer: input = all operands, held = what
/// else is alive; their sum is the live set of the layer.
[[nodiscard]] SramUsage sramOfAtomNet1(const AtomGraph &graph);

} // namespace atomnet
