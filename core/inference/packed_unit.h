#pragma once

#include "core/inference/constants.h"

namespace atomnet
{

/// Which kernel reads a unit's weights.
enum class UnitKernel : quint8 { Conv, Depthwise, Pointwise, Dense };

/// A unit as its kernel reads it, constants by index.
struct PackedUnit {
    int weights = -1, packing = 0;
    OutputStage out;
};

/// Packs the weights of an atom's unit (part 1: the second of a pair) in the fastest way that is
/// exact for its numbers, folds its bias, and adds both with multipliers and table to `constants`,
/// named after `layer`. BadInput when no kernel can hold it.
[[nodiscard]] Result<PackedUnit> packUnit(const QuantizedNetwork &network, int atom, int part,
                                          UnitKernel kernel, const QString &layer,
                                          Constants &constants);

/// What layers are told whose sums could exceed 32 bits.
[[nodiscard]] tl::unexpected<Error> sumsTooLarge(const QString &layer);

} // namespace atomnet
