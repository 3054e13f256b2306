/* Depthwise convolution for cores with the DSP extension: kernels 3, 5 and 7 at stride 1 and 2. Internal;
 * ak_depthwise.c holds the portable path, which every result equals.
 *
 * The ring in scratch holds each channel's pixels as words of two columns, so that SMLAD multiplies a horizontal pair:
 * word i of a row holds the columns 2i - pad and 2i + 1 - pad. Outputs 2x and 2x + 1 of stride 1, or output x of
 * stride 2, then read the (k + 1) / 2 words from word x on. Weights come as pairs too, shifted left by the layer's shift.
 *
 * SPDX-License-Identifier: MIT */
#ifndef AK_DEPTHWISE_DSP_H
#define AK_DEPTHWISE_DSP_H

#include "ak_depthwise.h"
#include "ak_requant.h"

/* Where the ring's words lie. Kernel 3: [column][channel][row], so that one LDRD loads a column of two rows.
 * Others: [row][channel][column], rows only as far apart as one margin: right and left margin hold the same. */
typedef struct {
    ak_word_t *words;
    int32_t column, channel, row; /* steps in words */
    int32_t rows;
    uint32_t padding; /* two of the input's zero points */
} ring_t;

AK_INLINE uint32_t pair_of(int32_t low, int32_t high) { return (uint32_t)(low & 0xFFFF) | (uint32_t)high << 16; }

AK_INLINE int32_t smlad(uint32_t a, uint32_t b, int32_t sum)
{
    int32_t result;
    __asm("smlad %0, %1, %2, %3" : "=r"(result) : "r"(a), "r"(b), "r"(sum));
    return result;
}

/* low half of a, high half of b */
AK_INLINE int32_t smlabt(uint32_t a, uint32_t b, int32_t sum)
{
    int32_t result;
    __asm("smlabt %0, %1, %2, %3" : "=r"(result) : "r"(a), "r"(b), "r"(sum));
    return result;
}

/* high half of a, low half of b */
AK_INLINE int32_t smlatb(uint32_t a, uint32_t b, int32_t sum)
{
    int32_t result;
    __asm("smlatb %0, %1, %2, %3" : "=r"(result) : "r"(a), "r"(b), "r"(sum));
    return result;
}

static ring_t ring_of(const ak_depthwise_t *p, void *scratch, size_t bytes)
{
    const int32_t pad = p->kernel / 2, rows = p->kernel + 1;
    ring_t ring = {scratch, 16, 4, 1, rows, pair_of(p->in_zero_point, p->in_zero_point)};
    if (p->kernel != 3) {
        ring.column = 1;
        ring.channel = (p->in_w + pad + 1) / 2;
        ring.row = 4 * ring.channel;
    }
    for (size_t i = 0; i < bytes / 4; ++i) ring.words[i] = ring.padding;
    return ring;
}

/* One pixel of up to four channels. */
static void put_pixel(const ring_t *ring, ak_word_t *to, const int8_t *in, int32_t position, int32_t channels)
{
    int16_t *half = (int16_t *)(to + position / 2 * ring->column) + position % 2;
    for (int32_t c = 0; c < channels; ++c, half += 2 * ring->channel) *half = in[c];
}

/* Pairs of pixels of four channels; to the words from `to` on. */
AK_INLINE void put_pairs(ak_word_t *to, int32_t column, int32_t channel, const int8_t *in, int32_t step, int32_t pairs)
{
    for (; pairs > 0; --pairs, to += column) {
        const uint32_t even = *(const ak_unaligned_word_t *)in, odd = *(const ak_unaligned_word_t *)(in + step);
        uint32_t first, second; /* channels 0 and 1, 2 and 3 of both */
        __asm("pkhbt %0, %1, %2, lsl #16" : "=r"(first) : "r"(even), "r"(odd));
        __asm("pkhtb %0, %1, %2, asr #16" : "=r"(second) : "r"(odd), "r"(even));
        in += 2 * step;
        to[0] = ak_sxtb16(first);
        to[channel] = ak_sxtb16_odd(first);
        to[2 * channel] = ak_sxtb16(second);
        to[3 * channel] = ak_sxtb16_odd(second);
    }
}

/* Input row `row` of a group into slot `slot`; padding when it lies outside. */
static void put_row(const ak_depthwise_t *p, const ring_t *ring, const int8_t *in, int32_t row, int32_t slot,
                    int32_t channels)
{
    const int32_t pad = p->kernel / 2, step = p->channels;
    ak_word_t *const to = ring->words + slot * ring->row;
    if (row < 0 || row >= p->in_h) {
        for (int32_t c = 0; c < channels; ++c)
            for (int32_t i = pad / 2; i <= (pad + p->in_w - 1) / 2; ++i)
                to[c * ring->channel + i * ring->column] = ring->padding;
        return;
    }
    in += (ptrdiff_t)row * p->in_w * step;
    int32_t x = 0;
    if (channels == 4) {
        if (pad % 2 == 1) {
            put_pixel(ring, to, in, pad, 4);
            x = 1;
        }
        const int32_t pairs = (p->in_w - x) / 2;
        const int8_t *from = in + (ptrdiff_t)x * step;
        if (ring->column == 16)
            put_pairs(to + 16, 16, 4, from, step, pairs);
        else
            put_pairs(to + (x + pad) / 2, 1, ring->channel, from, step, pairs);
        x += 2 * pairs;
    }
    for (; x < p->in_w; ++x) put_pixel(ring, to, in + (ptrdiff_t)x * step, x + pad, channels);
}


