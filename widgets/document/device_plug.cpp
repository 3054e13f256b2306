#include "widgets/document/device_plug.h"

namespace atomnet
{

namespace
{

/// Around the real link, which is made anew whenever the plug was out.
class PluggedLink : public Link
{
public:
    PluggedLink(DeviceAddress address, DevicePlug::MakeLink make,
                std::shared_ptr<const std::atomic_bool> plugged, std::function<bool()> stopped)
        : m_address(std::move(address))
        , m_make(std::move(make))
        , m_plugged(std::move(plugged))
        , m_stopped(std::move(stopped))
        , m_virtual(m_address.kind == DeviceAddress::Kind::Emulator ||
                    m_address.kind == DeviceAddress::Kind::Program)
    {
        // Waiting calls of the inner link end when the plug is pulled, too.
        m_control.isCancelled = [this] { return out() || m_asked || m_stopped() || cancelled(); };
    }

    LinkResult<> open() override
    {
        if (out()) {
            m_inner.reset();
            return linkFail(LinkFault::NotFound, unpluggedSentence());
        }
        if (!m_inner) {
            m_inner = m_make(m_address);
            m_inner->setControl(&m_control);
        }
        return told(m_inner->open());
    }
    void close() override
    {
        if (m_inner) m_inner->close();
    }
    LinkResult<> write(QByteArrayView bytes, int timeoutMs) override
    {
        if (!m_inner || out()) return gone();
        return told(m_inner->write(bytes, timeoutMs));
    }
    LinkResult<QByteArray> read(int timeoutMs) override
    {
        if (!m_inner || out()) return gone();
        return told(m_inner->read(timeoutMs));
    }
    void interrupt() override { m_asked = true; }
    QString name() const override { return m_inner ? m_inner->name() : toString(m_address); }

private:
    [[nodiscard]] bool out() const { return m_virtual && !*m_plugged; }
    tl::unexpected<LinkError> gone()
    {
        m_inner.reset(); // ends the emulator
        return linkFail(LinkFault::Gone, unpluggedSentence());
    }
    /// What the inner link said, in the light of the plug.
    template <class T>
    LinkResult<T> told(LinkResult<T> result)
    {
        if (out()) return gone();
        if (!result && result.error().fault == LinkFault::Interrupted) m_asked = false;
        return result;
    }

    const DeviceAddress m_address;
    const DevicePlug::MakeLink m_make;
    const std::shared_ptr<const std::atomic_bool> m_plugged;
    const std::function<bool()> m_stopped;
    const bool m_virtual;
    std::atomic_bool m_asked = false;
    RunControl m_control;
    std::unique_ptr<Link> m_inner;
};

} // namespace

std::unique_ptr<Link> DevicePlug::link(const DeviceAddress &address,
                                       std::function<bool()> stopped) const
{
    return std::make_unique<PluggedLink>(address, m_make, m_plugged, std::move(stopped));
}

QString unpluggedSentence()
{
    return QStringLiteral("the virtual board is unplugged; plug it in (Board menu)");
}

} // namespace atomnet
