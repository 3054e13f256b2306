#include "widgets/canvas/card_figures.h"

#include <algorithm>

namespace atomnet
{
namespace
{
double share(qint64 value, qint64 full)
{
    return full > 0 ? std::clamp(double(value) / double(full), 0.0, 1.0) : 0;
}
} // namespace

FigureScale figureScale(const Report &report, const std::vector<BlockFigures> &blocks)
{
    FigureScale scale;
    qint64 mostSram = 0;
    for (const BlockFigures &block : blocks) {
        mostSram = std::max(mostSram, block.sramBytes);
        scale.flash = std::max(scale.flash, block.flashBytes);
        scale.latency = std::max(scale.latency, block.latency.value);
    }
    const bool limited = report.sram.fit != Fit::NoLimit && report.sram.available > 0;
    scale.sramAvailable = limited ? report.sram.available : 0;
    scale.sram = limited ? report.sram.available : mostSram;
    scale.sramEstimated = report.sram.estimated;
    if (report.peak.layer >= 0 && std::size_t(report.peak.layer) < report.layers.size()) {
        scale.peak = report.layers[std::size_t(report.peak.layer)].atom.blockId;
        scale.peakInHead = !scale.peak;
    }
    return scale;
}

CardFigures cardFigures(const BlockFigures &block, const FigureScale &scale)
{
    CardFigures figures;
    figures.sram = {share(block.sramBytes, scale.sram),
                    scale.sramEstimated ? Source::Estimated : Source::Measured,
                    scale.sramAvailable > 0 && block.sramBytes > scale.sramAvailable};
    figures.flash = {share(block.flashBytes, scale.flash), Source::Measured, false};
    figures.latency = {share(block.latency.value, scale.latency), block.latency.source, false};
    figures.peak = block.block ? block.block == scale.peak : scale.peakInHead;
    return figures;
}

} // namespace atomnet
