#include "core/device/refusal.h"
#include "core/device/session_private.h"
#include "firmware/protocol/ap_pattern.h"

#include <QThread>

namespace atomnet
{

namespace
{

constexpr int requestMs = 2000;
/// No board has as much Flash; it is all held in memory here.
constexpr quint32 mostWindow = 32u << 20;

/// What a hello says that cannot be, beyond what its decoder has checked; "" when all of it can.
QString impossible(const ap_hello_t &hello)
{
    if (hello.clock_hz > 2'000'000'000u)
        return QStringLiteral("a clock of %1 Hz").arg(hello.clock_hz);
    if (hello.arena_bytes < 1024)
        return QStringLiteral("an arena of %1 bytes").arg(hello.arena_bytes);
    if (hello.window_bytes > mostWindow)
        return QStringLiteral("%1 bytes for weights").arg(hello.window_bytes);
    if (hello.max_payload > AP_MAX_PAYLOAD)
        return QStringLiteral("messages of %1 bytes").arg(hello.max_payload);
    return {};
}

LinkResult<DeviceInfo> deviceInfo(const QByteArray &payload, const QString &device)
{
    const auto lie = [&](const QString &what) {
        return linkFail(LinkFault::Protocol,
                        QStringLiteral("%1 greets with %2, which cannot be; flash the profiling "
                                       "firmware anew")
                            .arg(device, what));
    };
    DeviceInfo info;
    int field = -1;
    if (!decoded(ap_decode_hello, payload, info.hello, &field))
        return lie(field < 0 ? QStringLiteral("%1 bytes of something else").arg(payload.size())
                             : QStringLiteral("a value in field %1").arg(field));
    const ap_hello_t &hello = info.hello;
    if (hello.major != AP_PROTOCOL_MAJOR)
        return tl::unexpected(refusal(AP_MSG_HELLO, AP_WRONG_VERSION, payload, device));
    if (const QString what = impossible(hello); !what.isEmpty()) return lie(what);
    info.board = QString::fromLatin1(hello.board); // texts are printable and ended
    info.compiler = QString::fromLatin1(hello.compiler);
    info.compilerFlags = QString::fromLatin1(hello.compiler_flags);
    info.uniqueId = QString::fromLatin1(
        QByteArray(reinterpret_cast<const char *>(hello.unique_id), AP_UNIQUE_BYTES).toHex());
    const bool stale = hello.firmware_version < AP_FIRMWARE_VERSION;
    if (stale || hello.kernel_hash != kernelHash() || hello.pattern_bytes != AP_PATTERN_BYTES)
        return linkFail(
            LinkFault::Version,
            QStringLiteral("stale firmware on %1: it is %2 with kernels %3, this designer's is %4 "
                           "with kernels %5; flash it anew")
                .arg(device)
                .arg(hello.firmware_version)
                .arg(hello.kernel_hash, 8, 16, QLatin1Char('0'))
                .arg(AP_FIRMWARE_VERSION)
                .arg(kernelHash(), 8, 16, QLatin1Char('0')));
    return info;
}

} // namespace

LinkResult<QByteArray> Session::Private::request(ap_message_t type, QByteArrayView payload,
                                                 int timeoutMs, const RunControl &control,
                                                 const std::function<void()> &meanwhile)
{
    auto reply = exchange.ask(type, payload, timeoutMs, control, meanwhile);
    if (!reply) return tl::unexpected(reply.error());
    if (reply->status != AP_OK)
        return tl::unexpected(refusal(type, reply->status, reply->payload, link->name()));
    return std::move(reply->payload);
}

LinkResult<DeviceInfo> Session::Private::connect(const RunControl &control)
{
    link->close();
    exchange.restart();
    if (auto opened = link->open(); !opened) return tl::unexpected(opened.error());
    const ap_hello_request_t hello{AP_PROTOCOL_MAJOR, AP_PROTOCOL_MINOR};
    const QByteArray payload = encoded(ap_encode_hello_request, hello);
    LinkResult<QByteArray> reply;
    for (const int patienceMs : {1000, 2000, 2000}) {
        reply = request(AP_MSG_HELLO, payload, patienceMs, control);
        if (reply || reply.error().fault != LinkFault::Timeout) break;
    }
    if (!reply) return tl::unexpected(reply.error());
    return deviceInfo(*reply, link->name());
}

Session::Session(std::unique_ptr<Private> p) : d(std::move(p)) {}
Session::Session(Session &&) noexcept = default;
Session &Session::operator=(Session &&) noexcept = default;
Session::~Session() = default;

LinkResult<Session> Session::open(std::unique_ptr<Link> link)
{
    auto d = std::make_unique<Private>(std::move(link));
    auto info = d->connect({});
    if (!info) return tl::unexpected(info.error());
    d->info = *std::move(info);
    return Session(std::move(d));
}

const DeviceInfo &Session::info() const
{
    return d->info;
}
Link &Session::link()
{
    return *d->link;
}
bool Session::trusted() const
{
    return d->trusted;
}
QByteArrayView Session::window() const
{
    return d->window;
}

LinkResult<QByteArray> Session::request(ap_message_t type, QByteArrayView payload, int timeoutMs,
                                        const RunControl &control)
{
    return d->request(type, payload, timeoutMs, control);
}

LinkResult<> Session::Private::setConditions(quint32 conditions, quint32 waitStates)
{
    const ap_conditions_t wanted{conditions, waitStates, 0};
    auto reply = request(AP_MSG_CONDITIONS, encoded(ap_encode_conditions, wanted), requestMs, {});
    if (!reply) return tl::unexpected(reply.error());
    ap_conditions_t now{};
    if (!decoded(ap_decode_conditions, *reply, now) || now.conditions != conditions ||
        (waitStates != AP_WAIT_STATES_DEFAULT && now.wait_states != waitStates) ||
        (now.clock_hz == 0) != info.isVirtual())
        return lie(QStringLiteral("confirms other run conditions than those asked for"));
    info.hello.conditions = now.conditions;
    info.hello.wait_states = now.wait_states;
    info.hello.clock_hz = now.clock_hz;
    info.defaultWaitStates = waitStates == AP_WAIT_STATES_DEFAULT;
    return {};
}

LinkResult<> Session::setConditions(quint32 conditions, quint32 waitStates)
{
    return d->setConditions(conditions, waitStates);
}

LinkResult<> Session::reset()
{
    auto reply = d->request(AP_MSG_RESET, {}, requestMs, {});
    // It may have gone before the answer was on its way.
    if (!reply && reply.error().fault != LinkFault::Gone) return tl::unexpected(reply.error());
    return {};
}

LinkResult<> Session::enterBootloader()
{
    auto reply = d->request(AP_MSG_BOOTLOADER, {}, requestMs, {});
    if (!reply && reply.error().fault != LinkFault::Gone) return tl::unexpected(reply.error());
    return {};
}

LinkResult<> Session::Private::continueAs(const DeviceInfo &before, DeviceInfo found)
{
    const ap_hello_t &then = before.hello, &now = found.hello;
    if (found.uniqueId != before.uniqueId || found.board != before.board)
        return lie(QStringLiteral("another board than before (%1, id %2) is connected; connect the "
                                  "one that the run began with, or begin anew")
                       .arg(found.board, found.uniqueId));
    if (now.firmware_version != then.firmware_version || now.image_crc != then.image_crc ||
        now.model_crc != then.model_crc)
        return linkFail(
            LinkFault::Version,
            QStringLiteral("%1 came back with another firmware; begin anew").arg(link->name()));
    const bool same = now.conditions == then.conditions && now.wait_states == then.wait_states;
    info = std::move(found);
    if (!same) {
        auto set = setConditions(then.conditions, before.defaultWaitStates ? AP_WAIT_STATES_DEFAULT
                                                                           : then.wait_states);
        if (!set) return set;
    }
    if (info.condition() != before.condition())
        return lie(QStringLiteral("it came back under other run conditions; begin anew"));
    return {};
}

LinkResult<> Session::reconnect(int patienceMs, const RunControl &control)
{
    const QDeadlineTimer deadline(patienceMs);
    LinkResult<DeviceInfo> found;
    for (;;) {
        found = d->connect(control);
        if (found) break;
        const LinkFault fault = found.error().fault;
        // What a board that has just been plugged in gives until the system has set it up.
        const bool mayPass = fault == LinkFault::NotFound || fault == LinkFault::Gone ||
                             fault == LinkFault::Timeout || fault == LinkFault::NoPermission ||
                             fault == LinkFault::Busy || fault == LinkFault::Protocol;
        if (!mayPass || deadline.hasExpired()) return tl::unexpected(found.error());
        if (control.cancelled())
            return linkFail(LinkFault::Interrupted, QStringLiteral("cancelled"));
        QThread::msleep(50);
    }
    const DeviceInfo before = d->info;
    auto same = d->continueAs(before, *std::move(found));
    if (!same) {
        d->info = before; // what a later attempt must find
        d->link->close();
    }
    return same;
}

} // namespace atomnet
