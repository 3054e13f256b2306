#pragma once

#include "core/device/flashing/probe.h"

namespace atomnet
{

inline constexpr quint16 stVendor = 0x0483;

/// USB ids of what firmware can be written through. Source: the udev rules of stlink-tools and
/// OpenOCD.
struct KnownProbe {
    Probe::Kind kind;
    quint16 vendor, product;
    const char *name;
};
[[nodiscard]] const std::vector<KnownProbe> &knownProbes();

} // namespace atomnet
