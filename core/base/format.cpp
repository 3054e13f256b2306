#include "core/base/format.h"

#include <algorithm>
#include <cmath>

namespace atomnet
{

namespace
{

/// Three significant digits, never in exponent form: 1.31, 87.6, 245, 1188.
QString threeDigits(double value)
{
    const double magnitude = std::abs(value);
    int decimals = 2;
    if (magnitude >= 99.95)
        decimals = 0;
    else if (magnitude >= 9.995)
        decimals = 1;
    return QString::number(value, 'f', decimals);
}

} // namespace

QString formatKib(qint64 bytes)
{
    const double kib = double(bytes) / 1024.0;
    return QString::number(kib, 'f', std::abs(kib) < 999.95 ? 1 : 0) + QStringLiteral(" KiB");
}

QString formatKibDelta(qint64 bytes)
{
    return (bytes < 0 ? QString() : QStringLiteral("+")) + formatKib(bytes);
}

QString formatMs(qint64 nanoseconds)
{
    const double ns = double(nanoseconds);
    if (nanoseconds == 0) return QStringLiteral("0 ms");
    if (std::abs(ns) < 999.5e0) return threeDigits(ns) + QStringLiteral(" ns");
    if (std::abs(ns) < 999.5e3) return threeDigits(ns / 1e3) + QStringLiteral(" \u00b5s");
    return threeDigits(ns / 1e6) + QStringLiteral(" ms");
}

QString formatCount(qint64 count)
{
    const double n = double(count);
    if (std::abs(n) < 1000) return QString::number(count);
    if (std::abs(n) < 999.5e3) return threeDigits(n / 1e3) + QStringLiteral(" k");
    if (std::abs(n) < 999.5e6) return threeDigits(n / 1e6) + QStringLiteral(" M");
    return threeDigits(n / 1e9) + QStringLiteral(" G");
}

QString formatBytes(qint64 bytes)
{
    QString digits = QString::number(bytes < 0 ? 0 - quint64(bytes) : quint64(bytes));
    for (qsizetype i = digits.size() - 3; i > 0; i -= 3)
        digits.insert(i, QChar(0x202f)); // narrow no-break space
    return (bytes < 0 ? QStringLiteral("-") : QString()) + digits + QStringLiteral(" B");
}

QString formatPercent(double share)
{
    double percent = std::round(share * 100.0);
    if (share > 0 && share < 1) percent = std::clamp(percent, 1.0, 99.0);
    return QString::number(percent) + QStringLiteral(" %");
}

QString withoutUnit(const QString &text)
{
    return text.left(text.lastIndexOf(QLatin1Char(' ')));
}

} // namespace atomnet
