#pragma once

#include "core/analysis/report.h"

#include <vector>

// What a runtime needs in SRAM for a graph: per layer and as the figure of the whole network.
namespace atomnet
{

struct SramUsage {
    std::vector<SramParts> layers; ///< by atom
    int peakLayer = -1;            ///< the first layer with the largest sum of parts
    qint64 value = 0;              ///< of the network
    qint64 low = 0, high = 0;
    bool estimated = true;
    std::optional<SramBreakdown> breakdown; ///< of value, stack counted
    std::vector<TensorLife> tensors; ///< by tensor; offsets only where the runtime's plan is known
};

/// By the runtime of the graph (sram_xcubeai.h, sram_atomnet1.h).
[[nodiscard]] SramUsage sramUsage(const AtomGraph &graph);

/// Lifetimes without offsets, as the timeline shows them.
[[nodiscard]] std::vector<TensorLife> tensorLives(const AtomGraph &graph);
/// The tensors that are alive at this layer, in the order of their producers.
[[nodiscard]] std::vector<int> tensorsAlive(const AtomGraph &graph, int layer);

} // namespace atomnet
