#include "core/analysis/guidelines/block_figures.h"

#include <algorithm>

namespace atomnet
{

std::optional<BlockAlone> analyzeAlone(Analyzer &analyzer, const Block &block, Shape in,
                                       int classes)
{
    Network network;
    network.input = in;
    Stage stage;
    stage.blocks = {block};
    network.stages = {stage};
    network.head.classes = classes;
    const auto report = analyzer.analyze(network);
    if (!report) return std::nullopt;
    BlockAlone figures;
    for (const Layer &layer : report->layers) {
        figures.flashWithHead += layer.flashBytes;
        if (layer.atom.stage != 0) continue;
        figures.flashBytes += layer.flashBytes;
        figures.macs += layer.macs;
        figures.sramBytes = std::max(figures.sramBytes, layer.sram.total());
        figures.latency += layer.latency.value;
        if (layer.latency.source == Source::Measured) figures.measured += layer.latency.value;
        if (layer.latency.source == Source::Missing) figures.missing = true;
        figures.layers.push_back(layer);
    }
    return figures;
}

} // namespace atomnet
