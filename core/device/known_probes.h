#pragma once

#include <QtGlobal>

#include <vector>

namespace atomnet
{

inline constexpr quint16 stVendor = 0x0483;

/// A way into a board: an ST-LINK, or the board's own ROM bootloader on USB.
enum class ProbeKind : quint8 { StLink, Dfu };

/// USB ids of what firmware can be written through. Source: the udev rules of stlink-tools and
/// OpenOCD.
struct KnownProbe {
    ProbeKind kind;
    quint16 vendor, product;
    const char *name;
};
[[nodiscard]] const std::vector<KnownProbe> &knownProbes();
/// Null when it is none.
[[nodiscard]] const KnownProbe *knownProbe(quint16 vendor, quint16 product);

} // namespace atomnet
