/* SPDX-License-Identifier: MIT */
#include "ak_fully_connected.h"

#include "ak_tile.h"

size_t ak_fully_connected_s8_scratch_bytes(const ak_fully_connected_t *p)
{
    return (size_t)2 * (size_t)ak_padded_channels(p->in_c);
}

ak_status_t ak_fully_connected_s8(const ak_fully_connected_t *p, const int8_t *in, int8_t *out, void *scratch)
{
    if (!p || !in || !out || !scratch) return AK_ERROR_NULL;
    if (((uintptr_t)in | (uintptr_t)out | (uintptr_t)scratch) % 4) return AK_ERROR_ALIGN;
    ak_dense_t d;
    const ak_status_t status = ak_dense_init(&d, p->weights, &p->out, p->in_c, p->out_c, p->packing);
    if (status != AK_OK) return status;
    ak_tile_expand(in, 0, 1, p->in_c, scratch);
    ak_tile_run(&d, scratch, 1, 0, out);
    return AK_OK;
}
