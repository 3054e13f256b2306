#pragma once

#include <QByteArrayView>

#include <optional>

// Cells of measurement files as numbers: exact, never through floating point.
namespace atomnet
{

/// "  text " -> "text".
[[nodiscard]] QByteArrayView trimmed(QByteArrayView cell);

/// Not negative, decimal, with or without commas between thousands: "928000", "928,000". Nothing
/// for anything else, an empty cell, a sign, an exponent or a number beyond 64 bits included.
[[nodiscard]] std::optional<qint64> wholeNumber(QByteArrayView cell);

/// Milliseconds with at most six decimals (more when they are zeros), as nanoseconds: "1.305" ->
/// 1305000.
[[nodiscard]] std::optional<qint64> nanosecondsFromMs(QByteArrayView cell);

} // namespace atomnet
