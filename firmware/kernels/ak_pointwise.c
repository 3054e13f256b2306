/* SPDX-License-Identifier: MIT */
#include "ak_pointwise.h"

#include "ak_scaled.h"
#include "ak_tile.h"

static ak_status_t init(const ak_pointwise_t *p, const int8_t *in, const int8_t *out, const void *scratch,
                        ak_dense_t *d)
{
    if (!p || !in || !out || !scratch) return AK_ERROR_NULL;
    if (p->pixels < 1 || (int64_t)p->pixels * p->in_c > AK_MOST_ELEMENTS ||
        (int64_t)p->pixels * p->out_c > AK_MOST_ELEMENTS)
        return AK_ERROR_SHAPE;
    if (((uintptr_t)in | (uintptr_t)out | (uintptr_t)scratch) % 4) return AK_ERROR_ALIGN;
    return ak_dense_init(d, p->weights, &p->out, p->in_c, p->out_c, p->packing);
}

size_t ak_pointwise_s8_scratch_bytes(const ak_pointwise_t *p) { return ak_columns_bytes(p->in_c); }

int32_t ak_pointwise_s8_max_offset(const ak_pointwise_t *p)
{
    return ak_tile_max_offset(p->pixels, p->in_c, p->out_c);
}

ak_status_t ak_pointwise_s8(const ak_pointwise_t *p, const int8_t *in, int8_t *out, void *scratch)
{
    ak_dense_t d;
    const ak_status_t status = init(p, in, out, scratch, &d);
    if (status != AK_OK) return status;
    for (int32_t left = p->pixels; left > 0; left -= 4) {
        const int32_t pixels = left < 4 ? left : 4;
        ak_tile_expand(in, p->in_c, pixels, p->in_c, scratch);
        ak_tile_run(&d, scratch, pixels, 0, out);
        in += (ptrdiff_t)4 * p->in_c;
        out += (ptrdiff_t)4 * p->out_c;
    }
    return AK_OK;
}

/* A loop of its own, so that a product without squeeze-and-excite does not link the scaling. */
ak_status_t ak_pointwise_scaled_s8(const ak_pointwise_t *p, const ak_mul_t *scale, const int8_t *in, const int8_t *gate,
                                   int8_t *out, void *scratch)
{
    ak_dense_t d;
    ak_status_t status = init(p, in, out, scratch, &d);
    if (status == AK_OK) status = ak_scaled_check(scale, gate, p->pixels, p->in_c);
    if (status != AK_OK) return status;
    for (int32_t left = p->pixels; left > 0; left -= 4) {
        const int32_t pixels = left < 4 ? left : 4;
        ak_scaled_expand(scale, gate, in, pixels, scratch);
        ak_tile_run(&d, scratch, pixels, 0, out);
        in += (ptrdiff_t)4 * p->in_c;
        out += (ptrdiff_t)4 * p->out_c;
    }
    return AK_OK;
}
