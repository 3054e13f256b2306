/* SPDX-License-Identifier: MIT */
#include "ak_scaled.h"

#include "ak_requant.h"

ak_status_t ak_scaled_check(const ak_mul_t *scale, const int8_t *gate, int32_t pixels, int32_t channels)
{
    if (!scale || !gate) return AK_ERROR_NULL;
    return scale->pixels == pixels && scale->channels == channels && scale->shift <= 24 ? AK_OK : AK_ERROR_SHAPE;
}

void ak_scaled_expand(const ak_mul_t *scale, const int8_t *gate, const int8_t *in, int32_t pixels, int16_t *columns)
{
    const int32_t channels = scale->channels, padded = ak_padded_channels(channels), rows = pixels == 1 ? 1 : 4;
    const int32_t multiplier = scale->multiplier, zero_point = scale->zero_point;
    const uint32_t shift = scale->shift;
    for (int32_t p = 0; p < rows; ++p, columns += 2) {
        int16_t *to = columns;
        for (int32_t c = 0; c < padded; ++c) {
            int32_t v = 0;
            if (c < channels)
                v = ak_requantize((in[c] - scale->in_zero_point) * (gate[c] - scale->gate_zero_point), multiplier,
                                  shift, zero_point);
            *to = (int16_t)v;
            /* k0 k2 | k1 k3: to the second part, back for the second half, on to the next group */
            to += c & 1 ? (c & 2 ? 2 * rows - 1 : 1 - 2 * rows) : 2 * rows;
        }
        if (p + 1 < pixels) in += channels;
    }
}
