#include "core/analysis/guidelines/guidelines.h"

#include <algorithm>

namespace atomnet
{

// A stage counts as bound by what it reaches half of: half of the network's SRAM peak, or half of
// the constants of the heaviest stage. Of both the larger share wins; SRAM when they are equal.
std::vector<StageDominance> stageDominance(const Report &report)
{
    constexpr double halfOf = 0.5;
    const std::size_t count = std::size_t(std::max<qsizetype>(report.stageNames.size(), 1));
    std::vector<StageDominance> stages(count);
    std::vector<qint64> sram(count), flash(count);
    for (const Layer &layer : report.layers) {
        const std::size_t s = std::size_t(std::clamp<int>(layer.atom.stage, 0, int(count) - 1));
        sram[s] = std::max(sram[s], layer.sram.total());
        flash[s] += layer.flashBytes;
    }
    const qint64 mostSram = *std::max_element(sram.begin(), sram.end());
    const qint64 mostFlash = *std::max_element(flash.begin(), flash.end());
    for (std::size_t s = 0; s < count; ++s) {
        StageDominance &stage = stages[s];
        if (mostSram > 0) stage.sramShare = double(sram[s]) / double(mostSram);
        if (report.flashWeightsBytes > 0)
            stage.flashShare = double(flash[s]) / double(report.flashWeightsBytes);
        const double ofHeaviest = mostFlash > 0 ? double(flash[s]) / double(mostFlash) : 0;
        if (std::max(stage.sramShare, ofHeaviest) < halfOf) continue;
        stage.dominance = stage.sramShare >= ofHeaviest ? Dominance::Sram : Dominance::Flash;
    }
    return stages;
}

} // namespace atomnet
