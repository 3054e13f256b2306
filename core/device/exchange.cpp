#include "core/device/exchange.h"

#include <QRandomGenerator>

#include <utility>

namespace atomnet
{

namespace
{

/// What can be asked twice with the same effect as once.
bool repeatable(ap_message_t type)
{
    switch (type) {
    case AP_MSG_HELLO:
    case AP_MSG_SELF_TEST:
    case AP_MSG_CONDITIONS:
    case AP_MSG_RUN_OPERATOR:
    case AP_MSG_NETWORK_RUN:
    case AP_MSG_READ:
    case AP_MSG_WRITE:
    case AP_MSG_CRC:
        return true;
    default:
        return false;
    }
}

int remaining(const QDeadlineTimer &deadline)
{
    return int(std::max<qint64>(deadline.remainingTime(), 0));
}

LinkError late(int damaged, int foreign, const QString &name)
{
    if (damaged)
        return {LinkFault::Protocol,
                QStringLiteral("only damaged data comes from %1; check the cable, and that it is "
                               "the AtomNet profiler")
                    .arg(name)};
    if (foreign)
        return {LinkFault::Protocol,
                QStringLiteral("%1 answers other requests than the one that was made; press its "
                               "reset button")
                    .arg(name)};
    return {LinkFault::Timeout,
            QStringLiteral("%1 did not answer in time; press its reset button, or flash the "
                           "profiling firmware")
                .arg(name)};
}

/// How long nothing must come before a damaged stream counts as over.
constexpr int quietMs = 20, drainMs = 200;

} // namespace

// The first number is any: an answer to an earlier program of ours must not fit.
Exchange::Exchange(Link &link)
    : m_link(link), m_sequence(quint16(QRandomGenerator::global()->generate()))
{
}

void Exchange::restart()
{
    m_decoder = {};
    m_arrived.clear();
    m_busyUntil = {};
}

LinkResult<> Exchange::send(ap_message_t type, QByteArrayView payload,
                            const QDeadlineTimer &deadline)
{
    Q_ASSERT(payload.size() <= AP_MAX_PAYLOAD);
    const ap_header_t header{quint8(type), 0, ++m_sequence, std::size_t(payload.size())};
    QByteArray frame(1 + AP_MAX_FRAME, '\0');
    // The zero byte in front ends whatever the board has of a frame that was cut off.
    const std::size_t count =
        ap_frame_encode(&header, reinterpret_cast<const quint8 *>(payload.data()),
                        reinterpret_cast<quint8 *>(frame.data()) + 1);
    frame.truncate(qsizetype(count) + 1);
    return m_link.write(frame, remaining(deadline));
}

LinkResult<Exchange::Reply> Exchange::await(ap_message_t type, const QDeadlineTimer &deadline,
                                            const RunControl &control, bool &damaged)
{
    const quint32 droppedBefore = m_decoder.dropped;
    for (;;) {
        for (qsizetype i = 0; i < m_arrived.size(); ++i) {
            ap_header_t header{};
            if (!ap_decoder_push(&m_decoder, quint8(m_arrived[i]), &header)) continue;
            if (header.sequence != m_sequence) {
                ++m_foreign;
                continue;
            }
            m_arrived.remove(0, i + 1);
            if (header.type != type || header.status > AP_UNSUPPORTED)
                return linkFail(LinkFault::Protocol,
                                QStringLiteral("%1 answers with message %2, status %3, which "
                                               "this version does not know")
                                    .arg(m_link.name())
                                    .arg(header.type)
                                    .arg(header.status));
            return Reply{
                ap_status_t(header.status),
                QByteArray(reinterpret_cast<const char *>(m_decoder.plain) + AP_HEADER_BYTES,
                           qsizetype(header.count))};
        }
        m_arrived.clear();
        damaged = m_decoder.dropped != droppedBefore;
        if (damaged || deadline.hasExpired())
            return tl::unexpected(late(damaged, m_foreign, m_link.name()));
        if (control.cancelled())
            return linkFail(LinkFault::Interrupted, QStringLiteral("cancelled"));
        // In slices, for links that do not ask the control themselves.
        auto bytes = m_link.read(std::min(remaining(deadline), 50));
        if (bytes) {
            m_arrived = *std::move(bytes);
        } else if (bytes.error().fault == LinkFault::Protocol) {
            damaged = true; // a stall that was cleared: what was on its way is lost
            return tl::unexpected(bytes.error());
        } else if (bytes.error().fault != LinkFault::Timeout) {
            return tl::unexpected(bytes.error());
        }
    }
}

void Exchange::drain(const QDeadlineTimer &deadline)
{
    const QDeadlineTimer enough(std::min(remaining(deadline), drainMs));
    while (!enough.hasExpired() && m_link.read(quietMs)) {
    }
    m_decoder = {};
    m_arrived.clear();
}

void Exchange::giveUp(const LinkError &why, const QDeadlineTimer &deadline)
{
    if (why.fault != LinkFault::Interrupted && why.fault != LinkFault::Timeout) return;
    m_busyUntil = deadline; // has expired already behind a timeout
    m_link.setControl(nullptr);
    (void)send(AP_MSG_ABORT, {}, QDeadlineTimer(50)); // its answer will be a foreign one
}

LinkResult<Exchange::Reply> Exchange::ask(ap_message_t type, QByteArrayView payload, int timeoutMs,
                                          const RunControl &control,
                                          const std::function<void()> &meanwhile)
{
    const QDeadlineTimer deadline(timeoutMs + remaining(m_busyUntil));
    m_foreign = 0;
    const struct Watched {
        Link &link;
        ~Watched() { link.setControl(nullptr); }
    } watched{m_link};
    m_link.setControl(&control);
    const int attempts = repeatable(type) ? 3 : 1;
    bool begun = false;
    for (int attempt = 1;; ++attempt) {
        bool damaged = false;
        LinkResult<Reply> reply;
        if (auto sent = send(type, payload, deadline); !sent) {
            reply = tl::unexpected(sent.error());
            damaged = sent.error().fault == LinkFault::Protocol;
        } else {
            if (!std::exchange(begun, true) && meanwhile) meanwhile();
            reply = await(type, deadline, control, damaged);
        }
        if (reply) m_busyUntil = {};
        if (!damaged) {
            if (!reply) giveUp(reply.error(), deadline);
            return reply;
        }
        if (attempt >= attempts || deadline.hasExpired()) return reply;
        drain(deadline);
    }
}

} // namespace atomnet
