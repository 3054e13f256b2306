#pragma once

#include "core/analysis/kernel_facts.h"

#include <vector>

namespace atomnet
{

/// Where every tensor and every operator's scratch lies in the one arena of atomnet-1. Offsets are multiples of 4.
struct ArenaPlan {
    std::vector<qint64> tensorOffsets;  ///< by graph tensor
    std::vector<qint64> scratchOffsets; ///< by atom; 0 when it needs none
    std::vector<qint64> scratchBytes;   ///< by atom
    qint64 arenaBytes = 0;
    qint64 lowerBound = 0; ///< proven: no plan for these kernels is smaller
    bool optimal = false;  ///< arenaBytes is proven to be the smallest
    bool operator==(const ArenaPlan &) const = default;
};

/// The smallest arena found: exact for graphs of up to 8 tensors, else the best of several orders and local search,
/// stopping at the lower bound. Deterministic.
[[nodiscard]] ArenaPlan planArena(const AtomGraph &graph);

/// What is wrong with a plan, for tests and before every export: "" when nothing is. Checks alignment, that no two live
/// ranges share a byte save as the kernels allow, and that arenaBytes covers all.
[[nodiscard]] QString planProblem(const AtomGraph &graph, const ArenaPlan &plan);

} // namespace atomnet
