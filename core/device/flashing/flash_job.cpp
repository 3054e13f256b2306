#include "core/device/flashing/flash_job.h"

#include "core/base/atomic_file.h"
#include "core/device/flashing/flash_sentences.h"
#include "core/device/flashing/tool_calls.h"
#include "core/device/flashing/tool_choice.h"

#include <QFile>
#include <QFileInfo>
#include <QRegularExpression>

#include <algorithm>

namespace atomnet
{

namespace
{

constexpr double verifiedFrom =
    0.8; ///< share of writing through the bootloader; then it reads back
constexpr int silenceMs =
    120'000; ///< reading 2 MiB through an ST-LINK/V2 is as long without a word

/// Whether a write that failed had touched the Flash.
bool hadBegun(FlashTool tool, const QString &output)
{
    static const QRegularExpression stFlash(
        QStringLiteral("erased|EraseFlash|pages written|Starting Flash write"));
    static const QRegularExpression dfuUtil(QStringLiteral("Erase\\s*\\[|Download\\s*\\["));
    switch (tool) {
    case FlashTool::StFlash:
        return output.contains(stFlash);
    case FlashTool::OpenOcd:
        return output.contains(u"** Programming Started **");
    case FlashTool::DfuUtil:
        break;
    }
    return output.contains(dfuUtil);
}

/// Whether a protected chip refused the very first step.
bool refusedAtOnce(FlashTool tool, const QString &output)
{
    static const QRegularExpression dfuUtil(
        QStringLiteral("(Erase|Download)\\s*\\[[= ]*\\]\\s*[1-9]"));
    switch (tool) {
    case FlashTool::StFlash:
        return !output.contains(u" erased") && !output.contains(u"pages written");
    case FlashTool::OpenOcd:
        return output.contains(u"failed erasing sectors 0 ");
    case FlashTool::DfuUtil:
        break;
    }
    return !output.contains(dfuUtil);
}

/// The first sector of each chip's bootloader layout tells them apart. Source: RM0402, RM0385,
/// RM0433.
qint64 firstSectorOf(quint16 chipId)
{
    return chipId == chipF412 ? 16 * 1024 : chipId == chipF746 ? 32 * 1024 : 128 * 1024;
}

QString boardsWith(quint16 chipId)
{
    QStringList ids;
    for (const BoardVariant &variant : boardVariants())
        if (variant.chipId == chipId) ids << variant.id;
    return ids.isEmpty() ? QStringLiteral("no board that the firmware is built for")
                         : ids.join(QStringLiteral(" or "));
}

} // namespace

FlashJob::FlashJob(const FlashRequest &request, const RunControl &control,
                   std::function<void(const QString &)> log)
    : m_request(request), m_control(control), m_tell(std::move(log))
{
}

Result<> FlashJob::choose(qint64 bytes)
{
    if (!m_folder.isValid())
        return fail(
            ErrorCode::Io,
            QStringLiteral("no temporary folder can be made: %1").arg(m_folder.errorString()));
    const auto tool = chooseTool(m_request.tool, m_request.variant, m_request.probe, bytes);
    if (!tool) return tl::make_unexpected(tool.error());
    m_tool = *tool;
    return {};
}

void FlashJob::setPart(double from, double to)
{
    m_from = from;
    m_to = to;
    advance(from);
}

/// Tools start their own count anew for each step; ours goes on.
void FlashJob::advance(double share)
{
    if (share <= m_shown) return;
    m_shown = share;
    m_control.progress(share);
}

ToolRun FlashJob::run(const ToolCall &call)
{
    const QString command = call.program + QLatin1Char(' ') + call.arguments.join(QLatin1Char(' '));
    m_log += QStringLiteral("$ %1\n").arg(command);
    if (m_tell) m_tell(QStringLiteral("$ ") + command);
    ToolRun run = runTool(call, silenceMs, m_control, [this](const QString &line) {
        if (const auto share = progressOf(m_tool, line))
            advance(m_from + *share * (m_to - m_from));
        else if (m_tell)
            m_tell(line);
    });
    m_log += run.output;
    if (!m_log.endsWith(QLatin1Char('\n'))) m_log += QLatin1Char('\n');
    return run;
}

tl::unexpected<Error> FlashJob::failed(FlashProblem problem, const QString &output,
                                       const QString &state) const
{
    QString what = flashSentence(problem, m_tool, m_request.variant, complaintOf(output));
    if (!state.isEmpty()) what += QStringLiteral("; ") + state;
    return fail(problem == FlashProblem::Cancelled ? ErrorCode::Cancelled : ErrorCode::Device, what,
                m_request.variant.name);
}

QString FlashJob::freshFile()
{
    return m_folder.filePath(QStringLiteral("%1.bin").arg(++m_files));
}

Result<> FlashJob::identify()
{
    const ToolRun run = this->run(identifyCall(m_tool, m_request.variant, m_request.probe));
    const FlashProblem problem = judge(m_tool, ToolAction::Identify, run);
    if (problem != FlashProblem::None) return failed(problem, run.output);
    return checkChip(chipsIn(m_tool, run.output));
}

Result<> FlashJob::checkChip(const std::vector<FoundChip> &chips)
{
    const QString &serial = m_request.probe.serial;
    std::vector<FoundChip> ours;
    std::copy_if(chips.begin(), chips.end(), std::back_inserter(ours), [&](const FoundChip &chip) {
        return serial.isEmpty() || chip.serial.isEmpty() ||
               chip.serial.compare(serial, Qt::CaseInsensitive) == 0;
    });
    if (ours.empty()) return failed(FlashProblem::NoProbe, {});
    if (ours.size() > 1) return failed(FlashProblem::SeveralProbes, {});
    const FoundChip &chip = ours.front();
    const BoardVariant &variant = m_request.variant;
    if (m_tool == FlashTool::DfuUtil) {
        if (chip.firstSector != firstSectorOf(variant.chipId) ||
            chip.flashBytes != variant.flashBytes)
            return fail(ErrorCode::Device,
                        QStringLiteral("the board in the bootloader is not %1: its Flash is laid "
                                       "out otherwise; choose the board that is connected with "
                                       "--board")
                            .arg(variant.name),
                        variant.name);
        return {};
    }
    if (chip.chipId == 0) return failed(FlashProblem::NoTarget, {});
    if (chip.chipId != variant.chipId)
        return fail(ErrorCode::Device,
                    QStringLiteral("the chip behind the ST-LINK is 0x%1, %2 has 0x%3; nothing was "
                                   "written; with this chip: %4")
                        .arg(chip.chipId, 3, 16, QLatin1Char('0'))
                        .arg(variant.name)
                        .arg(variant.chipId, 3, 16, QLatin1Char('0'))
                        .arg(boardsWith(chip.chipId)),
                    variant.name);
    if (chip.protection == 1) return failed(FlashProblem::Protected, {});
    if (chip.protection == 2) return failed(FlashProblem::ProtectedForEver, {});
    return {};
}

Result<QByteArray> FlashJob::read(qint64 bytes)
{
    const QString file = freshFile();
    const ToolRun run =
        this->run(readCall(m_tool, m_request.variant, m_request.probe, file, bytes));
    const FlashProblem problem = judge(m_tool, ToolAction::Read, run);
    if (problem != FlashProblem::None) return failed(problem, run.output);
    QFile opened(file);
    if (!opened.open(QIODevice::ReadOnly)) return failed(FlashProblem::Failed, run.output);
    QByteArray flash = opened.readAll();
    if (flash.size() != bytes)
        return fail(ErrorCode::Device,
                    QStringLiteral("%1 read %2 bytes of Flash instead of %3; check the cable and "
                                   "try again")
                        .arg(toString(m_tool))
                        .arg(flash.size())
                        .arg(bytes),
                    m_request.variant.name);
    return flash;
}

Result<> FlashJob::write(const QByteArray &image)
{
    const QString file = freshFile(); // a name that no tool's own language gets wrong
    if (const QString reason = writeAtomically(file, image); !reason.isEmpty())
        return fail(ErrorCode::Io, reason, file);
    const double end = m_to;
    if (m_tool == FlashTool::DfuUtil) m_to = m_from + verifiedFrom * (end - m_from);
    const ToolRun run = this->run(writeCall(m_tool, m_request.variant, m_request.probe, file));
    const FlashProblem problem = judge(m_tool, ToolAction::Write, run);
    if (problem != FlashProblem::None) {
        const bool untouched =
            problem == FlashProblem::Protected && refusedAtOnce(m_tool, run.output);
        const bool begun = !untouched && hadBegun(m_tool, run.output);
        return failed(problem, run.output, stateAfter(problem, m_tool, begun));
    }
    if (m_tool != FlashTool::DfuUtil) return {};
    setPart(m_to, end);
    return verifyAndLeave(image);
}

Result<> FlashJob::verifyAndLeave(const QByteArray &image)
{
    const QString file = freshFile();
    const ToolRun run =
        this->run(readCall(m_tool, m_request.variant, m_request.probe, file, image.size(), true));
    QFile opened(file);
    const QByteArray written = opened.open(QIODevice::ReadOnly) ? opened.readAll() : QByteArray();
    if (written == image) return {}; // that it then vanished from the bus is what leaving means
    FlashProblem problem = judge(m_tool, ToolAction::Read, run);
    if (problem == FlashProblem::None) problem = FlashProblem::VerifyFailed;
    return failed(problem, run.output, stateAfter(problem, m_tool, true));
}

namespace
{

Result<> backUp(FlashJob &job, const FlashRequest &request)
{
    const auto flash = job.read(request.variant.flashBytes);
    if (!flash) return tl::make_unexpected(flash.error());
    if (const QString reason = writeAtomically(request.backup, *flash); !reason.isEmpty())
        return fail(
            ErrorCode::Io,
            QStringLiteral("the backup cannot be written: %1; nothing was flashed").arg(reason),
            request.backup);
    return {};
}

} // namespace

Result<FlashReport> flashWith(const FlashRequest &request, bool raw, const FlashHello &hello,
                              const RunControl &control,
                              const std::function<void(const QString &)> &log)
{
    if (!request.backup.isEmpty() && QFileInfo::exists(request.backup))
        return fail(ErrorCode::Usage,
                    QStringLiteral("the file exists already, and might be the only copy of an "
                                   "earlier backup; name another one"),
                    request.backup);
    const auto image = readImage(request.image, request.variant.flashBytes, raw);
    if (!image) return tl::make_unexpected(image.error());
    FlashJob job(request, control, log);
    const bool backup = !request.backup.isEmpty(), ours = isProfiler(*image) && !raw;
    const double write = backup ? 0.45 : 0.05, done = ours ? 0.95 : 1;
    if (auto r = job.choose(image->size()); !r) return tl::make_unexpected(r.error());
    if (auto r = job.identify(); !r) return tl::make_unexpected(r.error());
    job.setPart(0.05, write);
    if (backup)
        if (auto r = backUp(job, request); !r) return tl::make_unexpected(r.error());
    job.setPart(write, done);
    if (auto r = job.write(*image); !r) return tl::make_unexpected(r.error());
    FlashReport report{job.tool(), image->size(), job.log(), {}};
    control.progress(done);
    if (ours) {
        auto summary = hello(request, control);
        if (!summary) return tl::make_unexpected(summary.error());
        report.firmware = *std::move(summary);
    }
    control.progress(1);
    return report;
}

} // namespace atomnet
