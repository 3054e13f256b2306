#pragma once

#include "core/analysis/report.h"

namespace atomnet
{

/// Judges SRAM and Flash of a report against its target: limits, what is available after the
/// reserves, fit (on upper bounds, inclusive; above 90 % is tight; virtual boards have no limit),
/// the sum of both, and the reasons.
void judge(Report &report);

} // namespace atomnet
