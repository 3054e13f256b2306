#pragma once

#include "core/base/run_control.h"
#include "core/device/flashing/flasher.h"
#include "core/device/session.h"

namespace atomnet
{

/// Who answers there. Interrupted within 200 ms once cancelled.
[[nodiscard]] LinkResult<DeviceInfo> sayHello(const DeviceAddress &address,
                                              const RunControl &control = {});

/// What helloAfterFlash() looks at and talks to; tests bring their own.
struct HelloWays {
    std::function<std::vector<FoundDevice>()> devices;
    std::function<LinkResult<DeviceInfo>(const DeviceAddress &, const RunControl &)> hello;
    int patienceMs = 10'000; ///< a board that was reset comes back on USB within that
};
[[nodiscard]] HelloWays realWays();

/// Waits for the firmware that was just flashed, at the request's address, else on the board's own
/// USB connector and on the serial port of the probe that flashed it. Its summary; Device when
/// another board, stale firmware or nobody answers.
[[nodiscard]] Result<QString> helloAfterFlash(const FlashRequest &request,
                                              const RunControl &control, const HelloWays &ways);

} // namespace atomnet
