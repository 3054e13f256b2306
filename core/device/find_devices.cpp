#include "core/device/device_address.h"
#include "core/device/process_link.h"
#include "core/device/usb_access.h"

#include <QSerialPortInfo>

#include <array>

namespace atomnet
{

namespace
{

using What = FoundDevice::What;

constexpr quint16 stVendor = 0x0483, dfuProduct = 0xdf11;
struct StLink {
    quint16 product;
    const char *name;
};
constexpr std::array<StLink, 8> stLinks{{{0x3748, "ST-LINK/V2"},
                                         {0x374a, "ST-LINK/V2-1"},
                                         {0x374b, "ST-LINK/V2-1"},
                                         {0x3752, "ST-LINK/V2-1"},
                                         {0x374d, "ST-LINK/V3"},
                                         {0x374e, "ST-LINK/V3"},
                                         {0x374f, "ST-LINK/V3"},
                                         {0x3753, "ST-LINK/V3"}}};

QString stLinkName(quint16 vendor, quint16 product)
{
    for (const StLink &one : stLinks)
        if (vendor == stVendor && product == one.product) return QLatin1String(one.name);
    return {};
}

bool isWanted(quint16 vendor, quint16 product)
{
    return isProfilerId(vendor, product) || (vendor == stVendor && product == dfuProduct) ||
           !stLinkName(vendor, product).isEmpty();
}

/// Why a profiler cannot be used now; "" when it can.
QString problemOf(const UsbDevice &device)
{
    const QString it = QStringLiteral("it");
    if (device.openError) return usbError(device.openError, it).what;
    const UsbInterface interface = profilerInterface(device.device.get());
    if (interface.number < 0)
        return QStringLiteral("it has not the profiler's endpoints; flash it anew");
    libusb_device_handle *handle = nullptr;
    int error = libusb_open(device.device.get(), &handle);
    if (error) return usbError(error, it).what;
    libusb_set_auto_detach_kernel_driver(handle, 1);
    error = libusb_claim_interface(handle, interface.number);
    if (!error) libusb_release_interface(handle, interface.number);
    libusb_close(handle);
    return error ? usbError(error, it).what : QString();
}

void addUsb(std::vector<FoundDevice> &found)
{
    const UsbContext context = usbContext();
    if (!context) return;
    for (const UsbDevice &device : usbDevices(context.get(), isWanted)) {
        FoundDevice one{What::Probe, {}, {}, device.serial, device.vendor, device.product, {}};
        if (isProfilerId(device.vendor, device.product)) {
            if (!isProfiler(device) && !device.openError)
                continue; // another project under the same id
            one.what = What::Profiler;
            one.name = device.name.isEmpty() ? QStringLiteral("AtomNet profiler") : device.name;
            one.address = {DeviceAddress::Kind::Usb, device.serial, 0, {}};
            one.problem = problemOf(device);
        } else {
            const bool dfu = device.product == dfuProduct;
            one.what = dfu ? What::Bootloader : What::Probe;
            one.name = dfu ? QStringLiteral("STM32 bootloader (DFU)")
                           : stLinkName(device.vendor, device.product);
            if (device.openError)
                one.problem = usbError(device.openError, QStringLiteral("it")).what;
        }
        found.push_back(std::move(one));
    }
}

void addSerialPorts(std::vector<FoundDevice> &found)
{
    for (const QSerialPortInfo &port : QSerialPortInfo::availablePorts()) {
        if (!port.hasVendorIdentifier()) continue; // built into the computer: no board is behind it
        const QString stLink = stLinkName(port.vendorIdentifier(), port.productIdentifier());
        FoundDevice one{What::SerialPort,
                        {DeviceAddress::Kind::Serial, port.systemLocation(), 0, {}},
                        {},
                        port.serialNumber(),
                        port.vendorIdentifier(),
                        port.productIdentifier(),
                        {}};
        one.name = stLink.isEmpty() ? port.description() : stLink + QStringLiteral(", serial port");
        if (one.name.isEmpty()) one.name = QStringLiteral("serial port");
        found.push_back(std::move(one));
    }
}

void addVirtualBoards(std::vector<FoundDevice> &found)
{
    if (EmulatorLink::program().isEmpty()) return;
    for (const auto &[board, name] :
         {std::pair("qemu-m4", "QEMU Cortex-M4"), std::pair("qemu-m7", "QEMU Cortex-M7")})
        if (const QString id = QLatin1String(board);
            firmwareFile(QStringLiteral("profiler-%1.elf").arg(id)))
            found.push_back({What::VirtualBoard,
                             {DeviceAddress::Kind::Emulator, id, 0, {}},
                             QLatin1String(name),
                             {},
                             0,
                             0,
                             {}});
}

} // namespace

std::vector<FoundDevice> findDevices()
{
    std::vector<FoundDevice> found;
    addUsb(found);
    addSerialPorts(found);
    addVirtualBoards(found);
    return found;
}

} // namespace atomnet
