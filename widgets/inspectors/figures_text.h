#pragma once

#include "core/analysis/report.h"

#include <QString>

// Latencies and their provenance as the window words them.
namespace atomnet
{

/// "245 ms", or "1.31 M instr." on boards without a clock.
[[nodiscard]] QString timeText(qint64 value, TimeUnit unit);
/// "245 ms \u00b16", "79.3 M instructions", "at least 245 ms" when the interval is open, "no
/// figure" when nothing is known.
[[nodiscard]] QString latencyText(const Latency &latency, TimeUnit unit);
/// "measured, 132 samples", "estimated", "estimated by extrapolation", "estimated from
/// instructions", "missing".
[[nodiscard]] QString provenanceText(const Latency &latency);
/// "between 239 ms and 251 ms"; "at least 239 ms" when open.
[[nodiscard]] QString intervalText(const Latency &latency, TimeUnit unit);

/// "54 612".
[[nodiscard]] QString grouped(qint64 n);
/// "1 layer", "3 layers".
[[nodiscard]] QString counted(qint64 n, const QString &singular, const QString &plural = {});
/// "160x160x3" with a multiplication sign.
[[nodiscard]] QString shapeText(const Shape &shape);

} // namespace atomnet
