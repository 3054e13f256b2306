#pragma once

#include "core/base/result.h"
#include "core/device/link.h"

#include <QStringList>

#include <functional>

namespace atomnet
{

/// Where a board is: what --device takes. "usb", "usb:SERIAL", "serial:/dev/ttyACM0", "serial:COM3@115200",
/// "qemu-m4", "qemu-m7", and "program:PATH" (a profiler built for this computer, spoken to by its standard input and
/// output: how tests run without an emulator).
struct DeviceAddress {
    enum class Kind : quint8 { Usb, Serial, Emulator, Program } kind = Kind::Usb;
    QString detail; ///< serial number (may be empty: the only one), port, board id, or path
    qint32 baud = 0; ///< of a serial port; 0: AP_SERIAL_BAUD
    QString image;   ///< of an emulator: another image than the profiler (validation); not part of the text
    bool operator==(const DeviceAddress &) const = default;
};
/// Usage, with the forms there are, for anything else.
[[nodiscard]] Result<DeviceAddress> deviceAddress(const QString &text);
[[nodiscard]] QString toString(const DeviceAddress &address);

/// A link to it, not yet open.
[[nodiscard]] std::unique_ptr<Link> makeLink(const DeviceAddress &address);

/// Where the firmware images are: ATOMNET_FIRMWARE_DIR, else beside the program (../share/atomnet-designer/firmware), else
/// the build tree. `file`: "profiler-qemu-m7.elf", "profiler-stm32h743-nucleo.bin". Device, with what to install, when absent.
[[nodiscard]] Result<QString> firmwareFile(const QString &file);

/// Something that can be measured on, or could once it is flashed.
struct FoundDevice {
    enum class What : quint8 {
        Profiler,     ///< our firmware on USB
        SerialPort,   ///< of an ST-LINK or another one: perhaps our firmware behind it
        Probe,        ///< ST-LINK, for flashing
        Bootloader,   ///< ST's ROM DFU
        VirtualBoard, ///< QEMU is installed and its image is there
    } what = What::Profiler;
    DeviceAddress address; ///< of Profiler, SerialPort and VirtualBoard
    QString name;          ///< "AtomNet profiler STM32H743", "ST-LINK/V3"
    QString serial;        ///< USB serial number
    quint16 vendor = 0, product = 0;
    QString problem;       ///< why it cannot be opened now ("" when it can): no permission, in use
    bool operator==(const FoundDevice &) const = default;
};
[[nodiscard]] std::vector<FoundDevice> findDevices();

/// Calls `changed` (on a thread of its own) whenever USB devices or serial ports come or go, until destroyed. Falls back
/// to looking once a second where the system tells nothing.
class DeviceWatcher
{
public:
    explicit DeviceWatcher(std::function<void()> changed);
    ~DeviceWatcher();
    DeviceWatcher(const DeviceWatcher &) = delete;
    DeviceWatcher &operator=(const DeviceWatcher &) = delete;

private:
    struct Private;
    std::unique_ptr<Private> d;
};

} // namespace atomnet
