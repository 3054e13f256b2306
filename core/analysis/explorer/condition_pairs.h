#pragma once

#include "core/analysis/explorer/explorer_table.h"

// Two boards or runtimes side by side: which operator of one is which of the other.
namespace atomnet
{

struct ConditionPair {
    quint32 first = 0, second = 0; ///< rows
    bool exact = false;            ///< the same key; else the same shape
    bool operator==(const ConditionPair &) const = default;
};
struct ConditionPairs {
    std::vector<ConditionPair> pairs; ///< by first; each row of the first table at most once
    quint32 exact = 0;
};

/// Keys that both hold are paired. Where the second has no such key, as the keys of x-cube-ai-7.2
/// and atomnet-1 differ, the shape decides: kind, input height and width with padding (the one has
/// it in its input, the other in its pads), output, channels, groups, squeeze, kernel, stride and
/// dilation; activation, packing and weight place may differ. Of several rows of that shape: the
/// one with this activation, else without any activation, else the slowest. Pads,
/// squeeze-and-excite modules and fused pairs, which only one of the runtimes has, find no partner.
/// Empty when cancelled.
[[nodiscard]] ConditionPairs pairConditions(const AtomTable &first, const AtomTable &second,
                                            const RunControl &control = {});

/// The shape that pairs are matched by, as a key: all else at its default.
[[nodiscard]] AtomKey shapeOnly(const AtomKey &key);

} // namespace atomnet
