#pragma once

#include "core/device/flashing/doctor.h"
#include "core/device/session.h"

namespace atomnet
{

/// All that the connection doctor looks at; tests bring their own.
struct Surroundings {
    std::vector<FoundDevice> devices;
    std::vector<Probe> probes;
    std::function<bool(const QString &program)> installed;
    std::function<Result<QString>(const QString &file)> image; ///< firmwareFile()
    std::function<LinkResult<DeviceInfo>(const DeviceAddress &)> hello;
    bool hasRules = true; ///< the udev rules are in place, or the system has no udev
};
[[nodiscard]] std::vector<Finding> examine(const QString &boardId, const Surroundings &surroundings,
                                           const RunControl &control = {});

} // namespace atomnet
