#include "core/device/usb_access.h"

#include "firmware/protocol/ap_protocol.h"

#include <QFile>

#include <algorithm>
#include <array>

namespace atomnet
{

namespace
{

/// What Linux has read from a device when it was plugged in: to be had without permission to open
/// it.
QString knownToSystem(libusb_device *device, const char *file)
{
    std::array<uint8_t, 7> ports{};
    const int count = libusb_get_port_numbers(device, ports.data(), int(ports.size()));
    QString path = QStringLiteral("/sys/bus/usb/devices/%1").arg(libusb_get_bus_number(device));
    for (int i = 0; i < count; ++i)
        path += (i ? QLatin1Char('.') : QLatin1Char('-')) + QString::number(ports[std::size_t(i)]);
    QFile text(path + QLatin1Char('/') + QLatin1String(file));
    if (count <= 0 || !text.open(QIODevice::ReadOnly)) return {};
    return QString::fromUtf8(text.readAll()).trimmed();
}

QString askedOf(libusb_device_handle *handle, uint8_t index)
{
    std::array<unsigned char, 128> text{};
    const int count =
        index ? libusb_get_string_descriptor_ascii(handle, index, text.data(), int(text.size()))
              : 0;
    return count > 0
               ? QString::fromLatin1(reinterpret_cast<const char *>(text.data()), count).trimmed()
               : QString();
}

UsbDevice described(libusb_device *device, const libusb_device_descriptor &descriptor)
{
    UsbDevice result;
    result.device = {libusb_ref_device(device), libusb_unref_device};
    result.vendor = descriptor.idVendor;
    result.product = descriptor.idProduct;
    libusb_device_handle *handle = nullptr;
    result.openError = libusb_open(device, &handle);
    result.serial = knownToSystem(device, "serial");
    result.name = knownToSystem(device, "product");
    if (result.openError != LIBUSB_SUCCESS) return result;
    if (result.serial.isEmpty()) result.serial = askedOf(handle, descriptor.iSerialNumber);
    if (result.name.isEmpty()) result.name = askedOf(handle, descriptor.iProduct);
    libusb_close(handle);
    return result;
}

} // namespace

UsbContext usbContext()
{
    libusb_context *context = nullptr;
    if (libusb_init(&context) != LIBUSB_SUCCESS) return nullptr;
    return UsbContext(context);
}

std::vector<UsbDevice> usbDevices(libusb_context *context,
                                  const std::function<bool(quint16, quint16)> &wanted)
{
    std::vector<UsbDevice> found;
    libusb_device **list = nullptr;
    const ssize_t count = libusb_get_device_list(context, &list);
    for (ssize_t i = 0; i < count; ++i) {
        libusb_device_descriptor descriptor{};
        if (libusb_get_device_descriptor(list[i], &descriptor) != LIBUSB_SUCCESS) continue;
        if (wanted(descriptor.idVendor, descriptor.idProduct))
            found.push_back(described(list[i], descriptor));
    }
    if (count >= 0) libusb_free_device_list(list, 1);
    std::sort(found.begin(), found.end(), [](const UsbDevice &a, const UsbDevice &b) {
        return std::tie(a.vendor, a.product, a.serial) < std::tie(b.vendor, b.product, b.serial);
    });
    return found;
}

LinkError usbError(int error, const QString &name)
{
    switch (error) {
    case LIBUSB_ERROR_ACCESS:
        return {LinkFault::NoPermission,
                QStringLiteral("no permission to open %1; run: sudo atomnet-designer doctor "
                               "--install-udev, then plug it in again")
                    .arg(name)};
    case LIBUSB_ERROR_BUSY:
        return {LinkFault::Busy,
                QStringLiteral("another program uses %1; close that one").arg(name)};
    case LIBUSB_ERROR_NO_DEVICE:
    case LIBUSB_ERROR_IO:
        return {LinkFault::Gone, QStringLiteral("%1 was unplugged").arg(name)};
    case LIBUSB_ERROR_NOT_FOUND:
        return {LinkFault::NotFound, QStringLiteral("%1 is not connected").arg(name)};
    case LIBUSB_ERROR_NOT_SUPPORTED:
        return {LinkFault::WrongDriver,
                QStringLiteral("another driver holds %1; on Windows let it have WinUSB").arg(name)};
    default:
        return {LinkFault::Gone, QStringLiteral("%1 does not work (%2); plug it in again")
                                     .arg(name, QLatin1String(libusb_error_name(error)))};
    }
}

UsbInterface profilerInterface(libusb_device *device)
{
    UsbInterface result;
    libusb_config_descriptor *configuration = nullptr;
    if (libusb_get_active_config_descriptor(device, &configuration) != LIBUSB_SUCCESS)
        return result;
    for (int i = 0; i < configuration->bNumInterfaces && result.number < 0; ++i) {
        if (configuration->interface[i].num_altsetting < 1) continue;
        const libusb_interface_descriptor &one = configuration->interface[i].altsetting[0];
        int in = 0, out = 0;
        for (int e = 0; e < one.bNumEndpoints; ++e) {
            const libusb_endpoint_descriptor &endpoint = one.endpoint[e];
            if ((endpoint.bmAttributes & 3) != LIBUSB_ENDPOINT_TRANSFER_TYPE_BULK) continue;
            const int bytes = endpoint.wMaxPacketSize & 0x7ff;
            if (endpoint.bEndpointAddress == AP_USB_ENDPOINT_IN) in = bytes;
            if (endpoint.bEndpointAddress == AP_USB_ENDPOINT_OUT) out = bytes;
        }
        if (one.bInterfaceClass == LIBUSB_CLASS_VENDOR_SPEC && in > 0 && out > 0)
            result = {one.bInterfaceNumber, in};
    }
    libusb_free_config_descriptor(configuration);
    return result;
}

bool isProfilerId(quint16 vendor, quint16 product)
{
    return vendor == AP_USB_VENDOR && product == AP_USB_PRODUCT;
}

bool isProfiler(const UsbDevice &device)
{
    return isProfilerId(device.vendor, device.product) &&
           device.name.startsWith(QLatin1String("AtomNet profiler"));
}

} // namespace atomnet
