#include "app/cli/device_options.h"

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

Result<quint32> conditionsFrom(const QString &text)
{
    if (text == u"off") return 0;
    quint32 conditions = 0;
    for (const QString &part : text.split(u'+')) {
        quint32 found = 0;
        for (const quint32 bit : {AP_COND_ICACHE, AP_COND_DCACHE, AP_COND_PREFETCH, AP_COND_ART})
            if (part == DeviceInfo::cachesText(bit)) found = bit;
        if (found == 0 || (conditions & found) != 0)
            return fail(ErrorCode::Usage,
                        QStringLiteral("'%1' is no run condition; write off, or some of I, D, ART "
                                       "and prefetch with + between them")
                            .arg(text),
                        QStringLiteral("--conditions"));
        conditions |= found;
    }
    return conditions;
}

} // namespace atomnet
