#include "core/model/edit.h"

#include "core/model/edit_blocks.h"
#include "core/model/validate.h"

#include <algorithm>

namespace atomnet
{

namespace
{

/// Performs one edit on its own copy of the network. Ids and validity are apply()'s care.
struct Editor {
    Network &network;

    Result<> operator()(const InsertBlocks &edit) const { return insertBlocks(network, edit); }
    Result<> operator()(const RemoveBlocks &edit) const { return removeBlocks(network, edit); }
    Result<> operator()(const MoveBlocks &edit) const { return moveBlocks(network, edit); }
    Result<> operator()(const ChangeBlocks &edit) const { return changeBlocks(network, edit); }

    Result<> operator()(const InsertStage &edit) const
    {
        auto at = position(edit.index, network.stages.size(), QStringLiteral("the design"));
        if (!at) return tl::make_unexpected(at.error());
        Stage stage = edit.stage;
        if (findStage(network, stage.id) >= 0) stage.id = {};
        freshenUsedIds(network, stage.blocks);
        network.stages.insert(network.stages.begin() + *at, std::move(stage));
        return {};
    }

    Result<> operator()(const RemoveStage &edit) const
    {
        const auto stage = existingStage(network, edit.stage);
        if (!stage) return tl::make_unexpected(stage.error());
        network.stages.erase(network.stages.begin() + *stage);
        return {};
    }

    Result<> operator()(const RenameStage &edit) const
    {
        const auto stage = existingStage(network, edit.stage);
        if (!stage) return tl::make_unexpected(stage.error());
        network.stages[size_t(*stage)].name = edit.name;
        return {};
    }

    Result<> operator()(const MoveStage &edit) const
    {
        const auto from = existingStage(network, edit.stage);
        if (!from) return tl::make_unexpected(from.error());
        const auto to = position(edit.index, network.stages.size(), QStringLiteral("the design"));
        if (!to) return tl::make_unexpected(to.error());
        const auto begin = network.stages.begin();
        if (*to > *from)
            std::rotate(begin + *from, begin + *from + 1, begin + *to);
        else
            std::rotate(begin + *to, begin + *from, begin + *from + 1);
        return {};
    }

    Result<> operator()(const SetInput &edit) const
    {
        network.input = edit.input;
        return {};
    }

    Result<> operator()(const SetHead &edit) const
    {
        network.head = edit.head;
        return {};
    }

    Result<> operator()(const SetName &edit) const
    {
        network.name = edit.name;
        return {};
    }

    Result<> operator()(const SetLocked &edit) const
    {
        for (const StageId id : edit.stages) {
            const auto stage = existingStage(network, id);
            if (!stage) return tl::make_unexpected(stage.error());
            network.stages[size_t(*stage)].locked = edit.locked;
        }
        if (edit.input) network.inputLocked = edit.locked;
        return lockBlocks(network, edit);
    }

    Result<> operator()(const ReplaceNetwork &edit) const
    {
        if (sameDesign(network, edit.network)) return {};
        // Ids go on from here, so that none of the old design names a part of the new one.
        const quint32 nextId = network.nextId;
        network = edit.network;
        clearIds(network);
        network.nextId = nextId;
        return {};
    }
};

} // namespace

Result<Network> apply(const Network &network, const Edit &edit)
{
    Network next = network;
    if (auto done = std::visit(Editor{next}, edit); !done) return tl::make_unexpected(done.error());
    assignIds(next);
    if (auto valid = validate(next); !valid) return tl::make_unexpected(valid.error());
    return next;
}

Block defaultBlock(BlockType type)
{
    Block block;
    block.type = type;
    block.kernel = 3;
    block.act = Activation::HSwish;
    switch (type) {
    case BlockType::Conv:
        block.out = 24;
        block.act = Activation::Relu;
        break;
    case BlockType::Sep:
        block.out = 24;
        break;
    case BlockType::ConvNext:
        block.out = 64;
        block.expand = 6;
        break;
    case BlockType::MbConv:
        block.out = 48;
        block.expand = 3;
        break;
    }
    return block;
}

} // namespace atomnet
