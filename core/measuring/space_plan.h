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
    /// How much measuring it narrows the interval of the space's designs, on average: the width of
    /// its interval times how often a network of the space uses it. Nanoseconds or instructions. An
    /// operator without any estimate counts as wider than all others, among each other by their
    /// work.
    double weight = 0;
    double uses = 0;       ///< in a network of the space, on average over its distinct networks
    qint64 expectedNs = 0; ///< of measuring it, overhead included
    Latency estimate;
};

struct SpacePlan {
    QString space;                    ///< its name
    std::vector<SpacePlanItem> items; ///< heaviest first
    qint64 operators = 0, measured = 0,
           unmeasurable = 0; ///< distinct ones of the space; those beyond the board's memory, which
                             ///< are no items
    qint64 expectedNs = 0;
    double coveredUncertainty =
        0; ///< share of the space's uncertainty that measured operators no longer add, 0 to 1
};

/// Goes through the space by stage, not by network: an operator depends on its stage's choice and
/// on the shape that enters it. Every distinct network counts alike, also those over the board's
/// limits. Expected times: 1.1 ms an operator for the exchange with the board, and its estimated
/// latency as often as the queue repeats it (10 times; once on virtual boards, at the emulator's
/// pace). Errors: BadInput for a space that is too large to enumerate its operators.
[[nodiscard]] Result<SpacePlan> spacePlan(const SearchSpace &space, const Target &target,
                                          const Knowledge &knowledge,
                                          const RunControl &control = {});
/// For the measuring queue; at most `most` items. BadInput for another runtime than atomnet-1.
[[nodiscard]] Result<MeasurePlan> measurePlan(const SpacePlan &plan, const Target &target,
                                              int most);

} // namespace atomnet
