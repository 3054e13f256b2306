#pragma once

#include "core/analysis/guidelines/lint.h"

namespace atomnet
{

/// What an edit changes: "-12.4 KiB SRAM, +3.00 ms"; what stays is left out. "changes no figure"
/// when all does.
[[nodiscard]] QString effectText(const Effect &effect, TimeUnit unit);

} // namespace atomnet
