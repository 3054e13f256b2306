/* SPDX-License-Identifier: MIT */
#include "ak_scaled.h"

#include "ak_requant.h"
#include "ak_tile.h"

ak_status_t ak_scaled_check(const ak_mul_t *scale, const int8_t *gate, int32_t pixels, int32_t channels)
{
    if (!scale || !gate) return AK_ERROR_NULL;
    return scale->pixels == pixels && scale->channels == channels && scale->shift <= 24 ? AK_OK : AK_ERROR_SHAPE;
}

void ak_scaled_expand(const ak_mul_t *scale, const int8_t *gate, const int8_t *in, int32_t pixels, int16_t *columns)
{
    const int32_t channels = scale->channels, rows = pixels == 1 ? 1 : 4;
    const int32_t multiplier = scale->multiplier, zero_point = scale->zero_point;
    const int8_t *const p0 = in, *const p1 = pixels > 1 ? p0 + channels : p0, *const p2 = pixels > 2 ? p1 + channels : p1,
                        *const p3 = pixels > 3 ? p2 + channels : p2;
    for (int32_t c = 0; c < channels; ++c) {
        int16_t *const to = columns + ak_column_index(rows, 0, c);
        /* (in - zero point) * factor << shift, as in * a + b */
        const uint32_t a = (uint32_t)(gate[c] - scale->gate_zero_point) << scale->shift;
        const uint32_t b = (uint32_t)-scale->in_zero_point * a;
        to[0] = (int16_t)ak_requantize((int32_t)((uint32_t)p0[c] * a + b), multiplier, 0, zero_point);
        if (rows == 1) continue;
        to[2] = (int16_t)ak_requantize((int32_t)((uint32_t)p1[c] * a + b), multiplier, 0, zero_point);
        to[4] = (int16_t)ak_requantize((int32_t)((uint32_t)p2[c] * a + b), multiplier, 0, zero_point);
        to[6] = (int16_t)ak_requantize((int32_t)((uint32_t)p3[c] * a + b), multiplier, 0, zero_point);
    }
    for (int32_t c = channels; c < ak_padded_channels(channels); ++c)
        for (int32_t p = 0; p < rows; ++p) columns[ak_column_index(rows, p, c)] = 0;
}
