#pragma once

#include "core/analysis/analyze.h"
#include "core/device/measure_plan.h"
#include "core/search/space.h"

// Construction plans: the operators of a space that a board has yet to measure, the most telling
// first.
namespace atomnet
{

struct SpacePlanItem {
    AtomKey key;
    double weight = 0; ///< how much measuring it reduces the uncertainty of the space's designs (ns
                       ///< or instructions, summed over them)
    qint64 expectedNs = 0; ///< of measuring it, overhead included
    Latency estimate;
};

struct SpacePlan {
    std::vector<SpacePlanItem> items; ///< heaviest first
    qint64 operators = 0, measured = 0,
           unmeasurable = 0; ///< distinct ones of the space; those beyond the board's memory
    qint64 expectedNs = 0;
    double coveredUncertainty =
        0; ///< share of the space's uncertainty that measured operators no longer add, 0 to 1
};

/// Errors: BadInput for a space that is too large to enumerate its operators.
[[nodiscard]] Result<SpacePlan> spacePlan(const SearchSpace &space, const Target &target,
                                          const Knowledge &knowledge,
                                          const RunControl &control = {});
/// For the measuring queue; at most `most` items. BadInput for another runtime than atomnet-1.
[[nodiscard]] Result<MeasurePlan> measurePlan(const SpacePlan &plan, const Target &target,
                                              int most);

} // namespace atomnet
