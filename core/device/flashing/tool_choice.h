#pragma once

#include "core/device/flashing/tool_output.h"

namespace atomnet
{

/// The tool that was asked for, else the best that is installed and can write `bytes` through this
/// probe. Usage when the one asked for cannot, Device when none is installed.
[[nodiscard]] Result<FlashTool> chooseTool(std::optional<FlashTool> asked,
                                           const BoardVariant &variant, const Probe &probe,
                                           qint64 bytes);

/// The probe with this serial number (or its beginning; "" for the only one) that `tool`, if any,
/// works with. Usage with the list when several are left, Device when none is there or it cannot be
/// used.
[[nodiscard]] Result<Probe> chooseProbe(const std::vector<Probe> &probes, const QString &serial,
                                        std::optional<FlashTool> tool);

} // namespace atomnet
