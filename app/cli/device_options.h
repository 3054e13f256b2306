#pragma once

#include "app/cli/options.h"
#include "core/device/session.h"

// What the commands that speak to boards have in common.
namespace atomnet
{

/// --device, with the forms that an address may have.
[[nodiscard]] OptionSpec deviceOption();

/// Opens what --device names and says hello. Device with what to do when it does not answer.
[[nodiscard]] Result<Session> openDevice(const QString &address);

/// "off", "I", "I+D+prefetch" as AP_COND_* bits: what DeviceInfo::cachesText() writes. Usage
/// otherwise.
[[nodiscard]] Result<quint32> conditionsFrom(const QString &text);

} // namespace atomnet
