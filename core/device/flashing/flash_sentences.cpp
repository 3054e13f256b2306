#include "core/device/flashing/flash_sentences.h"

namespace atomnet
{

namespace
{

constexpr auto unlockWarning = "removing the protection erases the whole chip";

/// The designer never does this itself: it destroys what was protected.
QString unlockAdvice(FlashTool tool, const BoardVariant &variant)
{
    if (tool == FlashTool::DfuUtil)
        return QStringLiteral("%1, with: dfu-util -d 0483:df11 -a 0 -s 0x08000000:unprotect:force "
                              "-D /dev/null")
            .arg(QLatin1String(unlockWarning));
    const bool h7 = variant.chipId == chipH743;
    return QStringLiteral("%1, with: openocd -f %2 -c \"init; reset halt; %3 unlock 0; shutdown\" "
                          "and then power off and on")
        .arg(QLatin1String(unlockWarning), variant.openOcdConfig,
             h7 ? QStringLiteral("stm32h7x") : QStringLiteral("stm32f2x"));
}

QString wayIn(FlashTool tool)
{
    return tool == FlashTool::DfuUtil ? QStringLiteral("board in its bootloader (DFU)")
                                      : QStringLiteral("ST-LINK");
}

} // namespace

QString packageOf(FlashTool tool)
{
    return tool == FlashTool::StFlash ? QStringLiteral("stlink-tools") : toString(tool);
}

QString flashSentence(FlashProblem problem, FlashTool tool, const BoardVariant &variant,
                      const QString &complaint)
{
    const QString name = toString(tool);
    switch (problem) {
    case FlashProblem::None:
        return {};
    case FlashProblem::ToolMissing:
        return QStringLiteral("%1 is not installed; install it (Debian: apt install %2) or choose "
                              "another tool with --tool")
            .arg(name, packageOf(tool));
    case FlashProblem::NoProbe:
        return QStringLiteral("%1 finds no %2; check the cable and that it is plugged in")
            .arg(name, wayIn(tool));
    case FlashProblem::SeveralProbes:
        return QStringLiteral("%1 finds more than one %2; say which with --probe SERIAL, or unplug "
                              "the others")
            .arg(name, wayIn(tool));
    case FlashProblem::NoPermission:
        return QStringLiteral("%1 may not open the %2; run: sudo atomnet-designer doctor "
                              "--install-udev, then plug it in again")
            .arg(name, wayIn(tool));
    case FlashProblem::ProbeBusy:
        return QStringLiteral("another program uses the %1; close debuggers and flashing tools")
            .arg(wayIn(tool));
    case FlashProblem::NoTarget:
        return QStringLiteral("the ST-LINK is there, but no chip answers behind it; check that %1 "
                              "has power, or hold its reset button while flashing begins")
            .arg(variant.name);
    case FlashProblem::Protected:
        return QStringLiteral("the chip is protected against being read and written (read "
                              "protection level 1, or protected sectors); %1")
            .arg(unlockAdvice(tool, variant));
    case FlashProblem::ProtectedForEver:
        return QStringLiteral("the chip is protected for ever (read protection level 2), it cannot "
                              "be flashed any more; use another board");
    case FlashProblem::WrongChip:
        return QStringLiteral("the chip is not that of %1; choose the board that is connected "
                              "with --board")
            .arg(variant.name);
    case FlashProblem::VerifyFailed:
        return QStringLiteral("what %1 wrote reads back otherwise; flash again, and with another "
                              "cable or port if that does not help")
            .arg(name);
    case FlashProblem::Unplugged:
        return QStringLiteral("the connection to the %1 was lost; check cable and power")
            .arg(wayIn(tool));
    case FlashProblem::Silent:
        return QStringLiteral("%1 hung and was ended; unplug the board, plug it in again and retry")
            .arg(name);
    case FlashProblem::Cancelled:
        return QStringLiteral("flashing was stopped");
    case FlashProblem::Crashed:
        return QStringLiteral("%1 crashed; try another tool with --tool").arg(name);
    case FlashProblem::Failed:
        break;
    }
    return complaint.isEmpty()
               ? QStringLiteral("%1 failed without saying why; try another tool with --tool")
                     .arg(name)
               : QStringLiteral("%1 failed (\"%2\"); try another tool with --tool")
                     .arg(name, complaint);
}

QString stateAfter(FlashProblem problem, FlashTool tool, bool begun)
{
    if (problem == FlashProblem::None || problem == FlashProblem::ToolMissing) return {};
    if (!begun) return QStringLiteral("nothing was written");
    const QString again =
        tool == FlashTool::DfuUtil
            ? QStringLiteral("start its bootloader again (BOOT0 high, then reset)")
            : QStringLiteral("the ST-LINK reaches it all the same");
    return QStringLiteral("the board's Flash is partly written and its program does not start; %1: "
                          "flash once more, or --restore a backup")
        .arg(again);
}

} // namespace atomnet
