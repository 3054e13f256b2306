#pragma once

#include "widgets/canvas/canvas_commands.h"

// Where the arrow keys lead. Pure.
namespace atomnet
{

/// A thing that can be selected: exactly one of these.
struct Stop {
    bool input = false, head = false;
    StageId stage = {}; ///< its header
    BlockId block = {};
    bool operator==(const Stop &) const = default;
};

/// The neighbour of `from`, or `from` at the edge. Nothing selected (all empty): the first block.
/// Left and right go to the same row of the neighbouring stage, up and down along it, above the
/// first block its header.
[[nodiscard]] Stop neighbour(const Network &network, Stop from, Direction direction);

/// All blocks from one to another, both included, in the order of the design.
[[nodiscard]] std::vector<BlockId> blocksBetween(const Network &network, BlockId from, BlockId to);

} // namespace atomnet
