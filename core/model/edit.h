#pragma once

#include "core/base/result.h"
#include "core/model/network.h"

#include <variant>

// Every change a person can make, as small values, and the one pure function that performs them.
namespace atomnet
{

/// Inserts copies of `blocks` (fresh ids where 0) before position `index` of stage `stage`.
struct InsertBlocks {
    StageId stage;
    int index = 0;
    std::vector<Block> blocks;
};

/// Removes these blocks. A stage left empty stays.
struct RemoveBlocks {
    std::vector<BlockId> blocks;
};

/// Moves these blocks, in their present order, before position `index` of `stage` (counted before
/// removal).
struct MoveBlocks {
    std::vector<BlockId> blocks;
    StageId stage;
    int index = 0;
};

/// What ChangeBlocks sets; fields without a value stay. A field that a block's type does not have
/// is skipped for that block (expand on SEP), an illegal value is an error.
struct BlockPatch {
    std::optional<BlockType> type; ///< fields that the new type lacks return to their defaults
    std::optional<int> out, kernel, stride, repeat;
    std::optional<double> expand;
    std::optional<Activation> act;
    std::optional<std::optional<SqueezeExcite>> se; ///< outer: set it; inner: none removes the SE
};

struct ChangeBlocks {
    std::vector<BlockId> blocks;
    BlockPatch patch;
};

/// Inserts a stage (fresh ids where 0) before position `index`.
struct InsertStage {
    int index = 0;
    Stage stage;
};
struct RemoveStage {
    StageId stage;
};
struct RenameStage {
    StageId stage;
    QString name;
};
/// Moves a stage before position `index` (counted before removal).
struct MoveStage {
    StageId stage;
    int index = 0;
};

struct SetInput {
    Shape input;
};
struct SetHead {
    Head head;
};
struct SetName {
    QString name;
};
/// Padlocks: what a search keeps. Changes no figure.
struct SetLocked {
    bool locked = true;
    std::vector<StageId> stages;
    std::vector<BlockId> blocks;
    bool input = false; ///< the input too
};
/// The whole design at once, e.g. a preset or a search result. Ids are given anew.
struct ReplaceNetwork {
    Network network;
};

using Edit =
    std::variant<InsertBlocks, RemoveBlocks, MoveBlocks, ChangeBlocks, InsertStage, RemoveStage,
                 RenameStage, MoveStage, SetInput, SetHead, SetName, SetLocked,
                 ReplaceNetwork>;

/// The network after the edit, valid (validate.h); or why it cannot be, the given one untouched.
/// Call it as atomnet::apply: an Edit is a std::variant, so a bare apply may find std::apply.
[[nodiscard]] Result<Network> apply(const Network &network, const Edit &edit);

/// A block as the palette offers it: sensible values for its type.
[[nodiscard]] Block defaultBlock(BlockType type);

} // namespace atomnet
