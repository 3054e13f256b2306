#pragma once

#include "core/device/device_address.h"

#include <atomic>
#include <functional>
#include <memory>

namespace atomnet
{

/// The plug of the virtual boards: pulls it out and puts it back, so that an unplugged board can be
/// tried without one. Any thread.
class DevicePlug
{
public:
    using MakeLink = std::function<std::unique_ptr<Link>(const DeviceAddress &)>;
    explicit DevicePlug(MakeLink make) : m_make(std::move(make)) {}

    /// A link that says Gone while its board is unplugged and opens anew when it is back. `stopped`
    /// is asked while it waits; true: Interrupted.
    [[nodiscard]] std::unique_ptr<Link> link(const DeviceAddress &address,
                                             std::function<bool()> stopped) const;
    /// false: ends the emulators that run, and none starts.
    void setPlugged(bool plugged) { *m_plugged = plugged; }
    [[nodiscard]] bool plugged() const { return *m_plugged; }

private:
    MakeLink m_make;
    std::shared_ptr<std::atomic_bool> m_plugged = std::make_shared<std::atomic_bool>(true);
};

/// Why a virtual board whose plug is out does not answer.
[[nodiscard]] QString unpluggedSentence();

} // namespace atomnet
