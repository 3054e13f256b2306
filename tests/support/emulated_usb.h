#pragma once

#include <QByteArray>
#include <QString>

#include <vector>

namespace atomnet::test
{

/// A profiler on an emulated USB connector, and what runs behind it.
struct EmulatedProfiler {
    QByteArray serial, command;
};

/// Whether this program sees emulated USB devices.
[[nodiscard]] bool usbIsEmulated();
/// Starts this program anew under the emulator; returns only when there is none (umockdev is not
/// installed).
void emulateUsb(char **argv, const std::vector<EmulatedProfiler> &profilers);
/// An order to the emulator (tests/support/usb_emulator/main.c); false when it does not know it.
[[nodiscard]] bool orderUsb(const QByteArray &line);

} // namespace atomnet::test
