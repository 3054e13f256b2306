#include "widgets/inspectors/figures_text.h"

#include "core/base/format.h"

#include <algorithm>
#include <cmath>

namespace atomnet
{

namespace
{

/// Half of an interval in the unit of its value and with the value's decimals, rounded up: never
/// more certain than it is.
QString plusMinus(qint64 value, qint64 half)
{
    const double magnitude = std::abs(double(value));
    const double scale = magnitude < 999.5 ? 1 : magnitude < 999.5e3 ? 1e3 : 1e6;
    const double shown = magnitude / scale;
    const int decimals = shown >= 99.95 ? 0 : shown >= 9.995 ? 1 : 2;
    const double step = std::pow(10.0, -decimals);
    const double rounded = std::ceil(double(half) / scale / step - 1e-9) * step;
    return QStringLiteral(" \u00b1%1").arg(QString::number(rounded, 'f', decimals));
}

} // namespace

QString timeText(qint64 value, TimeUnit unit)
{
    if (unit == TimeUnit::Nanoseconds) return formatMs(value);
    return formatCount(value) + QStringLiteral(" instr.");
}

QString latencyText(const Latency &latency, TimeUnit unit)
{
    if (!latency.high) {
        if (latency.value == 0) return QStringLiteral("no figure");
        return QStringLiteral("at least %1").arg(timeText(latency.low, unit));
    }
    // The wider side: what is written never claims more than the interval does.
    const qint64 half = std::max(*latency.high - latency.value, latency.value - latency.low);
    if (unit == TimeUnit::Instructions)
        return formatCount(latency.value) +
               (half > 0 ? QStringLiteral(" \u00b1") + formatCount(half) : QString()) +
               QStringLiteral(" instructions");
    QString text = timeText(latency.value, unit);
    if (half > 0) text += plusMinus(latency.value, half);
    return text;
}

QString provenanceText(const Latency &latency)
{
    switch (latency.source) {
    case Source::Measured:
        return latency.samples > 0 ? QStringLiteral("measured, %1")
                                         .arg(counted(latency.samples, QStringLiteral("sample")))
                                   : QStringLiteral("measured");
    case Source::Estimated:
        if (latency.fromInstructions) return QStringLiteral("estimated from instructions");
        return latency.extrapolated ? QStringLiteral("estimated by extrapolation")
                                    : QStringLiteral("estimated");
    case Source::Missing:
        break;
    }
    return QStringLiteral("missing");
}

QString intervalText(const Latency &latency, TimeUnit unit)
{
    if (!latency.high) return QStringLiteral("at least %1").arg(timeText(latency.low, unit));
    return QStringLiteral("between %1 and %2")
        .arg(timeText(latency.low, unit), timeText(*latency.high, unit));
}

QString grouped(qint64 n)
{
    QString text = formatBytes(n);
    text.chop(2); // the same digits without the unit
    return text;
}

QString counted(qint64 n, const QString &singular, const QString &plural)
{
    const QString noun = n == 1 ? singular : plural.isEmpty() ? singular + u's' : plural;
    return grouped(n) + u' ' + noun;
}

QString shapeText(const Shape &shape)
{
    return QStringLiteral("%1\u00d7%2\u00d7%3").arg(shape.h).arg(shape.w).arg(shape.c);
}

} // namespace atomnet
