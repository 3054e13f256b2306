#pragma once

#include "core/device/flashing/tool_output.h"

namespace atomnet
{

/// One sentence for people: what happened, and what to do. `complaint`: the tool's own words, may
/// be empty.
[[nodiscard]] QString flashSentence(FlashProblem problem, FlashTool tool,
                                    const BoardVariant &variant, const QString &complaint = {});
/// What state a write that did not end well leaves the board in; "" when nothing was touched.
/// `begun`: the tool had touched Flash.
[[nodiscard]] QString stateAfter(FlashProblem problem, FlashTool tool, bool begun);
/// The Debian package that has the tool.
[[nodiscard]] QString packageOf(FlashTool tool);

} // namespace atomnet
