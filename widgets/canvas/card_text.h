#pragma once

#include "core/analysis/report.h"
#include "core/model/network.h"

#include <optional>

// What cards, headers and tool tips say. Pure.
namespace atomnet
{

/// "40×40"
[[nodiscard]] QString sizeText(Shape shape);
/// A card's line on the convolution: "3×3 /2 e6"; what is ordinary (stride 1) is left out.
[[nodiscard]] QString detailText(const Block &block);
/// A card's line on what follows it: "SE HSwish"; may be empty.
[[nodiscard]] QString extraText(const Block &block);
/// The head's: "conv 960, pool, FC 1280".
[[nodiscard]] QString detailText(const Head &head);
/// Everything about a block in one sentence, for screen readers and messages: "ConvNeXt, 64
/// channels, 3×3, ...".
[[nodiscard]] QString sentence(const Block &block);

/// Tool tip: what it is, shapes, and figures exactly with where they come from.
[[nodiscard]] QString blockToolTip(const Block &block, Shape in, Shape out,
                                   const std::optional<BlockFigures> &figures,
                                   const Report *report);
[[nodiscard]] QString headToolTip(const Head &head, Shape in,
                                  const std::optional<BlockFigures> &figures, const Report *report);

/// Differences of a preview to the committed design: "SRAM +12.4 KiB · Flash +1.2 KiB · +3.1 ms".
[[nodiscard]] QString differenceText(const Report &report, const Report &baseline);

} // namespace atomnet
