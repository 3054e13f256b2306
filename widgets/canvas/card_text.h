#pragma once

#include "core/analysis/report.h"
#include "core/model/network.h"

#include <optional>

// What cards, headers and tool tips say. Pure.
namespace atomnet
{

/// "40×40"
[[nodiscard]] QString sizeText(Shape shape);
/// "none", "ReLU", "ReLU6", "HSwish", "HSigmoid"
[[nodiscard]] QString displayName(Activation act);
/// The second line of a card: "3×3 /2 e6 SE HSwish"; what is ordinary (stride 1, no expansion) is
/// left out.
[[nodiscard]] QString detailText(const Block &block);
/// The head's: "conv 960, FC 1280".
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
