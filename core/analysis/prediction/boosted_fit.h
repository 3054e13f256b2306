#pragma once

#include "core/analysis/prediction/boosted_trees.h"
#include "core/base/run_control.h"

#include <vector>

// Gradient boosting of small trees on histograms. All sums are of whole numbers, what is drawn is
// drawn from a fixed seed, and no thread and no mathematics library takes part: equal rows give
// equal trees everywhere.
namespace atomnet
{

/// Rows of traits, cut into bins.
struct BinnedRows {
    std::vector<BoostedAxis> axes; ///< traits that differ between rows
    std::vector<quint8> bins;      ///< row after row, one for each axis
    [[nodiscard]] const quint8 *row(int i) const
    {
        return bins.data() + std::size_t(i) * axes.size();
    }
};
/// Borders lie between neighbouring values (at their geometric mean, as sizes are ratios), where
/// there are more than 64 values at their quantiles.
[[nodiscard]] BinnedRows binned(const std::vector<TraitValues> &rows);

struct BoostingOptions {
    int trees = 100;
    int leaves = 64;
    int depth = 8;
    int leastRows = 5;                             ///< in a leaf
    qint64 rateNumerator = 1, rateDenominator = 5; ///< of a tree's own answer that is added
    /// Residuals (in units of 1 / BoostedTrees::one) beyond this count as if they were on it: about
    /// the median instead of the mean. 0: all count as they are. It begins at robustFactor times
    /// this, as means carry further to sizes that were not seen, and is reached after three fifths
    /// of the trees.
    qint32 robustFrom = BoostedTrees::one / 200;
    qint32 robustFactor = 10;
};

/// Trees that answer `targets` (one for each of `rows`, within +-2 * one); `rows` are places in
/// `binned`. Empty trees when cancelled.
[[nodiscard]] BoostedTrees fitTrees(const BinnedRows &binned, const std::vector<int> &rows,
                                    const std::vector<qint32> &targets,
                                    const BoostingOptions &options, const RunControl &control = {});

} // namespace atomnet
