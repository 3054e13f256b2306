#pragma once

#include "core/analysis/prediction/boosted_features.h"

#include <vector>

// A sum of small decision trees over an operator's traits. Leaves are whole numbers, so the sum is
// the same on every machine and in every order.
namespace atomnet
{

/// A trait cut into bins: bin b holds values above borders[b - 1] and up to borders[b].
struct BoostedAxis {
    Trait trait = Trait::InChannels;
    std::vector<double> borders; ///< ascending, at least one, at most mostBorders
    static constexpr int mostBorders = 63;
    bool operator==(const BoostedAxis &) const = default;
};
/// Number of borders below the value.
[[nodiscard]] quint8 binOf(const std::vector<double> &borders, double value);
/// One bin for each axis, 0 behind them.
using BoostedBins = std::array<quint8, traitCount>;
[[nodiscard]] BoostedBins binsOf(const std::vector<BoostedAxis> &axes, const TraitValues &traits);

struct BoostedTrees {
    /// Of a tree; its nodes stand level by level, the root first, the two children of a split
    /// behind those of the splits before it.
    /// A default one is a leaf: no bin is above 255, so a walk stays on it.
    struct Node {
        quint8 axis = 0;   ///< which bin is looked at
        quint8 bin = 255;  ///< bins above it go to the second child
        quint16 child = 0; ///< distance to the first child, the second stands behind it
        [[nodiscard]] bool isLeaf() const { return child == 0; }
        bool operator==(const Node &) const = default;
    };
    std::vector<Node> nodes;
    std::vector<qint32> values; ///< of leaves, by node; in units of 1 / one; 0 elsewhere
    std::vector<quint32> roots; ///< first node of each tree, ascending
    qint32 base = 0;            ///< what is added to every sum
    bool operator==(const BoostedTrees &) const = default;

    static constexpr qint32 one = 1 << 20;
    static constexpr int mostTrees = 1000, mostLeaves = 256;
    static constexpr qint32 largestValue = 4 * one; ///< of a leaf and of base

    /// Sum over all trees, in units of 1 / one, for bins of the axes that they were fitted on.
    [[nodiscard]] qint64 sum(const quint8 *bins) const;
};

} // namespace atomnet
