#pragma once

#include "core/atomdb/atom_table.h"
#include "core/base/result.h"
#include "core/base/run_control.h"

#include <vector>

// How well latency models predict operators that they have not seen.
namespace atomnet
{

/// How well a model predicts what it did not see, by kind.
struct KindValidation {
    AtomKind kind = AtomKind::Conv;
    int keys = 0;
    double meanError = 0, medianError = 0; ///< 5 folds over distinct keys; absolute, as shares
    double groupMeanError = 0; ///< whole channel counts or map sizes held out, the worse of both
    double coverage = 0, narrowCoverage = 0,
           wideCoverage = 0;    ///< of the nominal 90 % interval: all, narrower half, wider half
    double medianHalfWidth = 0; ///< of the interval, as a share
};

/// Fits on four fifths of the operators and predicts the rest, five times over; then the same with
/// whole counts of channels and with whole map sizes held out. Intervals are those of models that
/// saw nothing of the held-out operators. Kinds with fewer than 8 operators are left out; ascending
/// by kind. Tens of seconds on the public data; empty when cancelled.
[[nodiscard]] std::vector<KindValidation> validateKinds(const AtomTable &table,
                                                        const RunControl &control = {});

} // namespace atomnet
