#pragma once

#include "core/analysis/guidelines/guidelines.h"
#include "core/model/network.h"

#include <vector>

namespace atomnet
{

/// One per stage and one for the head. Sram: its peak reaches half of the network's peak; Flash:
/// its weights reach half of those of the heaviest stage. Of both the larger share counts.
[[nodiscard]] std::vector<Dominance> stageDominance(const Network &network,
                                                    const std::vector<BlockFigures> &figures);

/// Neighbours of equal dominance, as one mark.
struct DominanceRun {
    Dominance dominance = Dominance::Neither;
    int first = 0, last = 0; ///< stages, the head is stages.size()
    bool operator==(const DominanceRun &) const = default;
};
[[nodiscard]] std::vector<DominanceRun> dominanceRuns(const std::vector<Dominance> &stages);

} // namespace atomnet
