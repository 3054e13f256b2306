#pragma once

#include "core/analysis/report.h"
#include "core/device/device_address.h"
#include "core/device/session.h"

#include <QStringList>

#include <optional>
#include <utility>

// What the Board dock says, as plain texts: made without a window, tested without one.
namespace atomnet
{

/// What a board is doing for the window.
enum class BoardPhase : quint8 {
    Idle,
    Connecting,
    Preparing, ///< starts, self-test
    Measuring,
    Paused,
    Waiting, ///< unplugged in the middle
    Comparing,
    Validating,
    Flashing,
    Examining,
    Stopping,
};
[[nodiscard]] QString describe(BoardPhase phase);
/// Measuring, and what belongs to it: it can be paused.
[[nodiscard]] bool isMeasuring(BoardPhase phase);

/// Can it be spoken to (profiler, serial port, virtual board), rather than flashed through?
[[nodiscard]] bool speaks(const FoundDevice &device);
/// "qemu-m7" of a virtual board, what it said itself when it has, "" when not known yet.
[[nodiscard]] QString boardIdOf(const FoundDevice &device, const DeviceInfo *info);
/// What it is and what can be done with it, in a few words, for the list's second line.
[[nodiscard]] QString describe(const FoundDevice &device);

/// Fingerprint by name and figure: board, core, clock, caches, firmware, kernels, compiler,
/// protocol, arena, id.
[[nodiscard]] QList<std::pair<QString, QString>> fingerprint(const DeviceInfo &info);

/// Whether the open design can be measured on a board now, and else what to do.
struct BoardAdvice {
    enum class Fix : quint8 { None, Runtime, Board, Connect, Flash, PlugIn, Examine };
    bool canMeasure = false;
    QString sentence;    ///< why not, or what would be measured
    Fix fix = Fix::None; ///< what the button beside it does
    QString fixText;     ///< its text, "" without a button
    bool operator==(const BoardAdvice &) const = default;
};
/// `device` and `info` null: none selected, not connected yet. `report` null: not analysed yet.
[[nodiscard]] BoardAdvice adviceFor(const Target &target, const Report *report,
                                    const FoundDevice *device, const DeviceInfo *info);

/// "12 of 41 operators, about 20 s left"
[[nodiscard]] QString progressText(int done, int all, qint64 etaMs);

} // namespace atomnet