/* What a row of tiles of one channel needs; in memory, because the loops below have no register to spare. */
typedef struct {
    uint32_t first[3]; /* taps 0 and 1 of each row */
    int32_t bias;
    uint32_t second[3]; /* taps 1 and 2 */
    int32_t multiplier;
} channel_3x3_t;

typedef struct {
    channel_3x3_t channel;
    int32_t zero_point;
    int32_t step, below; /* from an output to its right and lower neighbour; below is 0 when there is none */
    int8_t *end;
    const int8_t *table; /* its middle, or NULL */
} tiles_3x3_t;

static void channels_3x3(const ak_depthwise_t *p, int32_t first, int32_t count, channel_3x3_t *to)
{
    const uint32_t shift = p->out.shift;
    for (int32_t c = first; c < first + count; ++c, ++to) {
        const int8_t *taps = p->weights + (ptrdiff_t)c * 9;
        for (int32_t y = 0; y < 3; ++y, taps += 3) {
            to->first[y] = pair_of(taps[0] * (1 << shift), taps[1] * (1 << shift));
            to->second[y] = pair_of(taps[1] * (1 << shift), taps[2] * (1 << shift));
        }
        to->bias = (int32_t)((uint32_t)p->out.bias[c] << shift);
        to->multiplier = p->out.multiplier[c];
    }
}

AK_INLINE int8_t finished(const tiles_3x3_t *t, int32_t acc)
{
    const int32_t v = ak_ssat8(ak_smmlar(acc, t->channel.multiplier, t->zero_point));
    return t->table ? t->table[v] : (int8_t)v;
}

/* A 2x2 tile a b / c d. w0 to w2 hold taps or, at the end, constants; d starts as the bias. */
#define TILES_3X3_S1(look_up)                                                                                          \
    "1: ldrd %[w0], %[w1], %[first]\n ldrd %[w2], %[d], %[third]\n"                                                    \
    "smlad %[a], %[r0], %[w0], %[d]\n smlatb %[b], %[r0], %[w0], %[d]\n"                                               \
    "smlad %[c], %[r1], %[w0], %[d]\n smlatb %[d], %[r1], %[w0], %[d]\n"                                               \
    "smlad %[a], %[r1], %[w1], %[a]\n smlatb %[b], %[r1], %[w1], %[b]\n"                                               \
    "smlad %[c], %[r2], %[w1], %[c]\n smlatb %[d], %[r2], %[w1], %[d]\n"                                               \
    "smlad %[a], %[r2], %[w2], %[a]\n smlatb %[b], %[r2], %[w2], %[b]\n"                                               \
    "smlad %[c], %[r3], %[w2], %[c]\n smlatb %[d], %[r3], %[w2], %[d]\n"                                               \
    "ldrd %[r0], %[r1], [%[upper]], #64\n ldrd %[r2], %[r3], [%[lower]], #64\n"                                        \
    "ldrd %[w0], %[w1], %[second]\n ldr %[w2], %[last]\n"                                                              \
    "smlabt %[a], %[r0], %[w0], %[a]\n smlad %[b], %[r0], %[w0], %[b]\n"                                               \
    "smlabt %[c], %[r1], %[w0], %[c]\n smlad %[d], %[r1], %[w0], %[d]\n"                                               \
    "smlabt %[a], %[r1], %[w1], %[a]\n smlad %[b], %[r1], %[w1], %[b]\n"                                               \
    "smlabt %[c], %[r2], %[w1], %[c]\n smlad %[d], %[r2], %[w1], %[d]\n"                                               \
    "smlabt %[a], %[r2], %[w2], %[a]\n smlad %[b], %[r2], %[w2], %[b]\n"                                               \
    "smlabt %[c], %[r3], %[w2], %[c]\n smlad %[d], %[r3], %[w2], %[d]\n"                                               \
    "ldrd %[w0], %[w1], %[factor]\n"                                                                                   \
    "smmlar %[a], %[a], %[w0], %[w1]\n smmlar %[b], %[b], %[w0], %[w1]\n"                                              \
    "smmlar %[c], %[c], %[w0], %[w1]\n smmlar %[d], %[d], %[w0], %[w1]\n"                                              \
    "ssat %[a], #8, %[a]\n ssat %[b], #8, %[b]\n ssat %[c], #8, %[c]\n ssat %[d], #8, %[d]\n" look_up                  \
    "ldrd %[w0], %[w1], %[steps]\n ldr %[w2], %[end]\n"                                                                \
    "strb %[c], [%[out], %[w1]]\n strb %[a], [%[out]]\n add %[out], %[out], %[w0]\n"                                   \
    "strb %[d], [%[out], %[w1]]\n strb %[b], [%[out]]\n add %[out], %[out], %[w0]\n"                                   \
    "cmp %[out], %[w2]\n bne 1b\n"
