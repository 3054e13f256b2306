#pragma once

#include "core/analysis/report.h"

#include <optional>

// The three small bars of a card, as shares. Pure.
namespace atomnet
{

struct FigureBar {
    double share = 0; ///< 0 to 1
    Source source = Source::Measured;
    bool over = false; ///< above what the board has
    bool operator==(const FigureBar &) const = default;
};

struct CardFigures {
    FigureBar sram, flash, latency;
    bool peak = false; ///< the network's SRAM peak lies in this block
    bool operator==(const CardFigures &) const = default;
};

/// What a full bar stands for: SRAM the board's limit (or the largest block where there is no
/// limit), Flash and latency the largest block.
struct FigureScale {
    qint64 sram = 0, sramAvailable = 0, flash = 0, latency = 0;
    bool sramEstimated = false;
    BlockId peak;
    bool peakInHead = false;
};
[[nodiscard]] FigureScale figureScale(const Report &report,
                                      const std::vector<BlockFigures> &blocks);
[[nodiscard]] CardFigures cardFigures(const BlockFigures &block, const FigureScale &scale);

} // namespace atomnet
