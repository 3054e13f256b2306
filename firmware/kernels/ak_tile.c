/* SPDX-License-Identifier: MIT */
#include "ak_tile.h"

#include "ak_requant.h"
#ifdef AK_DSP
#include "ak_tile_dsp.h"
#else

/* The portable twins of ak_tile_dsp.h. Sums wrap as the hardware's do; with hi/lo they have to. */

static int32_t wrapping_add(int32_t a, int32_t b) { return (int32_t)((uint32_t)a + (uint32_t)b); }

/* Of a pair of weights: what channel 0 is multiplied with, and what channel 1 is. */
static int32_t weight0(const int8_t *w) { return w[0]; }
static int32_t weight1(const int8_t *w, int hilo) { return hilo ? w[1] * 256 + (uint8_t)w[0] : w[1]; }

/* Channel 1 out of 256*sum1 + sum0; an arithmetic shift. */
static int32_t without_low(int32_t both, int32_t low)
{
    return (int32_t)((uint32_t)both - (uint32_t)low) >> 8;
}

static const int8_t *dot_4x2(const int16_t *a, const int8_t *w, int32_t groups, int hilo, int32_t acc[2][4])
{
    for (int32_t half = 0; half < 2 * groups; ++half, a += 8, w += 4) {
        const int32_t w00 = weight0(w), w02 = weight0(w + 2), w10 = weight1(w, hilo), w12 = weight1(w + 2, hilo);
        for (int32_t p = 0; p < 4; ++p) {
            acc[0][p] = wrapping_add(acc[0][p], a[2 * p] * w00 + a[2 * p + 1] * w02);
            acc[1][p] = wrapping_add(acc[1][p], a[2 * p] * w10 + a[2 * p + 1] * w12);
        }
    }
    if (hilo)
        for (int32_t p = 0; p < 4; ++p) acc[1][p] = without_low(acc[1][p], acc[0][p]);
    return w;
}

static void dot_1x2(const int16_t *a, const int8_t *w, int32_t groups, int hilo, int32_t acc[2])
{
    for (int32_t half = 0; half < 2 * groups; ++half, a += 2, w += 4) {
        acc[0] = wrapping_add(acc[0], a[0] * weight0(w) + a[1] * weight0(w + 2));
        acc[1] = wrapping_add(acc[1], a[0] * weight1(w, hilo) + a[1] * weight1(w + 2, hilo));
    }
    if (hilo) acc[1] = without_low(acc[1], acc[0]);
}

static const int8_t *dot_1x4(const int16_t *a, const int8_t *w0, const int8_t *w1, int32_t groups, int hilo,
                             int32_t acc[4])
{
    dot_1x2(a, w0, groups, hilo, acc);
    dot_1x2(a, w1, groups, hilo, acc + 2);
    return w1 + (ptrdiff_t)groups * 8;
}

#endif

static int32_t groups_of(int32_t channels) { return ak_padded_channels(channels) / 4; }

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
            columns[((done >> 2) * 4 + (done & 1) * 2) * rows + 2 * p + ((done >> 1) & 1)] =
                done < in_c ? pixel[p][done] : 0;
}

