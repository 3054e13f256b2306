#pragma once

#include "core/analysis/explorer/explorer_filter.h"

// How far predictions are from what was measured, kind by kind.
namespace atomnet
{

struct ErrorHistogram {
    double limit =
        10; ///< in %: bins reach from -limit to limit, the outer ones hold what is beyond
    struct Kind {
        AtomKind kind = AtomKind::Conv;
        std::vector<quint32> bins;
        quint32 rows = 0;
        double meanError = 0, medianError = 0; ///< absolute, in %
        double withinTen = 0;                  ///< share of rows within +-10 %
        quint32 unpredicted = 0;               ///< rows that the model says nothing about
    };
    std::vector<Kind> kinds; ///< ascending; those with rows alone
};
/// Of the rows shown. `limit` becomes the least of 2, 5, 10, 20, 50, 100 % that holds 95 % of all.
[[nodiscard]] ErrorHistogram errorHistogram(const ExplorerTable &table, const RowMask &mask,
                                            int bins);

} // namespace atomnet
