#pragma once

#include "core/analysis/report.h"

#include <QByteArray>

// The report for machines and terminals; the command line and the window's "export table" use the
// same.
namespace atomnet
{

/// `analyze --json`:
/// {"board","runtime","clock_hz","totals":{...},"limits":{...},"fits","peak":{...},"layers":[...]},
/// keys in this order, further keys behind them; one layer a line. Latencies in ms with up to 6
/// decimals (null when nothing is known and on virtual boards, which have "instructions" beside; a
/// high bound is null when open), sizes in bytes. Indices count from 0, block numbers from 1 (null
/// in the head).
[[nodiscard]] QByteArray reportJson(const Report &report, const QString &designName);
/// `analyze --csv`: one line a layer, RFC 4180, LF; empty fields where nothing is known.
[[nodiscard]] QByteArray reportCsv(const Report &report);
/// `analyze`: headline, limits, table of layers, peak and reasons, for a terminal of 120 columns.
[[nodiscard]] QString reportText(const Report &report, const QString &designName);

/// Nanoseconds as exact milliseconds: "274.612", "0.006", "275".
[[nodiscard]] QByteArray exactMs(qint64 nanoseconds);

/// Names come from files: nothing in them may steer the terminal.
[[nodiscard]] QString printable(QString text);

} // namespace atomnet
