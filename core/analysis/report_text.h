#pragma once

#include "core/analysis/report.h"

#include <QByteArray>

// The report for machines and terminals; the command line and the window's "export table" use the same.
namespace atomnet
{

/// `analyze --json`: {"board","runtime","clock_hz","totals":{...},"limits":{...},"fits","peak":{...},"layers":[...]},
/// keys in this order; latencies in ms (null on virtual boards, with "instructions" beside), sizes in bytes.
[[nodiscard]] QByteArray reportJson(const Report &report, const QString &designName);
/// `analyze --csv`: one line a layer, RFC 4180, LF.
[[nodiscard]] QByteArray reportCsv(const Report &report);
/// `analyze`: headline, limits, table of layers, peak and reasons, for a terminal of 120 columns.
[[nodiscard]] QString reportText(const Report &report, const QString &designName);

} // namespace atomnet
