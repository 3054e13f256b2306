#pragma once

#include "core/analysis/guidelines/lint.h"
#include "widgets/document/analysis_runner.h"

#include <memory>

namespace atomnet
{

/// What the lint says of one design, with the design it is about: its fixes are valid for that one.
struct Advice {
    Network network;
    ReportPtr report;
    std::vector<LintFinding> findings; ///< in the order of the design
    PeakExplanation peak;
};
/// As shared between the views; never changed after it is made. Null: nothing is known yet.
using AdvicePtr = std::shared_ptr<const Advice>;

/// What a finding is about.
struct FindingPlace {
    BlockId block;     ///< 0: see the others
    StageId stage;     ///< a stage as a whole
    bool head = false; ///< none of the three: the whole design
    bool operator==(const FindingPlace &) const = default;
};
[[nodiscard]] FindingPlace placeOf(const Advice &advice, const LintFinding &finding);
/// Indices of the findings of exactly this place.
[[nodiscard]] std::vector<int> findingsOf(const Advice &advice, const FindingPlace &place);

} // namespace atomnet
