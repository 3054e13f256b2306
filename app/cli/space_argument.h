#pragma once

#include "app/cli/commands.h"
#include "app/cli/options.h"
#include "core/search/space.h"

// --space and --lock, as the commands that work on spaces share them.
namespace atomnet
{

[[nodiscard]] OptionSpec spaceOption();
[[nodiscard]] OptionSpec lockOption();

/// The space that --space names ("paper" without it), with what is locked in the design of --lock
/// kept. A design without padlocks is noted on the console.
[[nodiscard]] Result<SearchSpace> spaceArgument(const ParsedCommand &command, Console &console);

} // namespace atomnet
