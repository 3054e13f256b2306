/* SPDX-License-Identifier: MIT */
#include "ak_mul.h"

#include "ak_requant.h"

int32_t ak_mul_s8_max_offset(const ak_mul_t *p)
{
    (void)p;
    return 0;
}

ak_status_t ak_mul_s8(const ak_mul_t *p, const int8_t *in, const int8_t *gate, int8_t *out)
{
    if (!p || !in || !gate || !out) return AK_ERROR_NULL;
    if (p->pixels < 1 || p->channels < 1 || p->shift > 24) return AK_ERROR_SHAPE;
    for (int32_t i = 0; i < p->pixels; ++i, in += p->channels, out += p->channels)
        for (int32_t c = 0; c < p->channels; ++c) {
            const int32_t acc = (in[c] - p->in_zero_point) * (gate[c] - p->gate_zero_point);
            out[c] = (int8_t)ak_requantize(acc, p->multiplier, p->shift, p->zero_point);
        }
    return AK_OK;
}
