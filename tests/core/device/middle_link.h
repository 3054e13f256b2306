#pragma once

#include "core/device/link.h"
#include "firmware/protocol/ap_frame.h"

#include <functional>

namespace atomnet::test
{

/// One frame with this payload, as it is on the wire.
[[nodiscard]] QByteArray frameOf(const ap_header_t &header, const QByteArray &payload);

/// Sits between a session and a real device and may change what the device says, frame by frame.
class MiddleLink : public Link
{
public:
    /// What is delivered instead of a reply: frameOf(header, payload) for the truth, nothing for
    /// silence.
    using Change = std::function<QByteArray(const ap_header_t &header, const QByteArray &payload)>;
    explicit MiddleLink(std::unique_ptr<Link> device, Change change = {});

    [[nodiscard]] LinkResult<> open() override;
    void close() override { m_device->close(); }
    [[nodiscard]] LinkResult<> write(QByteArrayView bytes, int timeoutMs) override;
    [[nodiscard]] LinkResult<QByteArray> read(int timeoutMs) override;
    void interrupt() override { m_device->interrupt(); }
    [[nodiscard]] QString name() const override { return QStringLiteral("the liar"); }

    Change change;                  ///< empty: the truth
    QByteArray garbage;             ///< delivered by every read() that would wait, when not empty
    qsizetype mostAtOnce = 1 << 20; ///< bytes that a read() gives
    int requests = 0;               ///< written so far

private:
    std::unique_ptr<Link> m_device;
    ap_decoder_t m_decoder{};
    QByteArray m_ready;
};

} // namespace atomnet::test
