#pragma once

#include "core/model/network.h"

#include <QRandomGenerator>

// Valid designs from a seed, for property tests.
namespace atomnet::test
{

/// What a random design may contain.
struct RandomLimits {
    int stages = 6, blocksPerStage = 5;
    bool unknownKeys = false; ///< sprinkle keys that this version does not know
};

/// A valid block on a map of this shape, without an id.
[[nodiscard]] Block randomBlock(QRandomGenerator &random, Shape in, bool unknownKeys = false);
/// A valid design with ids; equal for equal generators.
[[nodiscard]] Network randomNetwork(QRandomGenerator &random, const RandomLimits &limits = {});

} // namespace atomnet::test
