#pragma once

#include "core/search/search.h"

#include <array>

// The four figures that a search weighs against each other, and how they are written.
namespace atomnet
{

enum class Figure : quint8 { Macs, Latency, Sram, Flash };
inline constexpr std::array<Figure, 4> allFigures{Figure::Macs, Figure::Latency, Figure::Sram,
                                                  Figure::Flash};

[[nodiscard]] QString figureName(Figure figure); ///< "MACs", "Latency", "SRAM", "Flash"
[[nodiscard]] TimeUnit unitOf(const Target &target);
/// "79.0 M", "245 ms" or "1.31 M instr.", "151.6 KiB".
[[nodiscard]] QString figureText(Figure figure, qint64 value, TimeUnit unit);
/// With every digit, for tool tips: "245,123,456 ns", "155,238 bytes".
[[nodiscard]] QString exactText(Figure figure, qint64 value, TimeUnit unit);

[[nodiscard]] QString groupedDigits(qint64 value); ///< "38,102,400"

[[nodiscard]] qint64 figureOf(const FrontPoint &point, Figure figure);
[[nodiscard]] qint64 figureOf(const Candidate &candidate, Figure figure);
[[nodiscard]] qint64 figureOf(const Report &report, Figure figure);
/// The limit of this figure; none: no limit, and always for MACs.
[[nodiscard]] std::optional<qint64> limitOf(const SearchLimits &limits, Figure figure);
void setLimit(SearchLimits &limits, Figure figure, std::optional<qint64> value);

} // namespace atomnet
