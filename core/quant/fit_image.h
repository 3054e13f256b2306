#pragma once

#include "core/quant/image_file.h"

namespace atomnet
{

/// Gray from RGB by 0.299, 0.587, 0.114; RGB from gray by repeating it. `channels` is 1 or 3.
[[nodiscard]] Image withChannels(Image image, int channels);
/// Resized so that the shorter side fits, then cropped at the centre. A triangle filter as wide as
/// the step between pixels: bilinear when enlarging, area-like when shrinking, rounded to 8 bits,
/// the same on every machine.
[[nodiscard]] Image fitted(const Image &image, int width, int height);

} // namespace atomnet
