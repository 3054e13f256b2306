#pragma once

#include "core/inference/program.h"

namespace atomnet
{

/// The variant (core/lowering/atom_variant.h) of an operator that is called like this.
[[nodiscard]] quint16 variantOf(const Call &call);
/// Gives the operators of `graph` the packings that their weights really got, where lowering could
/// only say the typical ones. The program must be made from a graph of the same atoms.
void setVariants(AtomGraph &graph, const Program &program);

} // namespace atomnet
