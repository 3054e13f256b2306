#pragma once

#include "core/model/edit.h"

// The parts of apply() that change blocks. They may leave blocks without an id and values that are
// not legal: apply() gives ids and validates.
namespace atomnet
{

[[nodiscard]] Result<> insertBlocks(Network &network, const InsertBlocks &edit);
[[nodiscard]] Result<> removeBlocks(Network &network, const RemoveBlocks &edit);
[[nodiscard]] Result<> moveBlocks(Network &network, const MoveBlocks &edit);
[[nodiscard]] Result<> changeBlocks(Network &network, const ChangeBlocks &edit);
[[nodiscard]] Result<> lockBlocks(Network &network, const SetLocked &edit);

/// Index of this stage; an error when the design does not have it.
[[nodiscard]] Result<int> existingStage(const Network &network, StageId id);
/// `index` when it lies in 0 to `size`; an error that names `place` otherwise.
[[nodiscard]] Result<int> position(int index, size_t size, const QString &place);
/// Takes the ids from those of `blocks` whose id the network already uses.
void freshenUsedIds(const Network &network, std::vector<Block> &blocks);

} // namespace atomnet
