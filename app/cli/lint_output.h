#pragma once

#include "core/analysis/guidelines/guidelines.h"
#include "core/analysis/guidelines/lint.h"

// What `lint` prints.
namespace atomnet
{

/// Fixes carry numbers from 1, over all findings in their order; --fix takes one.
[[nodiscard]] QString lintText(const std::vector<LintFinding> &findings, const Report &report,
                               const QString &designName);
[[nodiscard]] QString lintJson(const std::vector<LintFinding> &findings, const Report &report,
                               const Network &network);
[[nodiscard]] QString peakText(const PeakExplanation &peak, const Report &report,
                               const QString &designName);
[[nodiscard]] QString peakJson(const PeakExplanation &peak, const Report &report,
                               const QString &designName);
[[nodiscard]] QString guidelinesText(const std::vector<Guideline> &guidelines,
                                     const Target &target);
[[nodiscard]] QString guidelinesJson(const std::vector<Guideline> &guidelines,
                                     const Target &target);

} // namespace atomnet
