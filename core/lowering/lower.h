#pragma once

#include "core/base/result.h"
#include "core/lowering/atom_graph.h"
#include "core/model/network.h"

namespace atomnet
{

/// The operators that `runtime` really executes for this design.
/// x-cube-ai-7.2: a pad atom before every convolution with kernel above 1 except the stem (3 input channels);
/// activations fused; SE as one module. atomnet-1: pads folded, activations fused, SE as pool, two fully
/// connected, scale; ConvNeXt's expand and project as a fused pair; variants as typical weights get them.
/// Errors: BadInput for an empty network ("the design has no blocks...") and for what validate() refuses.
[[nodiscard]] Result<AtomGraph> lower(const Network &network, Runtime runtime);

/// One block alone, once (whatever its repeat), behind an input of this shape: the atoms that lower() gives it in any
/// network. Not validated: for blocks that stand in a valid network.
[[nodiscard]] AtomGraph lowerBlock(const Block &block, const Shape &in, Runtime runtime);
/// The head alone, behind an input of this shape.
[[nodiscard]] AtomGraph lowerHead(const Head &head, const Shape &in, Runtime runtime);

} // namespace atomnet
