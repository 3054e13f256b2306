#pragma once

#include "core/base/run_control.h"
#include "core/device/device_address.h"
#include "core/device/flashing/probe.h"

namespace atomnet
{

/// One thing the connection doctor looked at.
struct Finding {
    enum class State : quint8 { Good, Note, Problem } state = State::Good;
    QString what;    ///< "USB: the AtomNet profiler answers (STM32H743 at 400 MHz)"
    QString advice;  ///< what to do; "" when nothing
    QString command; ///< that does it ("sudo ... install-udev"), may be empty
    bool operator==(const Finding &) const = default;
};
/// From the tools to the hello: no cable, no permission, wrong driver, port in use, stale firmware,
/// another board than `boardId` (may be ""), missing tools. The first Problem is the one to solve
/// first.
[[nodiscard]] std::vector<Finding> examine(const QString &boardId, const RunControl &control = {});

/// The udev rules that ship, and where they go.
[[nodiscard]] QByteArray udevRules();
inline constexpr auto udevRulesPath = "/etc/udev/rules.d/70-atomnet-designer.rules";
/// Writes them (as root) and tells udev. Io with the command to run through sudo otherwise.
[[nodiscard]] Result<> installUdevRules(const QString &path = QLatin1String(udevRulesPath));

} // namespace atomnet
