/* SPDX-License-Identifier: MIT */
#include "ak_tile.h"

#include "ak_dsp.h"
#ifdef AK_DSP
#include "ak_tile_dsp.h"
#else
#include "ak_tile_portable.h"
#endif

ak_status_t ak_dense_init(ak_dense_t *d, const int8_t *weights, const ak_output_t *out, int32_t in_c, int32_t out_c,
                          uint8_t packing)
{
    if (!weights || !out->bias || !out->multiplier) return AK_ERROR_NULL;
    if (in_c < 1 || out_c < 1 || out->shift > 24) return AK_ERROR_SHAPE;
    if ((int64_t)in_c * out_c > AK_MOST_ELEMENTS) return AK_ERROR_SHAPE;
    if (packing != AK_PACKING_PLAIN_4X2 && packing != AK_PACKING_HILO_4X2) return AK_ERROR_PACKING;
    if ((uintptr_t)weights % 4) return AK_ERROR_ALIGN;
    d->weights = weights;
    d->out = out;
    d->in_c = in_c;
    d->out_c = out_c;
    d->packing = packing;
    ak_run_init(d);
    return AK_OK;
}

int32_t ak_tile_max_offset(int32_t pixels, int32_t in_c, int32_t out_c)
{
    /* Behind tile t of T, 4*(t + 1)*in_c bytes have been read and 4*(t + 1)*out_c written; behind the last one nothing
     * is left to spoil. At `all` the tensors no longer touch. */
    const int64_t all = ((int64_t)pixels * in_c) & ~3, tiles = ((int64_t)pixels + 3) / 4;
    if (tiles == 1) return (int32_t)all;
    const int64_t a_tile = 4 * ((int64_t)in_c - out_c);
    return (int32_t)(a_tile >= 0 ? a_tile : a_tile * (tiles - 1));
}

void ak_tile_expand(const int8_t *in, ptrdiff_t step, int32_t pixels, int32_t in_c, int16_t *columns)
{
    const int32_t rows = pixels == 1 ? 1 : 4;
    int32_t done = 0;
    const int8_t *const p0 = in, *const p1 = p0 + (pixels > 1 ? step : 0), *const p2 = p1 + (pixels > 2 ? step : 0),
                        *const p3 = p2 + (pixels > 3 ? step : 0);
#ifdef AK_DSP
    ak_word_t *to = (ak_word_t *)columns;
    if (rows == 1)
        for (; done <= in_c - 4; done += 4) {
            const uint32_t v = *(const ak_unaligned_word_t *)(p0 + done);
            to = ak_store_2(to, ak_sxtb16(v), ak_sxtb16_odd(v));
        }
    else
        for (; done <= in_c - 4; done += 4) {
            const uint32_t v0 = *(const ak_unaligned_word_t *)(p0 + done);
            const uint32_t v1 = *(const ak_unaligned_word_t *)(p1 + done);
            const uint32_t v2 = *(const ak_unaligned_word_t *)(p2 + done);
            const uint32_t v3 = *(const ak_unaligned_word_t *)(p3 + done);
            to = ak_store_2(to, ak_sxtb16(v0), ak_sxtb16(v1));
            to = ak_store_2(to, ak_sxtb16(v2), ak_sxtb16(v3));
            to = ak_store_2(to, ak_sxtb16_odd(v0), ak_sxtb16_odd(v1));
            to = ak_store_2(to, ak_sxtb16_odd(v2), ak_sxtb16_odd(v3));
        }
    if (done == in_c) return;
#endif
    const int8_t *const pixel[4] = {p0, p1, p2, p3};
    for (; done < ak_padded_channels(in_c); ++done)
        for (int32_t p = 0; p < rows; ++p)
            columns[ak_column_index(rows, p, done)] = done < in_c ? pixel[p][done] : 0;
}
