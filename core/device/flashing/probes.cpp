#include "core/device/flashing/probe.h"
#include "core/device/usb_access.h"

namespace atomnet
{

std::vector<Probe> findProbes()
{
    std::vector<Probe> probes;
    const UsbContext context = usbContext();
    if (!context) return probes;
    const auto wanted = [](quint16 vendor, quint16 product) { return knownProbe(vendor, product); };
    for (const UsbDevice &device : usbDevices(context.get(), wanted)) {
        const KnownProbe &kind = *knownProbe(device.vendor, device.product);
        probes.push_back({kind.kind,
                          QLatin1String(kind.name),
                          device.serial,
                          device.vendor,
                          device.product,
                          0,
                          {}});
        if (device.openError)
            probes.back().problem = usbError(device.openError, QStringLiteral("it")).what;
    }
    return probes;
}

} // namespace atomnet
