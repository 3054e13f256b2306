#pragma once

#include "app/cli/commands.h"
#include "app/cli/options.h"

namespace atomnet
{

/// "db predict": what is measured and what is predicted of one operator, or of all operators of a
/// design.
[[nodiscard]] CommandSpec dbPredictSpec();
[[nodiscard]] Result<int> dbPredict(const ParsedCommand &command, Console &console);

} // namespace atomnet
