/* SPDX-License-Identifier: MIT */
#include "ak_pointwise_pair.h"

#include "ak_scaled.h"
#include "ak_tile.h"

static ak_status_t init(const ak_pointwise_pair_t *p, const int8_t *in, const int8_t *out, const void *scratch,
                        ak_dense_t *expand, ak_dense_t *project)
{
    if (!p || !in || !out || !scratch) return AK_ERROR_NULL;
    if (p->pixels < 1 || (int64_t)p->pixels * p->in_c > AK_MOST_ELEMENTS ||
        (int64_t)p->pixels * p->out_c > AK_MOST_ELEMENTS)
        return AK_ERROR_SHAPE;
    if (((uintptr_t)in | (uintptr_t)out | (uintptr_t)scratch) % 4) return AK_ERROR_ALIGN;
    const ak_status_t status =
        ak_dense_init(expand, p->expand_weights, &p->expand, p->in_c, p->mid_c, p->expand_packing);
    if (status != AK_OK) return status;
    return ak_dense_init(project, p->project_weights, &p->project, p->mid_c, p->out_c, p->project_packing);
}

size_t ak_pointwise_pair_s8_scratch_bytes(const ak_pointwise_pair_t *p)
{
    return ak_columns_bytes(p->in_c) + ak_columns_bytes(p->mid_c);
}

int32_t ak_pointwise_pair_s8_max_offset(const ak_pointwise_pair_t *p)
{
    return ak_tile_max_offset(p->pixels, p->in_c, p->out_c);
}

ak_status_t ak_pointwise_pair_s8(const ak_pointwise_pair_t *p, const int8_t *in, int8_t *out, void *scratch)
{
    ak_dense_t expand, project;
    const ak_status_t status = init(p, in, out, scratch, &expand, &project);
    if (status != AK_OK) return status;
    int16_t *const columns = scratch, *const expanded = columns + ak_columns_bytes(p->in_c) / sizeof *columns;
    for (int32_t left = p->pixels; left > 0; left -= 4) {
        const int32_t pixels = left < 4 ? left : 4;
        ak_tile_expand(in, p->in_c, pixels, p->in_c, columns);
        ak_tile_run(&expand, columns, pixels, 1, expanded);
        ak_tile_run(&project, expanded, pixels, 0, out);
        in += (ptrdiff_t)4 * p->in_c;
        out += (ptrdiff_t)4 * p->out_c;
    }
    return AK_OK;
}

/* A loop of its own, so that a product without squeeze-and-excite does not link the scaling. */
ak_status_t ak_pointwise_pair_scaled_s8(const ak_pointwise_pair_t *p, const ak_mul_t *scale, const int8_t *in,
                                        const int8_t *gate, int8_t *out, void *scratch)
{
    ak_dense_t expand, project;
    ak_status_t status = init(p, in, out, scratch, &expand, &project);
    if (status == AK_OK) status = ak_scaled_check(scale, gate, p->pixels, p->in_c);
    if (status != AK_OK) return status;
    int16_t *const columns = scratch, *const expanded = columns + ak_columns_bytes(p->in_c) / sizeof *columns;
    for (int32_t left = p->pixels; left > 0; left -= 4) {
        const int32_t pixels = left < 4 ? left : 4;
        ak_scaled_expand(scale, gate, in, pixels, columns);
        ak_tile_run(&expand, columns, pixels, 1, expanded);
        ak_tile_run(&project, expanded, pixels, 0, out);
        in += (ptrdiff_t)4 * p->in_c;
        out += (ptrdiff_t)4 * p->out_c;
    }
    return AK_OK;
}
