#pragma once

#include "core/analysis/report.h"

#include <QList>
#include <QString>

#include <optional>

// What the bar charts show of a Report, as plain numbers: made without a window, tested without
// one.
namespace atomnet
{

/// An interval drawn as a thin line with caps.
struct Whisker {
    int layer = 0;
    double low = 0, high = 0;
    bool operator==(const Whisker &) const = default;
};

/// A value of the design before a preview, drawn as a tick across the bar that it belongs to now.
struct Ghost {
    int layer = 0;
    double value = 0;
    bool operator==(const Ghost &) const = default;
};

/// A stacked bar chart: parts[part][layer], all in `unit`.
struct ChartBars {
    QList<QList<double>> parts;
    QString unit;                           ///< "KiB", "ms", "k instructions"
    double unitSize = 1;                    ///< bytes, nanoseconds or instructions in one unit
    double top = 0;                         ///< the axis must hold this: bars, whiskers, limit
    std::optional<double> limit, available; ///< available below limit when something is reserved
    QList<Whisker> whiskers;
    QList<int> missing; ///< layers without any figure
    int peak = -1;      ///< layer to mark

    bool operator==(const ChartBars &) const = default;
    [[nodiscard]] int layers() const { return parts.isEmpty() ? 0 : int(parts.first().size()); }
    [[nodiscard]] double total(int layer) const;
};

/// Parts: input, output, held, pad, scratch; KiB. The whisker is the total's interval, at the peak.
[[nodiscard]] ChartBars toMemoryBars(const Report &report);
inline constexpr int memoryPartCount = 5;

/// Parts: runtime code, weights of earlier layers, weights of this layer; KiB, accumulated.
[[nodiscard]] ChartBars toFlashBars(const Report &report);
inline constexpr int flashPartCount = 3;

/// Parts: measured, estimated; of each layer one is 0, of a missing one both. Milli- or
/// microseconds, or instructions on boards without a clock.
[[nodiscard]] ChartBars toLatencyBars(const Report &report);
inline constexpr int latencyPartCount = 2;

/// Where layers of `now` stood in `before`, as far as their figures differ. Layers are the same
/// when block, repeat and role are. Values are in now's unit.
[[nodiscard]] QList<Ghost> toGhosts(const Report &now, const ChartBars &nowBars,
                                    const Report &before, const ChartBars &beforeBars);

} // namespace atomnet
