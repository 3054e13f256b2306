#include "core/device/known_probes.h"

#include <algorithm>

namespace atomnet
{

const std::vector<KnownProbe> &knownProbes()
{
    static const std::vector<KnownProbe> all{
        {ProbeKind::StLink, stVendor, 0x3748, "ST-LINK/V2"},
        {ProbeKind::StLink, stVendor, 0x374a, "ST-LINK/V2-1"},
        {ProbeKind::StLink, stVendor, 0x374b, "ST-LINK/V2-1"},
        {ProbeKind::StLink, stVendor, 0x3752, "ST-LINK/V2-1"},
        {ProbeKind::StLink, stVendor, 0x374d, "ST-LINK/V3"},
        {ProbeKind::StLink, stVendor, 0x374e, "ST-LINK/V3"},
        {ProbeKind::StLink, stVendor, 0x374f, "ST-LINK/V3"},
        {ProbeKind::StLink, stVendor, 0x3753, "ST-LINK/V3"},
        {ProbeKind::Dfu, stVendor, 0xdf11, "STM32 bootloader (DFU)"}};
    return all;
}

const KnownProbe *knownProbe(quint16 vendor, quint16 product)
{
    const auto &all = knownProbes();
    const auto found = std::find_if(all.begin(), all.end(), [&](const KnownProbe &one) {
        return one.vendor == vendor && one.product == product;
    });
    return found == all.end() ? nullptr : &*found;
}

} // namespace atomnet
