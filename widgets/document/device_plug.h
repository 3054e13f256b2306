#pragma once

#include "core/device/device_address.h"

#include <memory>

namespace atomnet
{

/// Makes the links of a DeviceService, and holds on to them: interrupts those that wait, and pulls
/// and puts back the plug of virtual boards, so that an unplugged board can be tried without one.
/// Any thread.
class DevicePlug
{
public:
    using MakeLink = std::function<std::unique_ptr<Link>(const DeviceAddress &)>;
    explicit DevicePlug(MakeLink make);

    /// A link that says Gone while its board is unplugged, and opens anew when it is back.
    [[nodiscard]] std::unique_ptr<Link> link(const DeviceAddress &address) const;
    /// false: ends the emulators that run, and none starts.
    void setPlugged(bool plugged);
    [[nodiscard]] bool plugged() const;
    void interrupt();

private:
    struct Shared;
    class PluggedLink;
    std::shared_ptr<Shared> m_shared;
};

/// "Why it does not answer" of a virtual board whose plug is out.
[[nodiscard]] QString unpluggedSentence();

} // namespace atomnet
