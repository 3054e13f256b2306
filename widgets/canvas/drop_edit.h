#pragma once

#include "core/model/edit.h"
#include "widgets/canvas/canvas_layout.h"

#include <QString>

#include <variant>

// What a drop does to the design, as edits. Pure.
namespace atomnet
{

/// Blocks from the palette, the clipboard or another window.
struct NewBlocks {
    std::vector<Block> blocks;
    bool takeWidth =
        false; ///< from the palette: as wide as what comes in at the place, so that it fits there
};
/// Blocks of this design, moved, or copied with Ctrl.
struct PresentBlocks {
    std::vector<BlockId> blocks;
};
struct PresentStage {
    StageId stage;
};
/// A preset: it replaces the whole design.
struct WholeDesign {
    Network network;
};
using Payload = std::variant<NewBlocks, PresentBlocks, PresentStage, WholeDesign>;

struct DropEdit {
    std::vector<Edit> edits;
    QString text; ///< of the undo step: "Move 2 blocks"
};

/// The edits of dropping `payload` at `place`; why not, otherwise. No edits: the drop would change
/// nothing.
[[nodiscard]] Result<DropEdit> dropEdit(const Network &network, const Payload &payload,
                                        DropPlace place, bool copy);

/// The first of "s1", "s2", ... that no stage has.
[[nodiscard]] QString freeStageName(const Network &network);
/// These blocks in the order of the design.
[[nodiscard]] std::vector<BlockId> inDesignOrder(const Network &network,
                                                 const std::vector<BlockId> &blocks);
/// Copies without identity, in the order of the design.
[[nodiscard]] std::vector<Block> copiesOf(const Network &network,
                                          const std::vector<BlockId> &blocks);
/// Ids that `after` has and `before` has not, in the order of the design.
[[nodiscard]] std::vector<BlockId> newBlocks(const Network &before, const Network &after);

} // namespace atomnet
