#include "widgets/document/device_plug.h"

#include <algorithm>
#include <mutex>
#include <vector>

namespace atomnet
{

struct DevicePlug::Shared {
    MakeLink make;
    std::atomic_bool plugged = true;
    std::mutex mutex; ///< of the list, and of every link's pointer to its inner one
    std::vector<PluggedLink *> links;
};

/// Owns the real link. Only the thread that uses it makes and ends that one; interrupting locks, so
/// that it never meets a link that is being ended.
class DevicePlug::PluggedLink : public Link
{
public:
    PluggedLink(std::shared_ptr<Shared> shared, DeviceAddress address)
        : m_shared(std::move(shared))
        , m_address(std::move(address))
        , m_virtual(m_address.kind == DeviceAddress::Kind::Emulator ||
                    m_address.kind == DeviceAddress::Kind::Program)
    {
        const std::lock_guard lock(m_shared->mutex);
        m_shared->links.push_back(this);
    }
    ~PluggedLink() override
    {
        std::unique_ptr<Link> old;
        const std::lock_guard lock(m_shared->mutex);
        std::erase(m_shared->links, this);
        old = std::move(m_inner); // ends behind the lock
    }

    LinkResult<> open() override
    {
        if (out()) {
            drop();
            return linkFail(LinkFault::NotFound, unpluggedSentence());
        }
        if (m_asked.exchange(false)) return stopped();
        if (!m_inner) {
            std::unique_ptr<Link> made = m_shared->make(m_address);
            const std::lock_guard lock(m_shared->mutex);
            m_inner = std::move(made);
        }
        return told(m_inner->open());
    }
    void close() override
    {
        if (m_inner) m_inner->close();
    }
    LinkResult<> write(QByteArrayView bytes, int timeoutMs) override
    {
        if (const auto ready = check(); !ready) return ready;
        return told(m_inner->write(bytes, timeoutMs));
    }
    LinkResult<QByteArray> read(int timeoutMs) override
    {
        if (const auto ready = check(); !ready) return tl::make_unexpected(ready.error());
        return told(m_inner->read(timeoutMs));
    }
    void interrupt() override
    {
        const std::lock_guard lock(m_shared->mutex);
        m_asked = true;
        if (m_inner) m_inner->interrupt();
    }
    QString name() const override { return m_inner ? m_inner->name() : toString(m_address); }

    /// With the mutex held.
    void interruptLocked(bool forGood)
    {
        if (forGood) m_asked = true;
        if (m_inner && (forGood || m_virtual)) m_inner->interrupt();
    }

private:
    [[nodiscard]] bool out() const { return m_virtual && !m_shared->plugged; }
    static tl::unexpected<LinkError> stopped()
    {
        return linkFail(LinkFault::Interrupted, QStringLiteral("stopped"));
    }
    static tl::unexpected<LinkError> gone()
    {
        return linkFail(LinkFault::Gone, unpluggedSentence());
    }
    LinkResult<> check()
    {
        if (out()) {
            drop();
            return gone();
        }
        if (m_asked.exchange(false)) return stopped();
        if (!m_inner) return gone(); // was dropped and not opened since
        return {};
    }
    /// What the inner link said, read in the light of plug and interruption.
    template <class T>
    LinkResult<T> told(LinkResult<T> result)
    {
        if (out()) {
            drop();
            return gone();
        }
        if (!result && result.error().fault == LinkFault::Interrupted) m_asked = false;
        return result;
    }
    void drop()
    {
        std::unique_ptr<Link> old;
        {
            const std::lock_guard lock(m_shared->mutex);
            old = std::move(m_inner);
        }
        if (old) old->close(); // may wait for the emulator to end
    }

    std::shared_ptr<Shared> m_shared;
    DeviceAddress m_address;
    bool m_virtual;
    std::atomic_bool m_asked = false; ///< interrupted, and nobody has been told yet
    std::unique_ptr<Link> m_inner;
};

DevicePlug::DevicePlug(MakeLink make) : m_shared(std::make_shared<Shared>())
{
    m_shared->make = std::move(make);
}

std::unique_ptr<Link> DevicePlug::link(const DeviceAddress &address) const
{
    return std::make_unique<PluggedLink>(m_shared, address);
}

void DevicePlug::setPlugged(bool plugged)
{
    m_shared->plugged = plugged;
    if (plugged) return;
    const std::lock_guard lock(m_shared->mutex);
    for (PluggedLink *link : m_shared->links)
        link->interruptLocked(false);
}

bool DevicePlug::plugged() const
{
    return m_shared->plugged;
}

void DevicePlug::interrupt()
{
    const std::lock_guard lock(m_shared->mutex);
    for (PluggedLink *link : m_shared->links)
        link->interruptLocked(true);
}

QString unpluggedSentence()
{
    return QStringLiteral("the virtual board is unplugged; plug it in (Board menu)");
}

} // namespace atomnet
