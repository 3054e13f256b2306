#pragma once

#include "core/lowering/atom_key.h"

#include <vector>

// The operators that the AtomDB which ships holds: those of atomnet-1 in the published AtomNets and
// in the paper's search space (Table 2), as far as a board could run them, and some others for
// models to learn from.
namespace atomnet
{

/// What an operator on its own may need: the largest of the boards (STM32H743).
inline constexpr qint64 mostOperatorArena =
    512 * 1024; ///< tensors and scratch, output over input where its kernel can
inline constexpr qint64 mostOperatorWeights = 2048 * 1024; ///< packed

/// Distinct operators, in a fixed order.
[[nodiscard]] std::vector<AtomKey> presetOperators();
/// Of every network of the space: 9 resolutions, 6 stages, all widths, depths, block types and
/// expansions, 1,000 classes.
[[nodiscard]] std::vector<AtomKey> paperSpaceOperators();
/// Small ones off the space's grid: other kernels, strides, activations and odd channels, so that
/// models fitted on what is measured know more than the space. The same on every machine.
[[nodiscard]] std::vector<AtomKey> modelOperators();
/// All of them, within the limits above: what is measured.
[[nodiscard]] std::vector<AtomKey> shippedOperators();

/// The order: by kind, then by the key's fields.
[[nodiscard]] bool keyLess(const AtomKey &a, const AtomKey &b);

} // namespace atomnet
