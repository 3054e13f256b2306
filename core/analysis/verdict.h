#pragma once

#include "core/analysis/report.h"

namespace atomnet
{

/// Judges SRAM and Flash of a report against its target: limits, what is available after the
/// reserves, fit (on upper bounds, inclusive; above 90 % is tight; virtual boards have no limit),
/// the sum of both, and the reasons.
void judge(Report &report);

/// "fits, 30 % used", "tight, up to 93 % used", "over by 12.4 KiB", "over by 12.0, up to 25.0 KiB"
/// (the upper bound of an estimate), "may be over by up to 5.2 KiB", "no limit on this board".
[[nodiscard]] QString fitWords(const Budget &budget);

/// "optimal", "at most 1.6 KiB above the least possible": the arena against its lower bound.
[[nodiscard]] QString arenaWords(const SramBreakdown &parts);

} // namespace atomnet
