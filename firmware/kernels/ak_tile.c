/* SPDX-License-Identifier: MIT */
#include "ak_tile.h"

#include "ak_dsp.h"
#ifdef AK_DSP
#include "ak_tile_dsp.h"
#else
#include "ak_tile_portable.h"
#endif

ak_status_t ak_dense_check(const ak_dense_t *d)
{
    if (!d->weights || !d->out->bias || !d->out->multiplier) return AK_ERROR_NULL;
    if (d->in_c < 1 || d->out_c < 1 || d->out->shift > 24) return AK_ERROR_SHAPE;
    if ((int64_t)d->in_c * d->out_c > AK_MOST_ELEMENTS) return AK_ERROR_SHAPE;
    if (d->packing != AK_PACKING_PLAIN_4X2 && d->packing != AK_PACKING_HILO_4X2) return AK_ERROR_PACKING;
    return (uintptr_t)d->weights % 4 ? AK_ERROR_ALIGN : AK_OK;
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
    for (; done <= in_c - 4; done += 4, to += 2 * rows) {
        const uint32_t v0 = *(const ak_unaligned_word_t *)(p0 + done);
        to[0] = ak_sxtb16(v0);
        to[rows] = ak_sxtb16_odd(v0);
        if (rows == 1) continue;
        const uint32_t v1 = *(const ak_unaligned_word_t *)(p1 + done), v2 = *(const ak_unaligned_word_t *)(p2 + done),
                       v3 = *(const ak_unaligned_word_t *)(p3 + done);
        to[1] = ak_sxtb16(v1);
        to[2] = ak_sxtb16(v2);
        to[3] = ak_sxtb16(v3);
        to[5] = ak_sxtb16_odd(v1);
        to[6] = ak_sxtb16_odd(v2);
        to[7] = ak_sxtb16_odd(v3);
    }
#endif
    const int8_t *const pixel[4] = {p0, p1, p2, p3};
    for (; done < ak_padded_channels(in_c); ++done)
        for (int32_t p = 0; p < rows; ++p)
            columns[ak_column_index(rows, p, done)] = done < in_c ? pixel[p][done] : 0;
}

void ak_tile_run(const ak_dense_t *d, const int16_t *columns, int32_t pixels, int8_t *out)
{
    ak_run(d, columns, pixels, 0, out);
}

void ak_tile_run_to_columns(const ak_dense_t *d, const int16_t *columns, int32_t pixels, int16_t *out)
{
    /* Places behind the last channel hold what the next product multiplies with 0: anything, but always the same. */
    const int32_t rows = pixels == 1 ? 1 : 4, padded = ak_padded_channels(d->out_c);
    for (int32_t c = d->out_c; c < padded; ++c)
        for (int32_t p = 0; p < rows; ++p) out[ak_column_index(rows, p, c)] = 0;
    ak_run(d, columns, pixels, 1, out);
}
