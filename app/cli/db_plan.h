#pragma once

#include "app/cli/commands.h"
#include "app/cli/options.h"

namespace atomnet
{

/// "db plan": the operators of a space that a board has yet to measure, as a list or as a plan for
/// `measure --plan`.
[[nodiscard]] CommandSpec dbPlanSpec();
[[nodiscard]] Result<int> dbPlan(const ParsedCommand &command, Console &console);

} // namespace atomnet
