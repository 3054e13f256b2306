#pragma once

#include "core/analysis/prediction/boosted_trees.h"

#include <vector>

// What boosted trees add to the linear latency model of one operator kind: a correction of the
// estimate and how far to trust it.
namespace atomnet
{

struct BoostedKind {
    std::vector<BoostedAxis> axes; ///< of both
    /// Answers 2 (m - l) / (m + l) of measured m and linear l: the logarithm of m / l in all but
    /// name, without the machine's mathematics library.
    BoostedTrees correction;
    /// Answers the square root of |m / estimate - 1| that operators like this one have had.
    BoostedTrees difficulty;
    /// 90 % quantile (95 % for instructions) of the cross-validated |m / estimate - 1| of operators
    /// of this difficulty. Ascending, at least one; the first also holds for easier ones.
    struct Level {
        qint32 from = 0; ///< in units of 1 / BoostedTrees::one, up to the next level
        double halfWidth90 = 0;
        bool operator==(const Level &) const = default;
    };
    std::vector<Level> levels;
    /// Seen values of traits that sizes are made of; beyond them the linear model answers alone.
    struct Range {
        Trait trait = Trait::InChannels;
        double least = 0, most = 0;
        bool operator==(const Range &) const = default;
    };
    std::vector<Range> ranges;
    double linearHalfWidth90 = 0; ///< of the linear model alone
    bool operator==(const BoostedKind &) const = default;

    struct Answer {
        double value = 0;     ///< corrected, above 0 for a linear estimate above 0
        double halfWidth = 0; ///< 90 %, as a share of it
    };
    [[nodiscard]] Answer answer(const TraitValues &traits, double linear) const;
};

/// The linear estimate after a correction of `sum` units.
[[nodiscard]] double corrected(double linear, qint64 sum);

} // namespace atomnet
