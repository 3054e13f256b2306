#include "widgets/canvas/canvas_navigation.h"

#include <algorithm>

namespace atomnet
{
namespace
{

constexpr int headerRow = -1;

Stop stopAt(const Network &network, int stage, int row)
{
    if (stage < 0) return {.input = true};
    if (stage >= int(network.stages.size())) return {.head = true};
    const Stage &s = network.stages[std::size_t(stage)];
    const int clamped = std::min(row, int(s.blocks.size()) - 1);
    if (clamped <= headerRow) return {.stage = s.id};
    return {.block = s.blocks[std::size_t(clamped)].id};
}

Stop firstBlock(const Network &network)
{
    const auto found = std::find_if(network.stages.begin(), network.stages.end(),
                                    [](const Stage &stage) { return !stage.blocks.empty(); });
    if (found != network.stages.end()) return {.block = found->blocks.front().id};
    return network.stages.empty() ? Stop{.input = true} : Stop{.stage = network.stages.front().id};
}

} // namespace

Stop neighbour(const Network &network, Stop from, Direction direction)
{
    int stage = 0, row = 0;
    if (from.input) {
        stage = -1;
    } else if (from.head) {
        stage = int(network.stages.size());
    } else if (from.stage) {
        stage = findStage(network, from.stage);
        row = headerRow;
    } else {
        const BlockPlace place = findBlock(network, from.block);
        if (!place.valid()) return firstBlock(network);
        stage = place.stage;
        row = place.index;
    }
    switch (direction) {
    case Direction::Left:
        return stopAt(network, std::max(stage - 1, -1), row);
    case Direction::Right:
        return stopAt(network, stage + 1, row);
    case Direction::Up:
        return stopAt(network, stage, std::max(row - 1, headerRow));
    case Direction::Down:
        return stopAt(network, stage, row + 1);
    }
    return from;
}

std::vector<BlockId> blocksBetween(const Network &network, BlockId from, BlockId to)
{
    std::vector<BlockId> all;
    for (const Stage &stage : network.stages) {
        for (const Block &block : stage.blocks)
            all.push_back(block.id);
    }
    auto a = std::find(all.begin(), all.end(), from), b = std::find(all.begin(), all.end(), to);
    if (b == all.end()) return {};
    if (a == all.end()) return {to};
    if (b < a) std::swap(a, b);
    return {a, b + 1};
}

} // namespace atomnet
