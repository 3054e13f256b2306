#pragma once

#include "core/device/link.h"
#include "firmware/protocol/ap_protocol.h"

#include <QDeadlineTimer>

#include <functional>

namespace atomnet
{

/// Requests and their replies over a link: frames, sequence numbers, damage, lateness. Knows
/// nothing of what is in them.
class Exchange
{
public:
    explicit Exchange(Link &link);

    struct Reply {
        ap_status_t status = AP_OK;
        QByteArray payload;
    };
    /// Sends a request and waits for its reply. A damaged reply to what can be repeated is asked
    /// for again, up to twice. `meanwhile` runs once while the board works. Replies to requests
    /// that were given up are dropped; a board that still works on one gets the time that was its
    /// due on top.
    [[nodiscard]] LinkResult<Reply> ask(ap_message_t type, QByteArrayView payload, int timeoutMs,
                                        const RunControl &control,
                                        const std::function<void()> &meanwhile = {});
    /// Begins anew after the link was opened again.
    void restart();

private:
    [[nodiscard]] LinkResult<> send(ap_message_t type, QByteArrayView payload,
                                    const QDeadlineTimer &deadline);
    [[nodiscard]] LinkResult<Reply> await(ap_message_t type, const QDeadlineTimer &deadline,
                                          const RunControl &control, bool &damaged);
    void giveUp(const LinkError &why, const QDeadlineTimer &deadline);
    void drain(const QDeadlineTimer &deadline);

    Link &m_link;
    ap_decoder_t m_decoder{};
    QByteArray m_arrived;       ///< behind the last frame that was taken
    quint16 m_sequence;         ///< of the last request
    QDeadlineTimer m_busyUntil; ///< a request that was given up may keep the board until then
    int m_foreign = 0;          ///< good frames that answer something else
};

} // namespace atomnet
