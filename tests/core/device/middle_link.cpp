#include "tests/core/device/middle_link.h"

#include <QDeadlineTimer>
#include <QThread>

namespace atomnet::test
{

QByteArray frameOf(const ap_header_t &header, const QByteArray &payload)
{
    ap_header_t sized = header;
    sized.count = std::size_t(payload.size());
    QByteArray frame(AP_MAX_FRAME, '\0');
    frame.truncate(
        qsizetype(ap_frame_encode(&sized, reinterpret_cast<const uint8_t *>(payload.constData()),
                                  reinterpret_cast<uint8_t *>(frame.data()))));
    return frame;
}

MiddleLink::MiddleLink(std::unique_ptr<Link> device, Change c)
    : change(std::move(c)), m_device(std::move(device))
{
}

LinkResult<> MiddleLink::open()
{
    m_decoder = {};
    m_ready.clear();
    return m_device->open();
}

LinkResult<> MiddleLink::write(QByteArrayView bytes, int timeoutMs)
{
    ++requests;
    return m_device->write(bytes, timeoutMs);
}

LinkResult<QByteArray> MiddleLink::read(int timeoutMs)
{
    if (m_ready.isEmpty()) {
        if (!garbage.isEmpty()) {
            QThread::msleep(1);
            return garbage;
        }
        const QDeadlineTimer deadline(timeoutMs);
        while (m_ready.isEmpty()) {
            auto bytes = m_device->read(int(std::max<qint64>(deadline.remainingTime(), 0)));
            if (!bytes) return bytes;
            for (const char byte : *bytes) {
                ap_header_t header{};
                if (!ap_decoder_push(&m_decoder, quint8(byte), &header)) continue;
                const QByteArray payload(reinterpret_cast<const char *>(m_decoder.plain) +
                                             AP_HEADER_BYTES,
                                         qsizetype(header.count));
                m_ready += change ? change(header, payload) : frameOf(header, payload);
            }
        }
    }
    const QByteArray part = m_ready.left(mostAtOnce);
    m_ready.remove(0, part.size());
    return part;
}

} // namespace atomnet::test
