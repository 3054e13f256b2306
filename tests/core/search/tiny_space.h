#pragma once

#include "core/search/space.h"

// A space that is small enough to look at every network of it.
namespace atomnet
{

/// 2 inputs x (1 x 2 stem widths) x (3 types and expansions x 3 widths x 2 depths x 2 kernels x 2
/// SE): 288 distinct networks, 384 labelled.
inline SearchSpace tinySpace()
{
    SearchSpace space;
    space.name = QStringLiteral("tiny");
    space.resolutions = {16, 24};
    space.stages.resize(2);
    SpaceStage &stem = space.stages[0];
    stem.name = QStringLiteral("s1");
    stem.types = {BlockType::Conv};
    stem.widths = {8, 16};
    stem.stride = 2;
    stem.act = Activation::Relu;
    SpaceStage &body = space.stages[1];
    body.name = QStringLiteral("s2");
    body.types = {BlockType::Sep, BlockType::ConvNext};
    body.widths = {8, 16, 24};
    body.depths = {1, 2};
    body.kernels = {3, 5};
    body.expands = {1, 3};
    body.se = {std::nullopt, SqueezeExcite{}};
    body.stride = 2;
    space.head.classes = 10;
    return space;
}

} // namespace atomnet
