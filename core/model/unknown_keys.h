#pragma once

#include "core/model/network.h"

// Where the unknown keys of a design stand when it is written.
namespace atomnet
{

/// True for the types that have `expand`: ConvNeXt and MBConv.
[[nodiscard]] bool hasExpand(BlockType type);
/// True for the types that may have a squeeze-and-excite module: all but conv.
[[nodiscard]] bool mayHaveSe(BlockType type);

/// How many known keys writing gives this object.
[[nodiscard]] int writtenKeys(const Block &block);
[[nodiscard]] int writtenKeys(const SqueezeExcite &se);
[[nodiscard]] int writtenKeys(const Stage &stage);
[[nodiscard]] int writtenInputKeys(const Network &network);

/// Orders the keys by place and moves each place to the index that writing beside `knownKeys` known
/// keys really gives it: no two alike, none behind a gap.
void settlePlaces(UnknownKeys &keys, int knownKeys);
/// The same for every object of the design.
void settlePlaces(Network &network);

/// Known keys that never vary: of the design, the head and a layer of the head.
inline constexpr int designKeys = 6, headKeys = 4, headLayerKeys = 2;

} // namespace atomnet
