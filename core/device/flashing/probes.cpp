#include "core/device/flashing/known_probes.h"
#include "core/device/usb_access.h"

#include <algorithm>

namespace atomnet
{

namespace
{

const KnownProbe *known(quint16 vendor, quint16 product)
{
    const auto &all = knownProbes();
    const auto found = std::find_if(all.begin(), all.end(), [&](const KnownProbe &one) {
        return one.vendor == vendor && one.product == product;
    });
    return found == all.end() ? nullptr : &*found;
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
    const UsbContext context = usbContext();
    if (!context) return probes;
    const auto wanted = [](quint16 vendor, quint16 product) { return known(vendor, product); };
    for (const UsbDevice &device : usbDevices(context.get(), wanted)) {
        const KnownProbe &kind = *known(device.vendor, device.product);
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
