#pragma once

#include "core/model/edit.h"

namespace atomnet
{

/// stem conv 8 /2, then s1: SEP 8, SEP 16; with ids.
inline Network smallNetwork()
{
    Network network;
    network.name = QStringLiteral("small");
    network.input = {32, 32, 3};
    Stage stem, s1;
    stem.name = QStringLiteral("stem");
    stem.blocks = {defaultBlock(BlockType::Conv)};
    stem.blocks[0].out = 8;
    stem.blocks[0].stride = 2;
    s1.name = QStringLiteral("s1");
    s1.blocks = {defaultBlock(BlockType::Sep), defaultBlock(BlockType::Sep)};
    s1.blocks[0].out = 8;
    s1.blocks[1].out = 16;
    network.stages = {stem, s1};
    network.head.classes = 10;
    assignIds(network);
    return network;
}

inline ChangeBlocks widthEdit(BlockId block, int out)
{
    BlockPatch patch;
    patch.out = out;
    return {{block}, patch};
}

} // namespace atomnet
