#include "core/atomdb/csv_values.h"

namespace atomnet
{

namespace
{

bool isDigit(char c)
{
    return c >= '0' && c <= '9';
}
bool isSpace(char c)
{
    return c == ' ' || c == '\t';
}

/// number * 10 + digit, unless that goes beyond 64 bits.
bool append(qint64 &number, char digit)
{
    return !__builtin_mul_overflow(number, qint64(10), &number) &&
           !__builtin_add_overflow(number, qint64(digit - '0'), &number);
}

} // namespace

QByteArrayView trimmed(QByteArrayView cell)
{
    while (!cell.isEmpty() && isSpace(cell.front()))
        cell = cell.sliced(1);
    while (!cell.isEmpty() && isSpace(cell.back()))
        cell.chop(1);
    return cell;
}

std::optional<qint64> wholeNumber(QByteArrayView cell)
{
    cell = trimmed(cell);
    if (cell.isEmpty()) return std::nullopt;
    qint64 number = 0;
    qsizetype sinceComma = 0; // digits
    bool commas = false;
    for (const char c : cell) {
        if (isDigit(c)) {
            if (!append(number, c)) return std::nullopt;
            ++sinceComma;
        } else if (c == ',' && (commas ? sinceComma == 3 : sinceComma >= 1 && sinceComma <= 3)) {
            commas = true;
            sinceComma = 0;
        } else {
            return std::nullopt;
        }
    }
    if (commas && sinceComma != 3) return std::nullopt;
    return number;
}

std::optional<qint64> nanosecondsFromMs(QByteArrayView cell)
{
    cell = trimmed(cell);
    const qsizetype point = cell.indexOf('.');
    const QByteArrayView fraction = point < 0 ? QByteArrayView() : cell.sliced(point + 1);
    if (point >= 0 && fraction.isEmpty()) return std::nullopt;
    std::optional<qint64> number = wholeNumber(point < 0 ? cell : cell.first(point));
    if (!number) return std::nullopt;
    qsizetype decimals = 0;
    for (const char c : fraction) {
        if (!isDigit(c)) return std::nullopt;
        if (decimals == 6) {
            if (c != '0') return std::nullopt; // finer than a nanosecond
            continue;
        }
        if (!append(*number, c)) return std::nullopt;
        ++decimals;
    }
    for (; decimals < 6; ++decimals)
        if (!append(*number, '0')) return std::nullopt;
    return number;
}

} // namespace atomnet
