#include "core/device/flashing/tool_calls.h"

#include "core/device/flashing/tool_output.h"
#include "core/device/known_probes.h"

#include <algorithm>

namespace atomnet
{

namespace
{

QString hex(quint32 number)
{
    return QStringLiteral("0x%1").arg(number, 8, 16, QLatin1Char('0'));
}

/// In braces Tcl takes a text as it is.
QString tcl(const QString &text)
{
    return QLatin1Char('{') + text + QLatin1Char('}');
}

/// Old ST-LINKs have serial numbers of unprintable bytes, which no command line carries.
bool canBeNamed(const QString &serial)
{
    if (serial.isEmpty()) return false;
    for (const QChar c : serial)
        if (!(c >= u'0' && c <= u'9') && !(c >= u'a' && c <= u'z') && !(c >= u'A' && c <= u'Z'))
            return false;
    return true;
}

ToolCall stFlash(const Probe &probe, QStringList options, const QStringList &rest)
{
    if (canBeNamed(probe.serial)) options << QStringLiteral("--serial") << probe.serial;
    return {QStringLiteral("st-flash"), options + rest};
}

/// Without the servers that it opens ports for: another OpenOCD may have them.
ToolCall openOcd(const BoardVariant &variant, const Probe &probe, const QStringList &commands)
{
    QStringList arguments{QStringLiteral("-f"), variant.openOcdConfig};
    QStringList all{QStringLiteral("gdb_port disabled"), QStringLiteral("tcl_port disabled"),
                    QStringLiteral("telnet_port disabled")};
    if (canBeNamed(probe.serial)) all << QStringLiteral("adapter serial ") + probe.serial;
    for (const QString &command : all + commands)
        arguments << QStringLiteral("-c") << command;
    return {QStringLiteral("openocd"), arguments};
}

ToolCall dfuUtil(const Probe &probe, const QStringList &rest)
{
    QStringList arguments{QStringLiteral("-d"),
                          QStringLiteral("%1:%2")
                              .arg(probe.vendor, 4, 16, QLatin1Char('0'))
                              .arg(probe.product, 4, 16, QLatin1Char('0')),
                          QStringLiteral("-a"), QStringLiteral("0")};
    if (canBeNamed(probe.serial)) arguments << QStringLiteral("-S") << probe.serial;
    return {QStringLiteral("dfu-util"), arguments + rest};
}

} // namespace

ToolCall writeCall(FlashTool tool, const BoardVariant &variant, const Probe &probe,
                   const QString &file)
{
    switch (tool) {
    case FlashTool::StFlash:
        return stFlash(probe, {QStringLiteral("--reset")},
                       {QStringLiteral("write"), file, hex(flashStart)});
    case FlashTool::OpenOcd:
        return openOcd(
            variant, probe,
            {QStringLiteral("program %1 verify reset exit %2").arg(tcl(file), hex(flashStart))});
    case FlashTool::DfuUtil:
        break;
    }
    return dfuUtil(probe, {QStringLiteral("-s"), hex(flashStart), QStringLiteral("-D"), file});
}

ToolCall readCall(FlashTool tool, const BoardVariant &variant, const Probe &probe,
                  const QString &file, qint64 bytes, bool leave)
{
    switch (tool) {
    case FlashTool::StFlash:
        return stFlash(probe, {},
                       {QStringLiteral("read"), file, hex(flashStart), hex(quint32(bytes))});
    case FlashTool::OpenOcd:
        return openOcd(variant, probe,
                       {QStringLiteral("init"), QStringLiteral("reset halt"),
                        QStringLiteral("dump_image %1 %2 %3")
                            .arg(tcl(file), hex(flashStart), hex(quint32(bytes))),
                        QStringLiteral("reset run"), QStringLiteral("shutdown")});
    case FlashTool::DfuUtil:
        break;
    }
    return dfuUtil(probe, {QStringLiteral("-s"),
                           QStringLiteral("%1:%2%3")
                               .arg(hex(flashStart))
                               .arg(bytes)
                               .arg(leave ? QStringLiteral(":leave") : QString()),
                           QStringLiteral("-U"), file});
}

ToolCall identifyCall(FlashTool tool, const BoardVariant &variant, const Probe &probe)
{
    switch (tool) {
    case FlashTool::StFlash:
        return {QStringLiteral("st-info"), {QStringLiteral("--probe")}};
    case FlashTool::OpenOcd: {
        // What lies nowhere on another family's chip fails alone.
        QList<quint32> addresses{idCodeF4F7, optionsF4F7, idCodeH7, optionsH7};
        if (variant.chipId == chipH743)
            std::rotate(addresses.begin(), addresses.begin() + 2, addresses.end());
        QStringList commands{QStringLiteral("init")};
        for (const quint32 address : addresses)
            commands << QStringLiteral("catch {mdw %1}").arg(hex(address));
        return openOcd(variant, probe, commands << QStringLiteral("shutdown"));
    }
    case FlashTool::DfuUtil:
        break;
    }
    return {QStringLiteral("dfu-util"), {QStringLiteral("-l")}};
}

} // namespace atomnet
