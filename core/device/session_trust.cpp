#include "core/device/operator_request.h"
#include "core/device/session_private.h"
#include "core/device/trust_operators.h"
#include "firmware/protocol/ap_pattern.h"

#include <QtEndian>

namespace atomnet
{

namespace
{

/// The board looks at all of its memory: a second on boards, more in an emulator.
constexpr int selfTestMs = 30'000;

quint32 crcOf(QByteArrayView bytes)
{
    return ap_crc32(0, bytes.data(), std::size_t(bytes.size()));
}

QString failedParts(quint32 failed)
{
    QStringList parts;
    if (failed & AP_SELF_IMAGE)
        parts << QStringLiteral("the firmware in Flash is damaged; flash it anew");
    if (failed & AP_SELF_ARENA) parts << QStringLiteral("its RAM does not keep what is written");
    if (failed & AP_SELF_COUNTER) parts << QStringLiteral("its cycle counter stands still");
    if (failed & AP_SELF_STACK) parts << QStringLiteral("its stack has run over");
    if (parts.isEmpty()) parts << QStringLiteral("code %1").arg(failed);
    return parts.join(QStringLiteral(", "));
}

} // namespace

LinkResult<> Session::Private::selfTest(const RunControl &control)
{
    auto reply = request(AP_MSG_SELF_TEST, {}, selfTestMs, control);
    if (!reply) return tl::unexpected(reply.error());
    ap_self_test_t test{};
    if (!decoded(ap_decode_self_test, *reply, test))
        return lie(QStringLiteral("the result of its self-test cannot be read"));
    if (test.failed)
        return linkFail(LinkFault::Refused, QStringLiteral("the self-test of %1 failed: %2")
                                                .arg(link->name(), failedParts(test.failed)));
    return {};
}

LinkResult<> Session::Private::readWindow(const RunControl &control)
{
    const quint32 bytes = info.hello.window_bytes;
    const ap_range_t all{AP_REGION_WINDOW, 0, bytes};
    auto reply = request(AP_MSG_CRC, encoded(ap_encode_range, all), selfTestMs, control);
    if (!reply) return tl::unexpected(reply.error());
    if (reply->size() < 4) return lie(QStringLiteral("a CRC of %1 bytes").arg(reply->size()));
    const quint32 crc = qFromLittleEndian<quint32>(reply->constData());
    window = freshWindow(bytes);
    if (crc == crcOf(window)) return {};
    // Something was written behind the image before, and not erased since.
    auto read = this->read(AP_REGION_WINDOW, bytes, control);
    if (!read) return tl::unexpected(read.error());
    if (crcOf(*read) != crc)
        return lie(QStringLiteral(
            "its Flash reads differently each time; check the cable and the supply"));
    if (read->first(AP_PATTERN_BYTES) != window.first(AP_PATTERN_BYTES))
        return linkFail(
            LinkFault::Version,
            QStringLiteral("%1 holds other weights than this designer's firmware; flash it anew")
                .arg(link->name()));
    window = *std::move(read);
    return {};
}

LinkResult<> Session::trust(const RunControl &control)
{
    d->trusted = false;
    if (auto good = d->selfTest(control); !good) return good;
    if (auto read = d->readWindow(control); !read) return read;
    for (const AtomKey &key : trustOperators()) {
        const auto op = operatorRequest(key, ownPlace(key));
        if (!op) return linkFail(LinkFault::Refused, op.error().message());
        auto result = d->run(*op, 1, control);
        if (!result && result.error().fault == LinkFault::Interrupted)
            return tl::unexpected(result.error());
        if (!result)
            return linkFail(result.error().fault,
                            QStringLiteral("%1 (%2)").arg(result.error().what, describe(key)),
                            result.error().status);
    }
    d->trusted = true;
    return {};
}

} // namespace atomnet
