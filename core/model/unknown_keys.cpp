#include "core/model/unknown_keys.h"

#include <algorithm>

namespace atomnet
{

bool hasExpand(BlockType type)
{
    return type == BlockType::ConvNext || type == BlockType::MbConv;
}

bool mayHaveSe(BlockType type)
{
    return type != BlockType::Conv;
}

int writtenKeys(const Block &block)
{
    return 5 + int(hasExpand(block.type)) + int(block.se.has_value()) + int(block.repeat != 1) +
           int(block.locked);
}

int writtenKeys(const SqueezeExcite &se)
{
    return 3 + int(se.channels && se.reduction != SqueezeExcite{}.reduction);
}

int writtenKeys(const Stage &stage)
{
    return 2 + int(stage.locked);
}

int writtenInputKeys(const Network &network)
{
    return 3 + int(network.inputLocked);
}

void settlePlaces(UnknownKeys &keys, int knownKeys)
{
    if (keys.empty()) return;
    std::stable_sort(keys.begin(), keys.end(),
                     [](const UnknownKey &a, const UnknownKey &b) { return a.place < b.place; });
    int next = 0, last = knownKeys;
    for (UnknownKey &key : keys) {
        key.place = std::clamp(key.place, next, last);
        next = key.place + 1;
        ++last;
    }
}

void settlePlaces(Network &network)
{
    settlePlaces(network.unknown, designKeys);
    settlePlaces(network.inputUnknown, writtenInputKeys(network));
    for (Stage &stage : network.stages) {
        settlePlaces(stage.unknown, writtenKeys(stage));
        for (Block &block : stage.blocks) {
            settlePlaces(block.unknown, writtenKeys(block));
            if (block.se) settlePlaces(block.se->unknown, writtenKeys(*block.se));
        }
    }
    settlePlaces(network.head.unknown, headKeys);
    if (network.head.conv) settlePlaces(network.head.conv->unknown, headLayerKeys);
    if (network.head.hidden) settlePlaces(network.head.hidden->unknown, headLayerKeys);
}

} // namespace atomnet
