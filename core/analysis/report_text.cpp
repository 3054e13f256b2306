#include "core/analysis/report_text.h"

#include "core/analysis/verdict.h"
#include "core/base/format.h"

#include <algorithm>

namespace atomnet
{

namespace
{

const QString plusMinus = QStringLiteral("\u00b1");
constexpr qsizetype longestName = 60; ///< outside the table

QString elided(const QString &text, qsizetype width)
{
    return text.size() <= width ? text : text.left(width - 2) + QStringLiteral("..");
}

QString shapeText(const Shape &s)
{
    return QStringLiteral("%1x%2x%3").arg(s.h).arg(s.w).arg(s.c);
}

QString amountText(const Report &report, qint64 amount)
{
    return report.unit == TimeUnit::Nanoseconds ? formatMs(amount) : formatCount(amount);
}

/// The larger of the interval's two sides, as a share of the value.
QString errorText(const Latency &latency)
{
    if (latency.source == Source::Missing || !latency.high || latency.value <= 0) return {};
    const qint64 side = std::max(latency.value - latency.low, *latency.high - latency.value);
    if (side == 0) return {};
    return plusMinus +
           QStringLiteral("%1 %").arg(100.0 * double(side) / double(latency.value), 0, 'f', 1);
}

QString latencyLine(const Report &report)
{
    const Latency &latency = report.latency;
    const int layers = int(report.layers.size());
    if (report.missingLayers == layers)
        return QStringLiteral("unknown: there is no data and no model for this board and runtime");
    QString line;
    if (!latency.high)
        line = QStringLiteral("at least %1 (low bound %2; %3 of %4 layers have no data)")
                   .arg(amountText(report, latency.value), amountText(report, latency.low))
                   .arg(report.missingLayers)
                   .arg(layers);
    else if (latency.low == *latency.high)
        line = amountText(report, latency.value); // counted, not timed
    else
        line = QStringLiteral("%1 (%2 to %3)")
                   .arg(amountText(report, latency.value), amountText(report, latency.low),
                        amountText(report, *latency.high));
    if (report.unit == TimeUnit::Instructions) line += QStringLiteral(" instructions");
    line += QStringLiteral(", %1 of it measured").arg(formatPercent(report.measuredShare));
    if (report.estimatedLayers > 0)
        line += (report.estimatedLayers == 1 ? QStringLiteral(", %1 layer estimated")
                                             : QStringLiteral(", %1 layers estimated"))
                    .arg(report.estimatedLayers);
    if (report.instructionLayers == report.estimatedLayers && report.estimatedLayers > 0)
        line += QStringLiteral(" from instructions");
    else if (report.instructionLayers > 0)
        line += QStringLiteral(" (%1 from instructions)").arg(report.instructionLayers);
    else if (latency.extrapolated)
        line += QStringLiteral(" (some extrapolated)");
    return line;
}

QString budgetLine(const Budget &budget)
{
    QString line = formatKib(budget.value);
    if (budget.estimated)
        line += QStringLiteral(" (estimated, %1 to %2)")
                    .arg(formatKib(budget.low), formatKib(budget.high));
    if (budget.fit == Fit::NoLimit) return line + QStringLiteral(", ") + fitWords(budget);
    line += QStringLiteral(" of %1").arg(formatKib(budget.available));
    if (budget.available != budget.limit)
        line += QStringLiteral(" (%1 less %2 reserved)")
                    .arg(formatKib(budget.limit), formatKib(budget.limit - budget.available));
    return line + QStringLiteral(": ") + fitWords(budget);
}

QString sramPartsLine(const SramBreakdown &parts)
{
    QString line = QStringLiteral("\n         arena %1 (%2), runtime data %3 bytes, stack %4 bytes")
                       .arg(formatKib(parts.arena), arenaWords(parts), formatCount(parts.data),
                            formatCount(parts.stack));
    if (!parts.stackCounted) line += QStringLiteral(" (in memory of its own, not counted)");
    return line;
}

QString row(const QString &index, const QString &name, const QString &in, const QString &out,
            const QString &kernel, const QString &macs, const QString &flash, const QString &sram,
            const QString &latency, const QString &error, const QString &source)
{
    QString line = index.rightJustified(4) + QLatin1Char(' ') + elided(name, 24).leftJustified(24) +
                   QLatin1Char(' ') + in.leftJustified(12) + QLatin1Char(' ') +
                   out.leftJustified(12) + QLatin1Char(' ') + kernel.leftJustified(3) +
                   macs.rightJustified(8) + flash.rightJustified(11) + sram.rightJustified(10) +
                   latency.rightJustified(9) + error.rightJustified(8) + QStringLiteral("  ") +
                   source;
    while (line.endsWith(QLatin1Char(' ')))
        line.chop(1);
    return line + QLatin1Char('\n');
}

QString sourceText(const Latency &latency)
{
    switch (latency.source) {
    case Source::Measured:
        return QStringLiteral("measured %1x").arg(latency.samples);
    case Source::Estimated:
        if (latency.fromInstructions) return QStringLiteral("from instructions");
        return latency.extrapolated ? QStringLiteral("extrapolated") : QStringLiteral("estimated");
    case Source::Missing:
        break;
    }
    return QStringLiteral("missing");
}

QString layerRow(const Report &report, std::size_t index)
{
    const Layer &layer = report.layers[index];
    const AtomKey &key = layer.atom.key;
    const bool hasKernel = key.kind == AtomKind::Conv || key.kind == AtomKind::Depthwise;
    return row(QString::number(index), printable(layerName(report, layer)), shapeText(key.in()),
               shapeText(key.out()),
               hasKernel ? QStringLiteral("%1/%2").arg(key.kernelH).arg(key.strideH) : QString(),
               formatCount(layer.macs), formatKib(layer.flashBytes), formatKib(layer.sram.total()),
               layer.latency.source == Source::Missing ? QStringLiteral("-")
                                                       : amountText(report, layer.latency.value),
               errorText(layer.latency), sourceText(layer.latency));
}

QString peakLines(const Report &report)
{
    if (report.peak.layer < 0) return {};
    const Layer &layer = report.layers[std::size_t(report.peak.layer)];
    QString lines = QStringLiteral("Peak     %1 in %2; alive there:\n")
                        .arg(formatKib(layer.sram.total()),
                             elided(printable(layerName(report, layer)), longestName));
    qint64 rest = layer.sram.total();
    for (const int tensor : report.peak.tensors) {
        const qint64 bytes = report.tensorShapes[std::size_t(tensor)].bytes();
        rest -= bytes;
        lines += QStringLiteral("%1 %2\n").arg(
            formatKib(bytes).rightJustified(18),
            elided(printable(tensorName(report, tensor)), longestName));
    }
    if (report.sramBreakdown) {
        rest -= layer.sram.scratch;
        if (layer.sram.scratch > 0)
            lines += formatKib(layer.sram.scratch).rightJustified(18) +
                     QStringLiteral(" scratch of the kernel\n");
        if (rest < 0)
            lines += (QStringLiteral("-") + formatKib(-rest)).rightJustified(18) +
                     QStringLiteral(" of the output lies over the input\n");
    } else if (rest > 0) // less than nothing where the runtime overlaps an output with its input
        lines += formatKib(rest).rightJustified(18) +
                 QStringLiteral(" padding, copies and scratch of the runtime (rule)\n");
    return lines;
}

} // namespace

QString printable(QString text)
{
    for (QChar &c : text)
        if (!c.isPrint() && !c.isSurrogate()) c = QLatin1Char('?');
    return text;
}

QString reportText(const Report &report, const QString &designName)
{
    QString text = QStringLiteral("%1 on %2 with %3")
                       .arg(elided(printable(designName), longestName), report.target.board.name,
                            displayName(report.target.runtime));
    if (report.clockHz > 0)
        text += QStringLiteral(" at %1 MHz").arg(double(report.clockHz) / 1e6, 0, 'g', 6);
    text += QStringLiteral("\n\nSRAM     ") + budgetLine(report.sram);
    if (report.sramBreakdown) text += sramPartsLine(*report.sramBreakdown);
    text += QStringLiteral("\nFlash    ") + budgetLine(report.flash);
    text += QStringLiteral("\n         weights %1, runtime code %2%3")
                .arg(formatKib(report.flashWeightsBytes), formatKib(report.flashCodeBytes),
                     report.flashCodeEstimated ? QStringLiteral(" (estimated)") : QString());
    text += QStringLiteral("\nLatency  ") + latencyLine(report);
    text += QStringLiteral("\nWork     %1 MACs and %2 elementwise, %3 parameters\n")
                .arg(formatCount(report.macs), formatCount(report.macsElementwise),
                     formatCount(report.params));
    text += peakLines(report);
    for (const QString &reason : report.reasons)
        text += QStringLiteral("Over     ") + reason + QLatin1Char('\n');

    text += QLatin1Char('\n');
    text += row(QStringLiteral("#"), QStringLiteral("layer"), QStringLiteral("in"),
                QStringLiteral("out"), QStringLiteral("k/s"), QStringLiteral("MACs"),
                QStringLiteral("Flash"), QStringLiteral("SRAM"),
                report.unit == TimeUnit::Nanoseconds ? QStringLiteral("latency")
                                                     : QStringLiteral("instr."),
                plusMinus, QStringLiteral("source"));
    for (std::size_t i = 0; i < report.layers.size(); ++i)
        text += layerRow(report, i);
    return text;
}

} // namespace atomnet
