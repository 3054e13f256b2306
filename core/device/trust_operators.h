#pragma once

#include "core/lowering/atom_key.h"

#include <vector>

namespace atomnet
{

/// One small operator of every kind, packing and activation: what a board must compute as the host
/// does before anything that it measures is believed. Odd shapes, so that borders and remainders
/// are reached.
[[nodiscard]] std::vector<AtomKey> trustOperators();

} // namespace atomnet
