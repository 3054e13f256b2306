#pragma once

#include "core/base/run_control.h"
#include "core/device/device_address.h"
#include "core/device/flashing/probe.h"
#include "core/device/link.h"

namespace atomnet
{

/// Asks our own firmware, stale or not, to start the bootloader in the board's ROM. Refused when
/// another board than `boardId` answers, or one that has no way into it.
[[nodiscard]] LinkResult<> askForBootloader(std::unique_ptr<Link> link, const QString &boardId,
                                            const RunControl &control = {});

/// What probesFor() looks at and talks to; tests bring their own.
struct BootloaderWays {
    std::function<std::vector<Probe>()> probes;
    std::function<std::vector<FoundDevice>()> devices;
    std::function<LinkResult<>(const DeviceAddress &, const QString &boardId, const RunControl &)>
        ask;
    int patienceMs = 10'000; ///< for the bootloader to show itself on USB
};
[[nodiscard]] BootloaderWays realBootloaderWays();

/// The probes that are there. When there is none, but our firmware runs on a board of this kind
/// that is connected by its own USB, it is asked to start the bootloader, which is then the probe.
/// Device when that does not show itself; empty when nothing is connected.
[[nodiscard]] Result<std::vector<Probe>>
probesFor(const BoardVariant &variant, const RunControl &control,
          const BootloaderWays &ways = realBootloaderWays());

} // namespace atomnet
