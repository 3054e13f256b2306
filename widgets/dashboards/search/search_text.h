#pragma once

#include "core/search/search.h"

#include <QString>

// What the Search dock says. Pure, so that it is tested without a window.
namespace atomnet
{

/// "Conv 16 /2", "SEP 24 x2 k5", "ConvNeXt 64 e6 SE x3"; blocks that differ are joined by ", ".
[[nodiscard]] QString stageText(const Stage &stage);
/// Resolution, then width and depth of each stage: "160: 16x1 24x2 48x3".
[[nodiscard]] QString networkText(const Network &network);
/// "Proven best of 38,102,400 networks, 1,234,567 feasible, 6 ms"; without the proof "Best found,
/// at most ...".
[[nodiscard]] QString proofText(const SearchResult &result, const SpaceCount &space);
/// A count that may be beyond 2^53: "1,234,567" or "about 3.8e15".
[[nodiscard]] QString countText(double count);
/// "6 ms", "1.2 s", "40 µs".
[[nodiscard]] QString durationText(double seconds);
/// What a search keeps of this design: "stem, s3 in part, input"; empty when nothing is locked.
[[nodiscard]] QString lockedText(const Network &design);
/// What a mode of estimates means, one sentence.
[[nodiscard]] QString estimatesText(Estimates estimates);

/// The found network with the locks of `design`, ready to take its place: equal stages, blocks and
/// input stay locked.
[[nodiscard]] Network withLocksOf(Network found, const Network &design);

} // namespace atomnet
