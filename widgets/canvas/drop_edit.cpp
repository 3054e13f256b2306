#include "widgets/canvas/drop_edit.h"

#include <QCoreApplication>
#include <QSet>

#include <algorithm>

namespace atomnet
{
namespace
{

QString tr(const char *text, int n = -1)
{
    return QCoreApplication::translate("atomnet::Canvas", text, nullptr, n);
}

QString blockCount(std::size_t n)
{
    return n == 1 ? tr("block") : tr("%1 blocks").arg(qulonglong(n));
}

/// Channels that come in at a place, or none before the first block.
std::optional<int> widthBefore(const Network &network, DropPlace place)
{
    const Shape shape = stageInput(network, place.stage);
    int width = shape.c;
    bool any = false;
    for (int s = 0; s < place.stage && !any; ++s)
        any = !network.stages[std::size_t(s)].blocks.empty();
    if (place.kind == DropPlace::Kind::InStage && place.index > 0) {
        const auto &blocks = network.stages[std::size_t(place.stage)].blocks;
        width = blocks[std::size_t(place.index - 1)].out;
        any = true;
    }
    return any ? std::optional(width) : std::nullopt;
}

std::vector<Block> adapted(const Network &network, const NewBlocks &payload, DropPlace place)
{
    std::vector<Block> blocks = payload.blocks;
    const std::optional<int> width = payload.takeWidth ? widthBefore(network, place) : std::nullopt;
    for (Block &block : blocks) {
        block.id = {};
        block.locked = false;
        if (width) block.out = *width;
    }
    return blocks;
}

DropEdit insertion(const Network &network, std::vector<Block> blocks, DropPlace place,
                   const QString &text)
{
    if (place.kind == DropPlace::Kind::InStage)
        return {{InsertBlocks{network.stages[std::size_t(place.stage)].id, place.index,
                              std::move(blocks)}},
                text};
    Stage stage;
    stage.name = freeStageName(network);
    stage.blocks = std::move(blocks);
    return {{InsertStage{place.stage, std::move(stage)}}, text};
}

Result<DropEdit> movement(const Network &network, const std::vector<BlockId> &blocks,
                          DropPlace place)
{
    const QString text = tr("Move %1").arg(blockCount(blocks.size()));
    if (place.kind == DropPlace::Kind::InStage)
        return DropEdit{
            {MoveBlocks{blocks, network.stages[std::size_t(place.stage)].id, place.index}}, text};
    Stage stage;
    stage.name = freeStageName(network);
    const InsertStage insert{place.stage, stage};
    const auto with = atomnet::apply(network, insert); // tells the id that the stage will get
    if (!with) return tl::make_unexpected(with.error());
    return DropEdit{{insert, MoveBlocks{blocks, with->stages[std::size_t(place.stage)].id, 0}},
                    text};
}

} // namespace

Result<DropEdit> dropEdit(const Network &network, const Payload &payload, DropPlace place,
                          bool copy)
{
    if (const auto *whole = std::get_if<WholeDesign>(&payload))
        return DropEdit{{ReplaceNetwork{whole->network}},
                        tr("Replace the design by %1").arg(whole->network.name)};
    if (!place.valid())
        return fail(ErrorCode::Usage, tr("blocks go into a stage or between stages; drop left or "
                                         "right of the input and the head"));
    if (const auto *fresh = std::get_if<NewBlocks>(&payload)) {
        const QString what = fresh->blocks.size() == 1 ? displayName(fresh->blocks.front().type)
                                                       : blockCount(fresh->blocks.size());
        return insertion(network, adapted(network, *fresh, place), place,
                         tr("Insert %1").arg(what));
    }
    if (const auto *stage = std::get_if<PresentStage>(&payload))
        return DropEdit{{MoveStage{stage->stage, place.stage}}, tr("Move stage")};
    const auto &blocks = std::get<PresentBlocks>(payload).blocks;
    if (copy)
        return insertion(network, copiesOf(network, blocks), place,
                         tr("Copy %1").arg(blockCount(blocks.size())));
    return movement(network, blocks, place);
}

QString freeStageName(const Network &network)
{
    for (int n = 1;; ++n) {
        const QString name = QStringLiteral("s%1").arg(n);
        if (std::none_of(network.stages.begin(), network.stages.end(),
                         [&](const Stage &stage) { return stage.name == name; }))
            return name;
    }
}

std::vector<BlockId> inDesignOrder(const Network &network, const std::vector<BlockId> &blocks)
{
    const QSet<BlockId> wanted(blocks.begin(), blocks.end());
    std::vector<BlockId> ordered;
    for (const Stage &stage : network.stages) {
        for (const Block &block : stage.blocks) {
            if (wanted.contains(block.id)) ordered.push_back(block.id);
        }
    }
    return ordered;
}

std::vector<Block> copiesOf(const Network &network, const std::vector<BlockId> &blocks)
{
    std::vector<Block> copies;
    for (const BlockId id : inDesignOrder(network, blocks)) {
        copies.push_back(*blockById(network, id));
        copies.back().id = {};
        copies.back().locked = false; // a padlock holds one block, not its copies
    }
    return copies;
}

std::vector<BlockId> newBlocks(const Network &before, const Network &after)
{
    QSet<BlockId> old;
    for (const Stage &stage : before.stages) {
        for (const Block &block : stage.blocks)
            old.insert(block.id);
    }
    std::vector<BlockId> fresh;
    for (const Stage &stage : after.stages) {
        for (const Block &block : stage.blocks) {
            if (!old.contains(block.id)) fresh.push_back(block.id);
        }
    }
    return fresh;
}

} // namespace atomnet
