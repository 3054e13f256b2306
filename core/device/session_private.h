#pragma once

#include "core/device/exchange.h"
#include "core/device/session.h"

#include <QDeadlineTimer>

#include <future>

namespace atomnet
{

struct Session::Private {
    explicit Private(std::unique_ptr<Link> l) : link(std::move(l)), exchange(*link) {}

    std::unique_ptr<Link> link;
    Exchange exchange;
    DeviceInfo info;
    bool trusted = false;
    QByteArray window;
    /// The host's own output of what the board computes just now. A thread works on large ones, so
    /// that a cancelled caller need not wait for it.
    std::future<LinkResult<quint32>> expected;

    /// Opens the link and says hello, again while nothing answers: programs and boards take a
    /// moment to start.
    [[nodiscard]] LinkResult<DeviceInfo> connect(const RunControl &control);
    /// A request that must be answered with AP_OK; its reply's payload.
    [[nodiscard]] LinkResult<QByteArray> request(ap_message_t type, QByteArrayView payload,
                                                 int timeoutMs, const RunControl &control,
                                                 const std::function<void()> &meanwhile = {});
    [[nodiscard]] LinkResult<> setConditions(quint32 conditions, quint32 waitStates);
    /// Behind connect(): goes on with the board that `before` describes, under its conditions, or
    /// says why not.
    [[nodiscard]] LinkResult<> continueAs(const DeviceInfo &before, DeviceInfo found);
    [[nodiscard]] LinkResult<> selfTest(const RunControl &control);
    /// Makes `window` what the board's is.
    [[nodiscard]] LinkResult<> readWindow(const RunControl &control);
    /// Runs without asking whether the board is trusted.
    [[nodiscard]] LinkResult<OperatorResult> run(const ap_operator_t &op, int repetitions,
                                                 const RunControl &control);
    /// `count` bytes of a region.
    [[nodiscard]] LinkResult<QByteArray> read(ap_region_t region, quint32 count,
                                              const RunControl &control);
    /// Of a result that has passed its checks: in the board's unit.
    [[nodiscard]] LinkResult<OperatorResult> result(const QByteArray &payload,
                                                    int repetitions) const;
    [[nodiscard]] tl::unexpected<LinkError> lie(const QString &what) const
    {
        return linkFail(LinkFault::Protocol, link->name() + QStringLiteral(": ") + what);
    }
};

/// A payload of a struct of the protocol, by its encoder.
template <class T>
[[nodiscard]] QByteArray encoded(std::size_t (*encode)(const T *, uint8_t *), const T &value)
{
    QByteArray bytes(AP_MAX_PAYLOAD, '\0');
    bytes.truncate(qsizetype(encode(&value, reinterpret_cast<uint8_t *>(bytes.data()))));
    return bytes;
}

/// The struct in a payload, by its decoder; false when it is too short or a field cannot be (which:
/// `field`, else -1).
template <class T>
[[nodiscard]] bool decoded(ap_status_t (*decode)(const uint8_t *, std::size_t, T *, uint16_t *),
                           const QByteArray &payload, T &value, int *field = nullptr)
{
    uint16_t bad = 0;
    const ap_status_t status = decode(reinterpret_cast<const uint8_t *>(payload.constData()),
                                      std::size_t(payload.size()), &value, &bad);
    if (field) *field = status == AP_BAD_FIELD ? bad : -1;
    return status == AP_OK;
}

/// Multiplications, roughly: what decides how long an operator takes.
[[nodiscard]] double multiplications(const ap_operator_t &op);
/// How long a run may take at most, with repetitions: milliseconds. Generous: it only ends what
/// will never end.
[[nodiscard]] int runTimeoutMs(const ap_operator_t &op, int repetitions, quint32 clockHz);

} // namespace atomnet
