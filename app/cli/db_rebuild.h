#pragma once

#include "app/cli/commands.h"
#include "app/cli/options.h"

namespace atomnet
{

/// "db rebuild": measures the AtomDB that ships, or checks rows of it (exit code 4 when one
/// differs).
[[nodiscard]] CommandSpec dbRebuildSpec();
[[nodiscard]] Result<int> dbRebuild(const ParsedCommand &command, Console &console);

} // namespace atomnet
