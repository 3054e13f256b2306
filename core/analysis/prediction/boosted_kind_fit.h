#pragma once

#include "core/analysis/prediction/boosted_kind.h"
#include "core/base/run_control.h"

#include <array>
#include <optional>
#include <vector>

// Fitting of BoostedKind with cross-validation inside.
namespace atomnet
{

inline constexpr int fitFolds = 5;

/// Operators of one kind and what linear models say of them.
struct BoostingRows {
    std::vector<AtomKey> keys;
    std::vector<double> measured; ///< above 0
    std::vector<double> linear;   ///< by the model of all operators, above 0
    std::vector<int> folds;       ///< 0 to fitFolds - 1
    /// By the model without the fold, of all rows.
    std::array<std::vector<double>, fitFolds> linearWithout;
};

struct BoostedFit {
    BoostedKind kind;
    std::vector<double> heldOut; ///< estimates by the models without the row's fold
};

/// None when there are too few operators or the trees are no better than the linear model on the
/// folds they have not seen, or when cancelled. Without `intervals` the folds are not fitted:
/// levels stand at 0, `heldOut` is empty and the trees are taken as better.
[[nodiscard]] std::optional<BoostedFit> fitBoosted(const BoostingRows &rows, double covered,
                                                   bool intervals, const RunControl &control);

} // namespace atomnet
