#include "core/model/edit_blocks.h"

#include "core/model/unknown_keys.h"
#include "core/model/validate.h"

#include <QSet>

#include <algorithm>

namespace atomnet
{

namespace
{

/// These blocks as a set; an error when the design lacks one of them.
Result<QSet<BlockId>> existingBlocks(const Network &network, const std::vector<BlockId> &ids)
{
    QSet<BlockId> missing(ids.begin(), ids.end());
    QSet<BlockId> found;
    for (const Stage &stage : network.stages) {
        for (const Block &block : stage.blocks) {
            if (block.id && missing.remove(block.id)) found.insert(block.id);
        }
    }
    if (!missing.isEmpty()) {
        return fail(ErrorCode::BadInput,
                    QStringLiteral("a selected block is not in the design any more; select again"));
    }
    return found;
}

void setType(Block &block, BlockType type)
{
    if (block.type == type) return;
    const bool hadExpand = hasExpand(block.type);
    block.type = type;
    if (!hasExpand(type))
        block.expand = 1;
    else if (!hadExpand)
        block.expand = defaultBlock(type).expand;
    if (!mayHaveSe(type)) block.se.reset();
}

void change(Block &block, const BlockPatch &patch)
{
    if (patch.type) setType(block, *patch.type);
    if (patch.out) block.out = *patch.out;
    if (patch.kernel) block.kernel = *patch.kernel;
    if (patch.stride) block.stride = *patch.stride;
    if (patch.repeat) block.repeat = *patch.repeat;
    if (patch.act) block.act = *patch.act;
    if (patch.expand && hasExpand(block.type)) block.expand = *patch.expand;
    if (patch.se && mayHaveSe(block.type)) block.se = *patch.se;
}

} // namespace

Result<int> existingStage(const Network &network, StageId id)
{
    const int stage = findStage(network, id);
    if (stage >= 0) return stage;
    return fail(ErrorCode::BadInput,
                QStringLiteral("the stage is not in the design any more; choose another"));
}

Result<int> position(int index, size_t size, const QString &place)
{
    if (index >= 0 && size_t(index) <= size) return index;
    return fail(ErrorCode::BadInput,
                QStringLiteral("there is no position %1; use 0 to %2").arg(index).arg(size), place);
}

void freshenUsedIds(const Network &network, std::vector<Block> &blocks)
{
    QSet<BlockId> used;
    for (const Stage &stage : network.stages) {
        for (const Block &block : stage.blocks)
            used.insert(block.id);
    }
    for (Block &block : blocks) {
        if (used.contains(block.id)) block.id = {};
    }
}

Result<> insertBlocks(Network &network, const InsertBlocks &edit)
{
    const auto stage = existingStage(network, edit.stage);
    if (!stage) return tl::make_unexpected(stage.error());
    std::vector<Block> &blocks = network.stages[size_t(*stage)].blocks;
    const auto at = position(edit.index, blocks.size(), placeName(network, *stage, -1));
    if (!at) return tl::make_unexpected(at.error());
    std::vector<Block> added = edit.blocks;
    freshenUsedIds(network, added);
    blocks.insert(blocks.begin() + *at, std::make_move_iterator(added.begin()),
                  std::make_move_iterator(added.end()));
    return {};
}

Result<> removeBlocks(Network &network, const RemoveBlocks &edit)
{
    const auto ids = existingBlocks(network, edit.blocks);
    if (!ids) return tl::make_unexpected(ids.error());
    for (Stage &stage : network.stages)
        std::erase_if(stage.blocks, [&](const Block &block) { return ids->contains(block.id); });
    return {};
}

Result<> moveBlocks(Network &network, const MoveBlocks &edit)
{
    const auto ids = existingBlocks(network, edit.blocks);
    if (!ids) return tl::make_unexpected(ids.error());
    const auto target = existingStage(network, edit.stage);
    if (!target) return tl::make_unexpected(target.error());
    const size_t to = size_t(*target);
    const auto at =
        position(edit.index, network.stages[to].blocks.size(), placeName(network, *target, -1));
    if (!at) return tl::make_unexpected(at.error());

    const auto moves = [&](const Block &block) { return ids->contains(block.id); };
    std::vector<Block> moved;
    for (const Stage &stage : network.stages)
        std::copy_if(stage.blocks.begin(), stage.blocks.end(), std::back_inserter(moved), moves);
    // The index counts the moved blocks that stand before it; they are about to leave.
    const auto first = network.stages[to].blocks.begin();
    const auto stay = *at - std::count_if(first, first + *at, moves);
    for (Stage &stage : network.stages)
        std::erase_if(stage.blocks, moves);
    std::vector<Block> &blocks = network.stages[to].blocks;
    blocks.insert(blocks.begin() + stay, std::make_move_iterator(moved.begin()),
                  std::make_move_iterator(moved.end()));
    return {};
}

Result<> changeBlocks(Network &network, const ChangeBlocks &edit)
{
    const auto ids = existingBlocks(network, edit.blocks);
    if (!ids) return tl::make_unexpected(ids.error());
    if (edit.patch.type && *edit.patch.type > BlockType::MbConv)
        return fail(ErrorCode::BadInput,
                    QStringLiteral("there is no such block type; choose another"));
    for (Stage &stage : network.stages) {
        for (Block &block : stage.blocks) {
            if (ids->contains(block.id)) change(block, edit.patch);
        }
    }
    return {};
}

Result<> lockBlocks(Network &network, const SetLocked &edit)
{
    const auto ids = existingBlocks(network, edit.blocks);
    if (!ids) return tl::make_unexpected(ids.error());
    for (Stage &stage : network.stages) {
        for (Block &block : stage.blocks) {
            if (ids->contains(block.id)) block.locked = edit.locked;
        }
    }
    return {};
}

} // namespace atomnet
