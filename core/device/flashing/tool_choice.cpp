#include "core/device/flashing/tool_choice.h"

#include "core/device/flashing/flash_sentences.h"

#include <algorithm>

namespace atomnet
{

namespace
{

/// st-flash 1.7 knows one bank of the STM32H743's two.
constexpr qint64 bankOfH743 = 1024 * 1024;

Probe::Kind kindOf(FlashTool tool)
{
    return tool == FlashTool::DfuUtil ? Probe::Kind::Dfu : Probe::Kind::StLink;
}

bool reaches(FlashTool tool, const BoardVariant &variant, qint64 bytes)
{
    return tool != FlashTool::StFlash || variant.chipId != chipH743 || bytes <= bankOfH743;
}

QString listed(const std::vector<Probe> &probes)
{
    QStringList list;
    for (const Probe &probe : probes)
        list << QStringLiteral("%1 %2").arg(probe.name, probe.serial.isEmpty()
                                                            ? QStringLiteral("(no serial number)")
                                                            : probe.serial);
    return list.join(QStringLiteral(", "));
}

} // namespace

Result<FlashTool> chooseTool(std::optional<FlashTool> asked, const BoardVariant &variant,
                             const Probe &probe, qint64 bytes)
{
    if (asked && kindOf(*asked) != probe.kind)
        return fail(ErrorCode::Usage,
                    QStringLiteral("%1 does not work through \"%2\"; st-flash and openocd need an "
                                   "ST-LINK, dfu-util the board's own bootloader (DFU)")
                        .arg(toString(*asked), probe.name));
    if (asked && !reaches(*asked, variant, bytes))
        return fail(ErrorCode::Usage,
                    QStringLiteral("st-flash cannot write the second half of the Flash of %1; use "
                                   "--tool openocd")
                        .arg(variant.name));
    if (asked && !isInstalled(toString(*asked)))
        return fail(ErrorCode::Device, flashSentence(FlashProblem::ToolMissing, *asked, variant));
    if (asked) return *asked;
    for (const FlashTool tool : {FlashTool::StFlash, FlashTool::OpenOcd, FlashTool::DfuUtil})
        if (kindOf(tool) == probe.kind && reaches(tool, variant, bytes) &&
            isInstalled(toString(tool)))
            return tool;
    if (probe.kind == Probe::Kind::Dfu)
        return fail(ErrorCode::Device, QStringLiteral("dfu-util is not installed; install it "
                                                      "(Debian: apt install dfu-util)"));
    return fail(ErrorCode::Device,
                QStringLiteral("no tool that writes through an ST-LINK is installed; install one "
                               "(Debian: apt install stlink-tools openocd)"));
}

Result<Probe> chooseProbe(const std::vector<Probe> &probes, const QString &serial,
                          std::optional<FlashTool> tool)
{
    std::vector<Probe> left;
    std::copy_if(probes.begin(), probes.end(), std::back_inserter(left), [&](const Probe &probe) {
        return (!tool || kindOf(*tool) == probe.kind) &&
               probe.serial.startsWith(serial, Qt::CaseInsensitive);
    });
    if (left.empty() && probes.empty())
        return fail(ErrorCode::Device,
                    QStringLiteral("there is no ST-LINK and no board in its bootloader (DFU); plug "
                                   "the board's ST-LINK connector in, with a cable that carries "
                                   "data"));
    if (left.empty())
        return fail(ErrorCode::Device,
                    QStringLiteral("none of what is connected fits (%1); see atomnet-designer "
                                   "devices")
                        .arg(listed(probes)));
    if (left.size() > 1)
        return fail(
            ErrorCode::Usage,
            QStringLiteral("several boards are connected; say which with --probe SERIAL: %1")
                .arg(listed(left)));
    if (!left.front().problem.isEmpty())
        return fail(ErrorCode::Device, left.front().problem, left.front().name);
    return left.front();
}

} // namespace atomnet
