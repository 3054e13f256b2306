/* SPDX-License-Identifier: MIT */
#include "ak_mean.h"

#include "ak_requant.h"

ak_status_t ak_mean_s8(const ak_mean_t *p, const int8_t *in, int8_t *out)
{
    if (!p || !in || !out) return AK_ERROR_NULL;
    if (p->pixels < 1 || p->pixels > 1 << 22 || p->channels < 1 || p->shift > 24) return AK_ERROR_SHAPE;
    for (int32_t c = 0; c < p->channels; ++c) {
        int32_t sum = p->bias;
        for (int32_t i = 0; i < p->pixels; ++i) sum += in[(ptrdiff_t)i * p->channels + c];
        out[c] = (int8_t)ak_requantize(sum, p->multiplier, p->shift, p->zero_point);
    }
    return AK_OK;
}
