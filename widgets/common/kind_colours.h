#pragma once

#include "core/lowering/atom_key.h"
#include "widgets/common/theme.h"

namespace atomnet
{

/// Colours of operator kinds, for plots that tell them apart: Okabe and Ito's palette where blocks
/// have it too (convolutions orange, depthwise green, pointwise blue), told apart by lightness as
/// well. Kinds without multiply-accumulates are greys.
[[nodiscard]] QColor kindColour(const Theme &theme, AtomKind kind);
/// "Depthwise", for people.
[[nodiscard]] QString kindTitle(AtomKind kind);

} // namespace atomnet
