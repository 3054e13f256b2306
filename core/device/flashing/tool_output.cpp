#include "core/device/flashing/tool_output.h"

#include <QRegularExpression>

#include <algorithm>

namespace atomnet
{

namespace
{

/// A text of a tool and what it means; the first that matches counts.
struct Sign {
    const char *pattern;
    FlashProblem problem;
};

using enum FlashProblem;

const std::vector<Sign> &signsOf(FlashTool tool)
{
    static const std::vector<Sign> stFlash{
        {"LIBUSB_ERROR_ACCESS|access error", NoPermission},
        {"LIBUSB_ERROR_BUSY|libusb_claim_interface\\(\\) failed", ProbeBusy},
        {"LIBUSB_ERROR_(NO_DEVICE|IO|PIPE)", Unplugged},
        {"Couldn't find .*ST-?Link", NoProbe},
        {"Flash memory is write protected|Failed to unlock flash|Flash unlock failed", Protected},
        {"[Uu]nknown chip id|Could not find chip id|connect to target|Failed to enter SWD mode|"
         "Failed to halt the core",
         NoTarget},
        {"Verification of flash failed", VerifyFailed}};
    static const std::vector<Sign> openOcd{
        {"LIBUSB_ERROR_ACCESS", NoPermission},
        {"LIBUSB_ERROR_BUSY", ProbeBusy},
        {"LIBUSB_ERROR_(NO_DEVICE|IO|PIPE)", Unplugged},
        {"open failed|No device matches the serial|unable to find a matching|"
         "No J-Link device found",
         NoProbe},
        {"Device Security Bit Set|stm32x device protected|WRPERR|RDPERR|RDSERR", Protected},
        {"UNEXPECTED idcode|Cannot identify target as", WrongChip},
        {"init mode failed|unable to connect to the target|target voltage may be too low|"
         "target not examined|Unable to reset target",
         NoTarget},
        {"\\*\\* Verify Failed \\*\\*", VerifyFailed},
        {"\\*\\* Programming Failed \\*\\*|\\*\\* OpenOCD init failed \\*\\*|"
         "Failed to read memory|Can't find ",
         Failed}};
    static const std::vector<Sign> dfuUtil{
        {"LIBUSB_ERROR_ACCESS", NoPermission},
        {"LIBUSB_ERROR_BUSY", ProbeBusy},
        {"No DFU capable USB device", NoProbe},
        {"More than one DFU capable", SeveralProbes},
        // A sector of the bootloader's own layout that it does not erase, and a read that it
        // stalls.
        {"(ERASE_PAGE|MASS_ERASE) not correctly executed|"
         "(dfuse_upload|Error during upload).*LIBUSB_ERROR_PIPE|"
         "is not readable|is not writeable|can not be erased",
         Protected},
        {"LIBUSB_ERROR_(NO_DEVICE|IO|PIPE|NOT_FOUND|TIMEOUT|OTHER)|Lost device|"
         "Error during (download|upload|special command)|USB communication error",
         Unplugged}};
    switch (tool) {
    case FlashTool::StFlash:
        return stFlash;
    case FlashTool::OpenOcd:
        return openOcd;
    case FlashTool::DfuUtil:
        break;
    }
    return dfuUtil;
}

FlashProblem problemIn(FlashTool tool, const QString &output)
{
    for (const Sign &sign : signsOf(tool))
        if (output.contains(QRegularExpression(QLatin1String(sign.pattern)))) return sign.problem;
    return None;
}

/// What a tool says once the Flash holds what it should; whatever follows (a reset that fails) does
/// not undo it.
bool saysWritten(FlashTool tool, const QString &output)
{
    switch (tool) {
    case FlashTool::StFlash:
        return output.contains(u"jolly good!");
    case FlashTool::OpenOcd:
        return output.contains(u"** Verified OK **");
    case FlashTool::DfuUtil:
        break;
    }
    return output.contains(u"File downloaded successfully");
}

qint64 sectorBytes(QStringView number, QStringView unit)
{
    const qint64 factor = unit == u"K" ? 1024 : unit == u"M" ? 1024 * 1024 : 1;
    return number.toLongLong() * factor;
}

/// The sectors of "@Internal Flash  /0x08000000/04*016Kg,01*064Kg,07*128Kg".
void readLayout(const QString &name, FoundChip &chip)
{
    static const QRegularExpression sector(QStringLiteral("(\\d+)\\*(\\d+)([ KM])[a-g]"));
    auto match = sector.globalMatch(name);
    while (match.hasNext()) {
        const auto one = match.next();
        const qint64 bytes = sectorBytes(one.capturedView(2), one.capturedView(3));
        if (chip.firstSector == 0) chip.firstSector = bytes;
        chip.flashBytes += one.capturedView(1).toLongLong() * bytes;
    }
}

std::vector<FoundChip> chipsOfStInfo(const QString &output)
{
    static const QRegularExpression field(
        QStringLiteral("^\\s*(serial|chipid):\\s*(?:0x)?([0-9a-fA-F]+)"),
        QRegularExpression::MultilineOption);
    std::vector<FoundChip> chips;
    auto match = field.globalMatch(output);
    while (match.hasNext()) {
        const auto one = match.next();
        if (one.capturedView(1) == u"serial") {
            chips.emplace_back().serial = one.captured(2);
        } else if (!chips.empty()) {
            chips.back().chipId = quint16(one.captured(2).toUInt(nullptr, 16) & 0xfff);
        }
    }
    return chips;
}

std::optional<quint32> wordAt(const QString &output, quint32 address)
{
    const QRegularExpression dump(
        QStringLiteral("0x%1: ([0-9a-f]{8})").arg(address, 8, 16, QLatin1Char('0')));
    const auto match = dump.match(output);
    if (!match.hasMatch()) return std::nullopt;
    return match.captured(1).toUInt(nullptr, 16);
}

std::vector<FoundChip> chipsOfOpenOcd(const QString &output)
{
    const auto known = [](std::optional<quint32> word) {
        const quint32 id = word.value_or(0) & 0xfff;
        return id != 0 && id != 0xfff;
    };
    const auto h7 = wordAt(output, idCodeH7), f4f7 = wordAt(output, idCodeF4F7);
    const bool isH7 = known(h7);
    if (!isH7 && !known(f4f7)) return {};
    FoundChip chip;
    chip.chipId = quint16((isH7 ? *h7 : *f4f7) & 0xfff);
    if (const auto options = wordAt(output, isH7 ? optionsH7 : optionsF4F7)) {
        const quint32 level = *options >> 8 & 0xff;
        chip.protection = level == 0xaa ? 0 : level == 0xcc ? 2 : 1;
    }
    return {chip};
}

std::vector<FoundChip> chipsOfDfuUtil(const QString &output)
{
    static const QRegularExpression found(
        QStringLiteral(
            "^Found DFU: .*alt=0, name=\"(@Internal Flash[^\"]*)\", serial=\"([^\"]*)\""),
        QRegularExpression::MultilineOption);
    std::vector<FoundChip> chips;
    auto match = found.globalMatch(output);
    while (match.hasNext()) {
        const auto one = match.next();
        FoundChip &chip = chips.emplace_back();
        chip.serial = one.captured(2);
        readLayout(one.captured(1), chip);
    }
    return chips;
}

} // namespace

FlashProblem judge(FlashTool tool, ToolAction action, const ToolRun &run)
{
    switch (run.end) {
    case ToolRun::End::Missing:
    case ToolRun::End::NotStarted:
        return ToolMissing;
    case ToolRun::End::Cancelled:
        return Cancelled;
    case ToolRun::End::Silent:
        return Silent;
    case ToolRun::End::Crashed:
    case ToolRun::End::Finished:
        break;
    }
    if (action == ToolAction::Write && saysWritten(tool, run.output)) {
        // Verified texts follow the writing; a failure named after all is of what came later.
        return None;
    }
    const FlashProblem problem = problemIn(tool, run.output);
    if (action == ToolAction::Identify && !chipsIn(tool, run.output).empty()) return None;
    if (problem != None) return problem;
    if (run.end == ToolRun::End::Crashed) return Crashed;
    if (action == ToolAction::Write) return Failed; // whatever the exit code: it never said so
    if (action == ToolAction::Identify && run.exitCode == 0) return NoProbe;
    return run.exitCode == 0 ? None : Failed;
}

std::optional<double> progressOf(FlashTool tool, const QString &line)
{
    static const QRegularExpression pages(QStringLiteral("(\\d+)/\\s*(\\d+) (half)?pages written"));
    static const QRegularExpression bytes(QStringLiteral("(\\d+)/(\\d+) bytes written"));
    static const QRegularExpression percent(
        QStringLiteral("^(Erase|Download|Upload)\\s*\\[[= ]*\\]\\s*(\\d+)%"));
    switch (tool) {
    case FlashTool::StFlash:
        for (const QRegularExpression &one : {pages, bytes}) {
            const auto match = one.match(line);
            if (!match.hasMatch() || match.captured(2).toDouble() <= 0) continue;
            return std::clamp(match.captured(1).toDouble() / match.captured(2).toDouble(), 0., 1.);
        }
        return std::nullopt;
    case FlashTool::OpenOcd: // tells where it is, not how far
        if (line.contains(u"** Programming Started **")) return 0.1;
        if (line.contains(u"** Programming Finished **")) return 0.7;
        if (line.contains(u"** Verified OK **")) return 1;
        return std::nullopt;
    case FlashTool::DfuUtil:
        break;
    }
    const auto match = percent.match(line);
    if (!match.hasMatch()) return std::nullopt;
    const double share = std::clamp(match.captured(2).toDouble() / 100, 0., 1.);
    return match.capturedView(1) == u"Erase"      ? 0.5 * share
           : match.capturedView(1) == u"Download" ? 0.5 + 0.5 * share
                                                  : share;
}

QString complaintOf(const QString &output)
{
    static const QRegularExpression ends(QStringLiteral("[\\r\\n]+"));
    static const QRegularExpression complains(
        QStringLiteral("ERROR|Error|WARN|rror:|failed|Failed|Couldn't|Cannot|Can't|can't|No DFU|"
                       "not correctly|== -1"));
    static const QRegularExpression stamp(QStringLiteral("^\\d{4}-\\d\\d-\\d\\dT[\\d:]+ "));
    QString last;
    const QStringList lines = output.split(ends, Qt::SkipEmptyParts);
    for (const QString &line : lines)
        if (line.contains(complains)) last = line.trimmed();
    const qsizetype behindBar = last.lastIndexOf(QStringLiteral("dfu-util: ")); // of progress
    return last.mid(std::max<qsizetype>(behindBar, 0)).remove(stamp).left(200);
}

std::vector<FoundChip> chipsIn(FlashTool tool, const QString &output)
{
    switch (tool) {
    case FlashTool::StFlash:
        return chipsOfStInfo(output);
    case FlashTool::OpenOcd:
        return chipsOfOpenOcd(output);
    case FlashTool::DfuUtil:
        break;
    }
    return chipsOfDfuUtil(output);
}

} // namespace atomnet
