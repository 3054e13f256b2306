#pragma once

#include "widgets/common/theme.h"

namespace atomnet
{

/// Colour of a share, 0 to 1: from blue over green to yellow, even in lightness and safe for
/// colour-blind eyes (after viridis); never too near the theme's background.
[[nodiscard]] QRgb scaleColour(double share, const Theme &theme);

} // namespace atomnet
