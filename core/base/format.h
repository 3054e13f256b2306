#pragma once

#include <QString>

// Figures as people read them, the same in the window, the command line and reports:
// three significant digits, the unit always, KiB = 1024 bytes.
namespace atomnet
{

/// Bytes as "151.6 KiB": one decimal below 1000 KiB, none from there on ("2048 KiB").
[[nodiscard]] QString formatKib(qint64 bytes);
/// As formatKib, with an explicit sign: "+12.4 KiB".
[[nodiscard]] QString formatKibDelta(qint64 bytes);
/// Nanoseconds as "245 ms", "1.31 ms", "87.6 µs", "912 ns": three significant digits.
[[nodiscard]] QString formatMs(qint64 nanoseconds);
/// Counts as "79.0 M", "358 k", "912".
[[nodiscard]] QString formatCount(qint64 count);
/// Bytes with thousands separated by a narrow no-break space: "155 238 B"; the exact figure for
/// tool tips.
[[nodiscard]] QString formatBytes(qint64 bytes);
/// "82 %". 0 % and 100 % mean exactly that: a little is 1 %, almost all is 99 %.
[[nodiscard]] QString formatPercent(double share);
/// "151.6" of "151.6 KiB", for figures whose unit stands once behind the last of them.
[[nodiscard]] QString withoutUnit(const QString &text);

} // namespace atomnet
