#pragma once

#include "core/search/space.h"

// The choices of a space as parts of networks, each network of the space once.
namespace atomnet
{

/// The inputs, resolutions first; each once.
[[nodiscard]] std::vector<Shape> spaceInputs(const SearchSpace &space);

/// What a stage may be, each once, without ids, in the order of the lists: type, width, kernel,
/// expansion, SE, and depth fastest. A stage has one block with its depth as repeat.
[[nodiscard]] std::vector<Stage> stageOptions(const SpaceStage &stage);

/// How many options a stage has: every combination of its lists, and those that differ.
struct OptionCount {
    double labelled = 0, distinct = 0;
};
[[nodiscard]] OptionCount countOptions(const SpaceStage &stage);

/// Whether these blocks are the same, ids and padlocks apart.
[[nodiscard]] bool sameBlocks(const Stage &a, const Stage &b);

/// The least and the most blocks that a stage may have, repeats counted.
struct DepthRange {
    int least = 0, most = 0;
};
[[nodiscard]] DepthRange depthRange(const SpaceStage &stage);

/// The network of this input and these stages, with ids.
[[nodiscard]] Network networkOf(const SearchSpace &space, const Shape &input,
                                std::vector<Stage> stages);

/// The first thing in a stage that may not be, as a sentence; empty: nothing. `key` says which list
/// holds it.
struct SpaceFault {
    const char *key = "";
    int item = -1; ///< of the list; -1: the list itself
    QString what;
};
[[nodiscard]] std::optional<SpaceFault> findFault(const SpaceStage &stage);
/// Of the space itself; its stages apart.
[[nodiscard]] std::optional<SpaceFault> findFault(const SearchSpace &space);
/// Of the space and its stages, as a Result whose `where` names the stage.
[[nodiscard]] Result<> validate(const SearchSpace &space);

} // namespace atomnet
