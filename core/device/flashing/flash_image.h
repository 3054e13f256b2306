#pragma once

#include "core/base/result.h"

#include <QByteArray>

namespace atomnet
{

/// How much of Flash is read to see what is on a board; the profiler is smaller.
inline constexpr qint64 lookBytes = 64 * 1024;

/// What a piece from the start of Flash is.
struct FlashContents {
    enum class What : quint8 { Nothing, Profiler, Other } what = What::Nothing;
    qint64 bytes = 0;     ///< up to the last byte that is not erased
    bool atLeast = false; ///< it goes on behind the piece
    bool operator==(const FlashContents &) const = default;
};
[[nodiscard]] FlashContents contentsOf(QByteArrayView flash);
/// "nothing", "the AtomNet profiler", "another program (42 KiB)", "another program (64 KiB or
/// more)".
[[nodiscard]] QString toString(const FlashContents &contents);

/// An image to write, checked: begins with the vectors of a program at 0x08000000 (stack in RAM,
/// reset in this image) and is not larger than Flash. BadInput otherwise; Io when it cannot be
/// read. `raw`: a backup, which may hold anything.
[[nodiscard]] Result<QByteArray> readImage(const QString &file, qint64 flashBytes,
                                           bool raw = false);
/// Whether it is our profiling firmware.
[[nodiscard]] bool isProfiler(QByteArrayView image);

} // namespace atomnet
