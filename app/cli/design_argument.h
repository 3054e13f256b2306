#pragma once

#include "app/cli/commands.h"
#include "core/model/network.h"

namespace atomnet
{

/// The design that FILE names: a .atomnet file or, where there is no such file, a preset. What the
/// file holds and we do not know is noted on the console.
[[nodiscard]] Result<Network> designArgument(const QString &file, Console &console);

} // namespace atomnet
