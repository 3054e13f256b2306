#include "core/device/device_address.h"
#include "core/device/known_probes.h"
#include "core/device/process_link.h"
#include "core/device/usb_access.h"

#include <QSerialPortInfo>

namespace atomnet
{

namespace
{

using What = FoundDevice::What;

bool isWanted(quint16 vendor, quint16 product)
{
    return isProfilerId(vendor, product) || knownProbe(vendor, product);
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
            const KnownProbe &probe = *knownProbe(device.vendor, device.product);
            one.what = probe.kind == ProbeKind::Dfu ? What::Bootloader : What::Probe;
            one.name = QLatin1String(probe.name);
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
        const KnownProbe *probe = knownProbe(port.vendorIdentifier(), port.productIdentifier());
        FoundDevice one{What::SerialPort,
                        {DeviceAddress::Kind::Serial, port.systemLocation(), 0, {}},
                        {},
                        port.serialNumber(),
                        port.vendorIdentifier(),
                        port.productIdentifier(),
                        {}};
        one.name = probe ? QLatin1String(probe->name) + QStringLiteral(", serial port")
                         : port.description();
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
