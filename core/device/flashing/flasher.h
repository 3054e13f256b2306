#pragma once

#include "core/base/run_control.h"
#include "core/device/flashing/probe.h"

#include <functional>

namespace atomnet
{

struct FlashRequest {
    BoardVariant variant;
    Probe probe;
    std::optional<FlashTool> tool; ///< none: the best that is installed for this probe
    QString image;                 ///< file to write; "" for the variant's profiler
    QString backup;  ///< file that what is on the board is saved to first; "" for none
    QString address; ///< device to say hello to afterwards (DeviceAddress); "" finds it
};

struct FlashReport {
    FlashTool tool = FlashTool::StFlash;
    qint64 bytes = 0;
    QString log; ///< what the tool said
    QString
        firmware; ///< DeviceInfo::summary() of the hello afterwards; "" when the image is not ours
};

/// What the board holds now, to be asked before it is overwritten: "the AtomNet profiler", "another
/// program (42 KiB)", "nothing".
[[nodiscard]] Result<QString> describeFlashContents(const FlashRequest &request,
                                                    const RunControl &control = {});
/// Whether such contents are a program that is lost when it is overwritten: ask first.
[[nodiscard]] bool isSomebodysWork(const QString &contents);
/// Backup, write, verify by hello. Device with one clear sentence (read protection, no probe, wrong
/// chip, verify failed).
[[nodiscard]] Result<FlashReport> flash(const FlashRequest &request, const RunControl &control = {},
                                        const std::function<void(const QString &)> &log = {});
/// Writes a backup back.
[[nodiscard]] Result<FlashReport> restore(const FlashRequest &request, const QString &backup,
                                          const RunControl &control = {});

} // namespace atomnet
