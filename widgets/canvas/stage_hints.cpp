#include "widgets/canvas/stage_hints.h"

#include <QHash>

#include <algorithm>

namespace atomnet
{

std::vector<Dominance> stageDominance(const Network &network,
                                      const std::vector<BlockFigures> &figures)
{
    constexpr double halfOf = 0.5;
    QHash<BlockId, std::size_t> stageOf;
    for (std::size_t s = 0; s < network.stages.size(); ++s) {
        for (const Block &block : network.stages[s].blocks)
            stageOf.insert(block.id, s);
    }
    const std::size_t count = network.stages.size() + 1;
    std::vector<double> sram(count), flash(count);
    for (const BlockFigures &f : figures) {
        if (f.block && !stageOf.contains(f.block)) continue; // of a preview, not on the canvas yet
        const std::size_t s = stageOf.value(f.block, count - 1);
        sram[s] = std::max(sram[s], double(f.sramBytes));
        flash[s] += double(f.flashBytes);
    }
    const double mostSram = *std::max_element(sram.begin(), sram.end());
    const double mostFlash = *std::max_element(flash.begin(), flash.end());
    std::vector<Dominance> stages(count, Dominance::Neither);
    for (std::size_t s = 0; s < count; ++s) {
        const double sramShare = mostSram > 0 ? sram[s] / mostSram : 0;
        const double flashShare = mostFlash > 0 ? flash[s] / mostFlash : 0;
        if (std::max(sramShare, flashShare) < halfOf) continue;
        stages[s] = sramShare >= flashShare ? Dominance::Sram : Dominance::Flash;
    }
    return stages;
}

std::vector<DominanceRun> dominanceRuns(const std::vector<Dominance> &stages)
{
    std::vector<DominanceRun> runs;
    for (std::size_t s = 0; s < stages.size(); ++s) {
        if (stages[s] == Dominance::Neither) continue;
        const bool joins = s > 0 && !runs.empty() && stages[s] == stages[s - 1];
        if (joins) {
            runs.back().last = int(s);
        } else {
            runs.push_back({stages[s], int(s), int(s)});
        }
    }
    return runs;
}

} // namespace atomnet
