#include "core/device/flashing/own_bootloader.h"

#include "core/device/exchange.h"

#include <QElapsedTimer>
#include <QThread>

#include <algorithm>

namespace atomnet
{

namespace
{

constexpr int requestMs = 1000, lookMs = 200;

/// The hello as it stands: a firmware that is too old to be measured with can still be left.
LinkResult<ap_hello_t> hello(Exchange &exchange, const QString &name, const RunControl &control)
{
    QByteArray request(AP_MAX_PAYLOAD, '\0');
    const ap_hello_request_t version{AP_PROTOCOL_MAJOR, AP_PROTOCOL_MINOR};
    request.resize(
        qsizetype(ap_encode_hello_request(&version, reinterpret_cast<uint8_t *>(request.data()))));
    const auto reply = exchange.ask(AP_MSG_HELLO, request, requestMs, control);
    if (!reply) return tl::unexpected(reply.error());
    ap_hello_t answer{};
    uint16_t field = 0;
    if (ap_decode_hello(reinterpret_cast<const uint8_t *>(reply->payload.constData()),
                        std::size_t(reply->payload.size()), &answer, &field) != AP_OK)
        return linkFail(LinkFault::Protocol,
                        QStringLiteral("%1 greets in a way that cannot be").arg(name));
    return answer;
}

} // namespace

LinkResult<> askForBootloader(std::unique_ptr<Link> link, const QString &boardId,
                              const RunControl &control)
{
    if (auto opened = link->open(); !opened) return opened;
    Exchange exchange(*link);
    const auto answer = hello(exchange, link->name(), control);
    if (!answer) return tl::unexpected(answer.error());
    const QString board = QString::fromLatin1(answer->board);
    if (board != boardId)
        return linkFail(LinkFault::Refused,
                        QStringLiteral("%1 is an %2, not an %3; choose the board that is connected")
                            .arg(link->name(), board, boardId));
    if (!(answer->flags & AP_FLAG_BOOTLOADER))
        return linkFail(LinkFault::Refused,
                        QStringLiteral("the firmware of %1 has no way into the bootloader; hold "
                                       "BOOT0 and press reset")
                            .arg(link->name()));
    const auto reply = exchange.ask(AP_MSG_BOOTLOADER, {}, requestMs, control);
    link->close();
    // It may be gone before its answer is on the way.
    if (!reply && reply.error().fault != LinkFault::Gone) return tl::unexpected(reply.error());
    if (reply && reply->status != AP_OK)
        return linkFail(LinkFault::Refused,
                        QStringLiteral("%1 refuses to start the bootloader; hold BOOT0 and press "
                                       "reset")
                            .arg(link->name()),
                        reply->status);
    return {};
}

BootloaderWays realBootloaderWays()
{
    return {findProbes, findDevices,
            [](const DeviceAddress &address, const QString &boardId, const RunControl &control) {
                return askForBootloader(makeLink(address), boardId, control);
            }};
}

Result<std::vector<Probe>> probesFor(const BoardVariant &variant, const RunControl &control,
                                     const BootloaderWays &ways)
{
    std::vector<Probe> probes = ways.probes();
    if (!probes.empty()) return probes;
    std::optional<LinkError> refused;
    bool asked = false;
    for (const FoundDevice &device : ways.devices()) {
        if (device.what != FoundDevice::What::Profiler) continue;
        const auto done = ways.ask(device.address, variant.board, control);
        asked = done.has_value();
        if (asked) break;
        refused = done.error();
    }
    if (!asked && refused) return tl::make_unexpected(toError(*refused, variant.name));
    if (!asked) return probes;

    QElapsedTimer timer;
    timer.start();
    while (probes.empty() && !timer.hasExpired(ways.patienceMs)) {
        if (control.cancelled()) return fail(ErrorCode::Cancelled, QStringLiteral("cancelled"));
        QThread::msleep(lookMs);
        probes = ways.probes();
    }
    if (!probes.empty()) return probes;
    return fail(ErrorCode::Device,
                QStringLiteral("the board was asked to start its bootloader, which does not show "
                               "itself; press its reset button, or hold BOOT0 while you do"),
                variant.name);
}

} // namespace atomnet
