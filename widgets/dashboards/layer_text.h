#pragma once

#include "core/analysis/report.h"

#include <QString>

#include <functional>

// What the tool tips say: exact figures, tensors and where each figure comes from. Rich text, names
// escaped.
namespace atomnet
{

/// "measured, 14 samples, 12.81 to 12.90 ms", "estimated by a fitted model, ±8 %", "missing: ...".
[[nodiscard]] QString provenance(const Latency &latency, TimeUnit unit);
/// "12.9 ms" or "1.31 M instructions".
[[nodiscard]] QString latencyText(qint64 value, TimeUnit unit);
/// An interval as "±8 %" of the value, or as "(150.0 KiB to 300.0 KiB)" when the value is not in
/// its middle; empty when it is a point. `format` turns a bound into text.
[[nodiscard]] QString intervalText(qint64 value, qint64 low, qint64 high,
                                   const std::function<QString(qint64)> &format);

[[nodiscard]] QString memoryToolTip(const Report &report, int layer);
[[nodiscard]] QString flashToolTip(const Report &report, int layer);
[[nodiscard]] QString latencyToolTip(const Report &report, int layer);
/// `tensor` is the index into Report::tensors that the pointer is on, printed bold; -1: none.
[[nodiscard]] QString arenaToolTip(const Report &report, int layer, int life);

} // namespace atomnet
