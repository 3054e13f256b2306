#include "app/cli/device_options.h"

#include <QRegularExpression>

namespace atomnet
{

OptionSpec deviceOption()
{
    return {QStringLiteral("device"), QStringLiteral("D"),
            QStringLiteral("the board: usb, usb:SERIAL, serial:PORT, qemu-m4 or qemu-m7")};
}

Result<Session> openDevice(const QString &address)
{
    const Result<DeviceAddress> parsed = deviceAddress(address);
    if (!parsed) return tl::make_unexpected(parsed.error());
    LinkResult<Session> session = Session::open(makeLink(*parsed));
    if (!session) return tl::make_unexpected(toError(session.error(), address));
    return *std::move(session);
}

Result<RunConditions> conditionsFrom(const QString &text)
{
    const auto refuse = [&text] {
        return fail(ErrorCode::Usage,
                    QStringLiteral("'%1' is no run condition; write off, or some of I, D, ART and "
                                   "prefetch with + between them; +7ws behind it sets 7 wait "
                                   "states")
                        .arg(text),
                    QStringLiteral("--conditions"));
    };
    RunConditions result;
    QStringList parts = text.split(u'+');
    if (static const QRegularExpression ws(QStringLiteral("\\A([0-9]{1,2})ws\\z"));
        parts.size() > 1 && ws.match(parts.last()).hasMatch())
        result.waitStates = ws.match(parts.takeLast()).captured(1).toUInt();
    if (parts == QStringList{QStringLiteral("off")}) return result;
    for (const QString &part : std::as_const(parts)) {
        quint32 found = 0;
        for (const quint32 bit : {AP_COND_ICACHE, AP_COND_DCACHE, AP_COND_PREFETCH, AP_COND_ART})
            if (part == DeviceInfo::cachesText(bit)) found = bit;
        if (found == 0 || (result.conditions & found) != 0) return refuse();
        result.conditions |= found;
    }
    return result;
}

} // namespace atomnet
