#pragma once

#include "core/device/link.h"

#include <libusb.h>

#include <functional>
#include <vector>

// libusb behind values: what is connected, and why it does not open.
namespace atomnet
{

struct UsbContextEnd {
    void operator()(libusb_context *context) const { libusb_exit(context); }
};
using UsbContext = std::unique_ptr<libusb_context, UsbContextEnd>;
/// Null where the system gives no access to USB at all.
[[nodiscard]] UsbContext usbContext();

/// A device, for as long as the context lives.
struct UsbDevice {
    std::shared_ptr<libusb_device> device;
    quint16 vendor = 0, product = 0;
    QString serial,
        name; ///< its texts; empty when it cannot be opened and the system does not know them
    int openError = 0; ///< what opening it gave
};
/// Devices whose vendor and product are `wanted`, by serial number.
[[nodiscard]] std::vector<UsbDevice>
usbDevices(libusb_context *context, const std::function<bool(quint16, quint16)> &wanted);
/// One sentence part: "no permission to open it; run ...".
[[nodiscard]] LinkError usbError(int error, const QString &name);

/// Our interface: vendor class, one bulk endpoint each way.
struct UsbInterface {
    int number = -1;
    int packetBytes = 0; ///< of the endpoint towards the host
};
/// Number -1 when the device has none.
[[nodiscard]] UsbInterface profilerInterface(libusb_device *device);
/// Vendor and product are pid.codes' for tests, which others use too: the name decides.
[[nodiscard]] bool isProfiler(const UsbDevice &device);
[[nodiscard]] bool isProfilerId(quint16 vendor, quint16 product);

} // namespace atomnet
