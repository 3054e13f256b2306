/* The matrix product of ak_tile.h in plain C: what it computes, and what ak_tile_dsp.h has to equal. Internal.
 *
 * SPDX-License-Identifier: MIT */
#ifndef AK_TILE_PORTABLE_H
#define AK_TILE_PORTABLE_H

#include "ak_requant.h"
#include "ak_tile.h"

/* Sums wrap as the hardware's do; those of hi/lo have to. */
static int32_t ak_wrapping_add(int32_t a, int32_t b) { return (int32_t)((uint32_t)a + (uint32_t)b); }

/* Sums of `rows` (1 or 4) pixels with one pair of channels. */
static void ak_dot(const int16_t *columns, const int8_t *w, int32_t inputs, int32_t rows, int hilo, int32_t sum0[4],
                   int32_t sum1[4])
{
    for (int32_t half = 0; half < ak_padded_channels(inputs) / 2; ++half, columns += 2 * rows, w += 4) {
        const int32_t w00 = w[0], w02 = w[2];
        const int32_t w10 = hilo ? w[1] * 256 + (uint8_t)w[0] : w[1], w12 = hilo ? w[3] * 256 + (uint8_t)w[2] : w[3];
        for (int32_t p = 0; p < rows; ++p) {
            sum0[p] = ak_wrapping_add(sum0[p], columns[2 * p] * w00 + columns[2 * p + 1] * w02);
            sum1[p] = ak_wrapping_add(sum1[p], columns[2 * p] * w10 + columns[2 * p + 1] * w12);
        }
    }
    if (hilo) /* 256*sum1 + sum0 */
        for (int32_t p = 0; p < rows; ++p) sum1[p] = (int32_t)((uint32_t)sum1[p] - (uint32_t)sum0[p]) >> 8;
}

static void ak_run_init(ak_dense_t *d) { (void)d; }

void ak_tile_run(const ak_dense_t *d, const int16_t *columns, int32_t pixels, uint32_t to_columns, void *to)
{
    const int32_t rows = pixels == 1 ? 1 : 4;
    const ptrdiff_t pair_bytes = 2 * (ptrdiff_t)ak_padded_channels(d->in_c);
    const ak_output_t *const out = d->out;
    int8_t *const bytes = to;
    int16_t *const halves = to;
    for (int32_t o = 0; o < d->out_c; o += 2) {
        const int32_t b0 = out->bias[o], b1 = out->bias[o + 1];
        int32_t sums[2][4] = {{b0, b0, b0, b0}, {b1, b1, b1, b1}};
        ak_dot(columns, d->weights + o / 2 * pair_bytes, d->in_c, rows, d->packing == AK_PACKING_HILO_4X2, sums[0],
               sums[1]);
        for (int32_t i = 0; i < 2 && o + i < d->out_c; ++i) {
            if (to_columns)
                for (int32_t p = 0; p < rows; ++p)
                    halves[ak_column_index(rows, p, o + i)] = ak_output_of_sum(out, o + i, sums[i][p]);
            else
                for (int32_t p = 0; p < pixels; ++p)
                    bytes[p * d->out_c + o + i] = ak_output_of_sum(out, o + i, sums[i][p]);
        }
    }
    if (to_columns) /* the next product multiplies them with 0 */
        for (int32_t o = d->out_c; o < ak_padded_channels(d->out_c); ++o)
            for (int32_t p = 0; p < rows; ++p) halves[ak_column_index(rows, p, o)] = 0;
}

#endif
