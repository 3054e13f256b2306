#pragma once

#include "core/device/flashing/flash_image.h"
#include "core/device/flashing/flasher.h"
#include "core/device/flashing/tool_output.h"

#include <QTemporaryDir>

namespace atomnet
{

/// Says hello to the firmware that was just flashed: DeviceInfo::summary() of the right board, or
/// why not.
using FlashHello = std::function<Result<QString>(const FlashRequest &, const RunControl &)>;

/// One conversation with a board's Flash through a tool: choose() first, then identify(), then the
/// others.
class FlashJob
{
public:
    FlashJob(const FlashRequest &request, const RunControl &control,
             std::function<void(const QString &)> log = {});

    /// The tool, for images of this size.
    [[nodiscard]] Result<> choose(qint64 bytes);
    /// Finds the chip and refuses another one than the variant's, and protected ones. Nothing is
    /// written yet.
    [[nodiscard]] Result<> identify();
    [[nodiscard]] Result<QByteArray> read(qint64 bytes);
    /// Writes and verifies `image`, then starts it. A failure says what state the board is left in.
    [[nodiscard]] Result<> write(const QByteArray &image);
    /// The share of the whole that the next steps make up.
    void setPart(double from, double to);

    [[nodiscard]] FlashTool tool() const { return m_tool; }
    [[nodiscard]] const QString &log() const { return m_log; }

private:
    void advance(double share);
    ToolRun run(const ToolCall &call);
    [[nodiscard]] Result<> checkChip(const std::vector<FoundChip> &chips);
    [[nodiscard]] Result<> verifyAndLeave(const QByteArray &image);
    [[nodiscard]] tl::unexpected<Error> failed(FlashProblem problem, const QString &output,
                                               const QString &state = {}) const;
    [[nodiscard]] QString freshFile();

    const FlashRequest &m_request;
    const RunControl &m_control;
    std::function<void(const QString &)> m_tell;
    FlashTool m_tool = FlashTool::StFlash;
    QTemporaryDir m_folder;
    QString m_log;
    double m_from = 0, m_to = 1, m_shown = -1;
    int m_files = 0;
};

/// flash() with another hello, as tests need it. `raw`: the image is a backup.
[[nodiscard]] Result<FlashReport> flashWith(const FlashRequest &request, bool raw,
                                            const FlashHello &hello, const RunControl &control,
                                            const std::function<void(const QString &)> &log);

} // namespace atomnet