#define LOOK_UP_4                                                                                                      \
    "ldr %[w2], %[table]\n ldrsb %[a], [%[w2], %[a]]\n ldrsb %[b], [%[w2], %[b]]\n"                                    \
    "ldrsb %[c], [%[w2], %[c]]\n ldrsb %[d], [%[w2], %[d]]\n"

#define RUN_3X3_S1(look_up)                                                                                            \
    __asm volatile(TILES_3X3_S1(look_up)                                                                               \
                   : [upper] "+r"(upper), [lower] "+r"(lower), [out] "+r"(out), [r0] "+r"(r0), [r1] "+r"(r1),          \
                     [r2] "+r"(r2), [r3] "+r"(r3), [a] "=&r"(a), [b] "=&r"(b), [c] "=&r"(c), [d] "=&r"(d),             \
                     [w0] "=&r"(w0), [w1] "=&r"(w1), [w2] "=&r"(w2)                                                    \
                   : [first] "m"(t->channel.first[0]), [third] "m"(t->channel.first[2]),                               \
                     [second] "m"(t->channel.second[0]), [last] "m"(t->channel.second[2]),                             \
                     [factor] "m"(t->channel.multiplier), [steps] "m"(t->step), [end] "m"(t->end),                     \
                     [table] "m"(t->table)                                                                             \
                   : "memory", "cc")

/* Two output rows of one channel: `upper` holds input rows 0 and 1 of the four, `lower` 2 and 3. t->end: behind the
 * last whole tile of the upper row. */
AK_INLINE void rows_3x3_s1(const tiles_3x3_t *t, const ak_word_t *upper, const ak_word_t *lower, int8_t *out,
                           uint32_t padding, int32_t odd)
{
    uint32_t r0 = upper[0], r1 = upper[1], r2 = lower[0], r3 = lower[1], w0, w1, w2;
    int32_t a, b, c, d;
    upper += 16;
    lower += 16;
    if (out != t->end) {
        if (t->table)
            RUN_3X3_S1(LOOK_UP_4);
        else
            RUN_3X3_S1("");
    }
    if (odd) { /* a last column, with the margin at its right */
        const channel_3x3_t *const k = &t->channel;
        a = smlabt(padding, k->second[0], smlad(r0, k->first[0], k->bias));
        a = smlabt(padding, k->second[1], smlad(r1, k->first[1], a));
        a = smlabt(padding, k->second[2], smlad(r2, k->first[2], a));
        c = smlabt(padding, k->second[0], smlad(r1, k->first[0], k->bias));
        c = smlabt(padding, k->second[1], smlad(r2, k->first[1], c));
        c = smlabt(padding, k->second[2], smlad(r3, k->first[2], c));
        out[t->below] = finished(t, c);
        out[0] = finished(t, a);
    }
}

static void depthwise_3x3_s1(const ak_depthwise_t *p, const int8_t *in, int8_t *out, const ring_t *ring)
{
    const int32_t step = p->channels, w = p->in_w, row_bytes = w * step, odd = w & 1;
    channel_3x3_t channels[4];
    tiles_3x3_t t;
    t.zero_point = p->out.zero_point;
    t.step = step;
    t.table = p->out.table ? p->out.table + 128 : NULL;
    for (int32_t first = 0; first < step; first += 4) {
        const int32_t count = step - first < 4 ? step - first : 4;
        channels_3x3(p, first, count, channels);
        put_row(p, ring, in + first, -1, 0, count);
        put_row(p, ring, in + first, 0, 1, count);
        int8_t *to = out + first;
        for (int32_t y = 0; y < p->in_h; y += 2, to += 2 * row_bytes) {
            const int32_t upper = y & 2, lower = upper ^ 2; /* slots of rows y - 1 and y + 1 */
            put_row(p, ring, in + first, y + 1, lower, count);
            put_row(p, ring, in + first, y + 2, lower + 1, count);
            t.below = y + 1 < p->in_h ? row_bytes : 0;
            for (int32_t c = 0; c < count; ++c) {
                t.channel = channels[c];
                t.end = to + c + (w - odd) * step;
                rows_3x3_s1(&t, ring->words + 4 * c + upper, ring->words + 4 * c + lower, to + c, ring->padding, odd);
            }
        }
    }
}

static int has_fast_path(const ak_depthwise_t *p) { return p->kernel == 3 && p->stride == 1 && p->out.shift <= 8; }

static void depthwise_fast(const ak_depthwise_t *p, const int8_t *in, int8_t *out, void *scratch)
{
    const ring_t ring = ring_of(p, scratch, ak_depthwise_s8_scratch_bytes(p));
    depthwise_3x3_s1(p, in, out, &ring);
}

#endif
