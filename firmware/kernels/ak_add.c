/* SPDX-License-Identifier: MIT */
#include "ak_add.h"

#include "ak_requant.h"

int32_t ak_add_s8_max_offset(const ak_add_t *p)
{
    (void)p;
    return 0;
}

ak_status_t ak_add_s8(const ak_add_t *p, const int8_t *a, const int8_t *b, int8_t *out)
{
    if (!p || !a || !b || !out) return AK_ERROR_NULL;
    if (p->count < 1 || p->shift > 31) return AK_ERROR_SHAPE;
    for (int32_t i = 0; i < p->count; ++i) {
        const int32_t sum = p->bias + a[i] * p->multiplier_a + b[i] * p->multiplier_b;
        out[i] = (int8_t)ak_clamp_s8(sum >> p->shift);
    }
    return AK_OK;
}
