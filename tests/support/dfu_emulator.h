#pragma once

#include "tests/support/dfu_rom.h"

#include <QString>

#include <memory>

// A board in its bootloader, on an emulated USB bus: what libusb and dfu-util see without any
// change to them.
namespace atomnet::test
{

/// Starts this program anew under umockdev's preloaded library, where it is not yet. Before
/// anything else in main().
void underUmockdev(char **argv);
/// Why the emulated bus cannot be had here; "" when it can.
[[nodiscard]] QString whyNoUmockdev();

/// Plugged in while it lives. It vanishes by itself when the bootloader starts the program or the
/// ROM's options say so.
class DfuEmulator
{
public:
    explicit DfuEmulator(const DfuRom::Options &options = {});
    ~DfuEmulator();
    DfuEmulator(const DfuEmulator &) = delete;
    DfuEmulator &operator=(const DfuEmulator &) = delete;

    /// Only while no program talks to it.
    [[nodiscard]] DfuRom &rom();
    /// Plugs it in again after it vanished.
    void plugIn();
    [[nodiscard]] bool pluggedIn() const;
    /// Another program has claimed it.
    void setBusy(bool busy);
    /// The node that programs open, to change its permissions.
    [[nodiscard]] QString node() const;

private:
    struct Private;
    std::unique_ptr<Private> d;
};

} // namespace atomnet::test