/* 4 pixels. `step`: from one pixel's output to the next, and to_columns: they are int16 columns. */
static void run_4(const ak_dense_t *d, const int16_t *columns, int32_t pixels, int to_columns, void *to)
{
    const int32_t *bias = d->out->bias, *multiplier = d->out->multiplier;
    const int8_t *w = d->weights, *const table = d->out->table ? d->out->table + 128 : NULL;
    const int32_t zero_point = d->out->zero_point, groups = groups_of(d->in_c);
    const uint32_t shift = d->out->shift;
    const int hilo = d->packing == AK_PACKING_HILO_4X2;
    int8_t *byte = to;
    int16_t *half = to;
    for (int32_t left = d->out_c; left > 0; left -= 2) {
        const int32_t b0 = bias[0], b1 = bias[1];
        int32_t acc[2][4] = {{b0, b0, b0, b0}, {b1, b1, b1, b1}};
        w = dot_4x2(columns, w, groups, hilo, acc);
        const int32_t m0 = multiplier[0], m1 = multiplier[1];
        int32_t v00 = ak_requantize(acc[0][0], m0, shift, zero_point);
        int32_t v01 = ak_requantize(acc[0][1], m0, shift, zero_point);
        int32_t v02 = ak_requantize(acc[0][2], m0, shift, zero_point);
        int32_t v03 = ak_requantize(acc[0][3], m0, shift, zero_point);
        int32_t v10 = ak_requantize(acc[1][0], m1, shift, zero_point);
        int32_t v11 = ak_requantize(acc[1][1], m1, shift, zero_point);
        int32_t v12 = ak_requantize(acc[1][2], m1, shift, zero_point);
        int32_t v13 = ak_requantize(acc[1][3], m1, shift, zero_point);
        bias += 2;
        multiplier += 2;
        if (table) {
            v00 = table[v00];
            v01 = table[v01];
            v02 = table[v02];
            v03 = table[v03];
            v10 = table[v10];
            v11 = table[v11];
            v12 = table[v12];
            v13 = table[v13];
        }
        if (to_columns) {
            half[0] = (int16_t)v00;
            half[2] = (int16_t)v01;
            half[4] = (int16_t)v02;
            half[6] = (int16_t)v03;
            half[8] = (int16_t)v10;
            half[10] = (int16_t)v11;
            half[12] = (int16_t)v12;
            half[14] = (int16_t)v13;
            /* the other half of the group, or the next group */
            half += ((uintptr_t)half & 2) ? 15 : 1;
        } else {
            /* A pixel or channel that is not there is written first, over the place of its neighbour. */
            const int32_t s = d->out_c, next = left > 1;
            int8_t *const q1 = byte + s, *const q2 = pixels > 2 ? q1 + s : q1, *const q3 = pixels > 3 ? q2 + s : q2;
            q3[next] = (int8_t)v13;
            q3[0] = (int8_t)v03;
            q2[next] = (int8_t)v12;
            q2[0] = (int8_t)v02;
            q1[next] = (int8_t)v11;
            q1[0] = (int8_t)v01;
            byte[next] = (int8_t)v10;
            byte[0] = (int8_t)v00;
            byte += 2;
        }
    }
}

/* 1 pixel, 4 channels at a time. */
static void run_1(const ak_dense_t *d, const int16_t *columns, int to_columns, void *to)
{
    const int32_t *bias = d->out->bias, *multiplier = d->out->multiplier;
    const int8_t *w = d->weights, *const table = d->out->table ? d->out->table + 128 : NULL;
    const int32_t zero_point = d->out->zero_point, groups = groups_of(d->in_c);
    const uint32_t shift = d->out->shift;
    const int hilo = d->packing == AK_PACKING_HILO_4X2;
    int8_t *byte = to;
    int16_t *half = to;
    for (int32_t left = d->out_c; left > 0; left -= 4, bias += 4, multiplier += 4) {
        /* The last pair stands in for one that is not there. */
        const int8_t *const second = left > 2 ? w + (ptrdiff_t)groups * 8 : w;
        int32_t acc[4] = {bias[0], bias[1], bias[2], bias[3]};
        w = dot_1x4(columns, w, second, groups, hilo, acc);
        int32_t v0 = ak_requantize(acc[0], multiplier[0], shift, zero_point);
        int32_t v1 = ak_requantize(acc[1], multiplier[1], shift, zero_point);
        int32_t v2 = ak_requantize(acc[2], multiplier[2], shift, zero_point);
        int32_t v3 = ak_requantize(acc[3], multiplier[3], shift, zero_point);
        if (table) {
            v0 = table[v0];
            v1 = table[v1];
            v2 = table[v2];
            v3 = table[v3];
        }
        if (to_columns) {
            half[0] = (int16_t)v0;
            half[1] = (int16_t)v2;
            half[2] = (int16_t)v1;
            half[3] = (int16_t)v3;
            half += 4;
        } else {
            byte[0] = (int8_t)v0;
            if (left > 1) byte[1] = (int8_t)v1;
            if (left > 2) byte[2] = (int8_t)v2;
            if (left > 3) byte[3] = (int8_t)v3;
            byte += 4;
        }
    }
}

void ak_tile_run(const ak_dense_t *d, const int16_t *columns, int32_t pixels, int8_t *out)
{
    if (pixels == 1)
        run_1(d, columns, 0, out);
    else
        run_4(d, columns, pixels, 0, out);
}

void ak_tile_run_to_columns(const ak_dense_t *d, const int16_t *columns, int32_t pixels, int16_t *out)
{
    if (pixels == 1) {
        run_1(d, columns, 1, out);
        return;
    }
    run_4(d, columns, pixels, 1, out);
    if (((d->out_c + 1) & 3) < 2) return; /* all four places of the last group are written */
    int16_t *const last = out + (ptrdiff_t)(groups_of(d->out_c) - 1) * 16;
    for (int32_t i = 1; i < 16; i += 2) last[i] = 0;
}
