#pragma once

#include "core/analysis/sram.h"

namespace atomnet
{

/// SRAM of our own runtime, exactly: the arena of planArena(), which holds every tensor from its
/// producer to its last reader and the scratch of the operator that runs, the runtime's own data
/// and its stack. Parts per layer: input = all operands, output = what of it does not lie over
/// them, held = what else is alive; their sum is what the layer keeps busy in the arena.
[[nodiscard]] SramUsage sramOfAtomNet1(const AtomGraph &graph);

} // namespace atomnet
