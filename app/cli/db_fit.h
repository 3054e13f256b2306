#pragma once

#include "app/cli/commands.h"
#include "app/cli/options.h"

namespace atomnet
{

/// "db fit": fits the model of a board and runtime, or validates how well it predicts.
[[nodiscard]] CommandSpec dbFitSpec();
[[nodiscard]] Result<int> dbFit(const ParsedCommand &command, Console &console);

} // namespace atomnet
