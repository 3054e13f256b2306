#include "core/device/flashing/probe.h"

#include "core/device/flashing/known_probes.h"

#include <libusb.h>

#include <algorithm>

namespace atomnet
{

namespace
{

QString problemText(int error)
{
    switch (error) {
    case LIBUSB_ERROR_ACCESS:
        return QStringLiteral("no permission to open it; run: sudo atomnet-designer doctor "
                              "--install-udev, then plug it in again");
    case LIBUSB_ERROR_NO_DEVICE:
        return QStringLiteral("it has just been unplugged");
    case LIBUSB_ERROR_BUSY:
        return QStringLiteral("another program uses it; close that one");
    case LIBUSB_ERROR_NOT_SUPPORTED:
        return QStringLiteral("it has no driver that lets programs open it; install WinUSB for it");
    default:
        return QStringLiteral("it cannot be opened (%1); plug it in again")
            .arg(QLatin1String(libusb_error_name(error)));
    }
}

QString textOf(libusb_device_handle *handle, quint8 index)
{
    if (index == 0) return {};
    unsigned char text[128];
    const int count = libusb_get_string_descriptor_ascii(handle, index, text, sizeof text);
    return count > 0 ? QString::fromLatin1(reinterpret_cast<const char *>(text), count).trimmed()
                     : QString();
}

Probe probeOf(libusb_device *device, const libusb_device_descriptor &descriptor,
              const KnownProbe &known)
{
    Probe probe{
        known.kind, QLatin1String(known.name), {}, descriptor.idVendor, descriptor.idProduct, 0,
        {}};
    libusb_device_handle *handle = nullptr;
    const int error = libusb_open(device, &handle);
    if (error != LIBUSB_SUCCESS) {
        probe.problem = problemText(error);
        return probe;
    }
    probe.serial = textOf(handle, descriptor.iSerialNumber);
    libusb_close(handle);
    return probe;
}

} // namespace

const std::vector<KnownProbe> &knownProbes()
{
    using Kind = Probe::Kind;
    static const std::vector<KnownProbe> all{
        {Kind::StLink, stVendor, 0x3748, "ST-LINK/V2"},
        {Kind::StLink, stVendor, 0x374a, "ST-LINK/V2-1"},
        {Kind::StLink, stVendor, 0x374b, "ST-LINK/V2-1"},
        {Kind::StLink, stVendor, 0x3752, "ST-LINK/V2-1"},
        {Kind::StLink, stVendor, 0x374d, "ST-LINK/V3"},
        {Kind::StLink, stVendor, 0x374e, "ST-LINK/V3"},
        {Kind::StLink, stVendor, 0x374f, "ST-LINK/V3"},
        {Kind::StLink, stVendor, 0x3753, "ST-LINK/V3"},
        {Kind::Dfu, stVendor, 0xdf11, "STM32 bootloader (DFU)"}};
    return all;
}

std::vector<Probe> findProbes()
{
    std::vector<Probe> probes;
    libusb_context *context = nullptr;
    if (libusb_init(&context) != LIBUSB_SUCCESS) return probes;
    libusb_device **list = nullptr;
    const ssize_t count = libusb_get_device_list(context, &list);
    for (ssize_t i = 0; i < count; ++i) {
        libusb_device_descriptor descriptor;
        if (libusb_get_device_descriptor(list[i], &descriptor) != LIBUSB_SUCCESS) continue;
        const auto &all = knownProbes();
        const auto known = std::find_if(all.begin(), all.end(), [&](const KnownProbe &one) {
            return one.vendor == descriptor.idVendor && one.product == descriptor.idProduct;
        });
        if (known != all.end()) probes.push_back(probeOf(list[i], descriptor, *known));
    }
    if (count >= 0) libusb_free_device_list(list, 1);
    libusb_exit(context);
    std::sort(probes.begin(), probes.end(), [](const Probe &a, const Probe &b) {
        return std::tie(a.kind, a.serial, a.product) < std::tie(b.kind, b.serial, b.product);
    });
    return probes;
}

} // namespace atomnet
