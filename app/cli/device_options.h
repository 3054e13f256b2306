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

/// What a board runs under.
struct RunConditions {
    quint32 conditions = 0;                      ///< AP_COND_*
    quint32 waitStates = AP_WAIT_STATES_DEFAULT; ///< of the Flash
    bool operator==(const RunConditions &) const = default;
};
/// "off", "I", "I+D+prefetch", as DeviceInfo::cachesText() writes them, and "+7ws" behind them for
/// other Flash wait states than the clock's own. Usage otherwise.
[[nodiscard]] Result<RunConditions> conditionsFrom(const QString &text);

} // namespace atomnet
