#pragma once

#include "core/device/flashing/probe.h"
#include "core/device/flashing/tool_runner.h"

// The command lines of each tool.
namespace atomnet
{

inline constexpr quint32 flashStart = 0x08000000;

/// Writes `file` to the start of Flash, verifies where the tool can, and starts it (dfu-util:
/// readCall does both).
[[nodiscard]] ToolCall writeCall(FlashTool tool, const BoardVariant &variant, const Probe &probe,
                                 const QString &file);
/// Reads `bytes` from the start of Flash into `file`, which must not exist. `leave`: dfu-util
/// starts the program afterwards.
[[nodiscard]] ToolCall readCall(FlashTool tool, const BoardVariant &variant, const Probe &probe,
                                const QString &file, qint64 bytes, bool leave = false);
/// Asks what chip is there.
[[nodiscard]] ToolCall identifyCall(FlashTool tool, const BoardVariant &variant,
                                    const Probe &probe);

} // namespace atomnet
