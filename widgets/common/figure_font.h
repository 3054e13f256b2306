#pragma once

#include <QFont>

namespace atomnet
{

/// `base` when its digits are all of one width, so that figures stand still while they change; else
/// the nearest installed font of the same size with such digits.
[[nodiscard]] QFont figureFont(const QFont &base);
/// True when all ten digits have one width in this font.
[[nodiscard]] bool hasTabularFigures(const QFont &font);

} // namespace atomnet
