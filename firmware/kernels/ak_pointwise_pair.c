/* SPDX-License-Identifier: MIT */
#include "ak_pointwise_pair.h"

#include "ak_scaled.h"
#include "ak_tile.h"

static ak_dense_t expand_of(const ak_pointwise_pair_t *p)
{
    const ak_dense_t d = {p->expand_weights, &p->expand, p->in_c, p->mid_c, p->expand_packing};
    return d;
}

static ak_dense_t project_of(const ak_pointwise_pair_t *p)
{
    const ak_dense_t d = {p->project_weights, &p->project, p->mid_c, p->out_c, p->project_packing};
    return d;
}

static ak_status_t check(const ak_pointwise_pair_t *p, const int8_t *in, const int8_t *out, const void *scratch)
{
    if (!p || !in || !out || !scratch) return AK_ERROR_NULL;
    if (p->pixels < 1 || (int64_t)p->pixels * p->in_c > AK_MOST_ELEMENTS ||
        (int64_t)p->pixels * p->out_c > AK_MOST_ELEMENTS)
        return AK_ERROR_SHAPE;
    if (((uintptr_t)in | (uintptr_t)out | (uintptr_t)scratch) % 4) return AK_ERROR_ALIGN;
    const ak_dense_t expand = expand_of(p), project = project_of(p);
    const ak_status_t status = ak_dense_check(&expand);
    return status == AK_OK ? ak_dense_check(&project) : status;
}

size_t ak_pointwise_pair_s8_scratch_bytes(const ak_pointwise_pair_t *p)
{
    return ak_columns_bytes(p->in_c) + ak_columns_bytes(p->mid_c);
}

int32_t ak_pointwise_pair_s8_max_offset(const ak_pointwise_pair_t *p)
{
    return ak_tile_max_offset(p->pixels, p->in_c, p->out_c);
}

/* With `scale`, of the scaled input. */
static void run(const ak_pointwise_pair_t *p, const ak_mul_t *scale, const int8_t *in, const int8_t *gate, int8_t *out,
                void *scratch)
{
    const ak_dense_t expand = expand_of(p), project = project_of(p);
    int16_t *const columns = scratch, *const expanded = columns + ak_columns_bytes(p->in_c) / sizeof *columns;
    for (int32_t left = p->pixels; left > 0; left -= 4) {
        const int32_t pixels = left < 4 ? left : 4;
        if (scale)
            ak_scaled_expand(scale, gate, in, pixels, columns);
        else
            ak_tile_expand(in, p->in_c, pixels, p->in_c, columns);
        ak_tile_run_to_columns(&expand, columns, pixels, expanded);
        ak_tile_run(&project, expanded, pixels, out);
        in += (ptrdiff_t)4 * p->in_c;
        out += (ptrdiff_t)4 * p->out_c;
    }
}

ak_status_t ak_pointwise_pair_s8(const ak_pointwise_pair_t *p, const int8_t *in, int8_t *out, void *scratch)
{
    const ak_status_t status = check(p, in, out, scratch);
    if (status == AK_OK) run(p, NULL, in, NULL, out, scratch);
    return status;
}

ak_status_t ak_pointwise_pair_scaled_s8(const ak_pointwise_pair_t *p, const ak_mul_t *scale, const int8_t *in,
                                        const int8_t *gate, int8_t *out, void *scratch)
{
    ak_status_t status = check(p, in, out, scratch);
    if (status == AK_OK) status = ak_scaled_check(scale, gate, p->pixels, p->in_c);
    if (status == AK_OK) run(p, scale, in, gate, out, scratch);
    return status;
}
