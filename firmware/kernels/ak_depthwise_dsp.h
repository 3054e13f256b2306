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


/* What tiles of one channel need; in memory, because the loops below have no register to spare. */
typedef struct {
    uint32_t first[3]; /* 3x3: taps 0 and 1 of each row */
    int32_t bias;
    uint32_t second[3]; /* 3x3: taps 1 and 2 */
    int32_t multiplier;
} channel_t;

typedef struct {
    channel_t channel;
    int32_t zero_point;
    int32_t step, below; /* from an output to its right and lower neighbour; 0 when there is none to write */
    int8_t *end;
    const int8_t *table; /* its middle, or NULL */
    uint32_t padding;
    int32_t advance[8]; /* others: bytes to the next of the ring's rows; at last to the first row's next word */
} tiles_t;

static uint32_t tap_pair(const int8_t *taps, uint32_t shift)
{
    return pair_of(taps[0] * (1 << shift), taps[1] * (1 << shift));
}

/* Pairs of a kernel's row: taps 0 1, 2 3 ..., then 1 2, 3 4 ...; k - 1 words a row. */
static void expand_taps(const int8_t *taps, int32_t kernel, uint32_t shift, uint32_t *to)
{
    for (int32_t y = 0; y < kernel; ++y, taps += kernel) {
        for (int32_t x = 0; x + 1 < kernel; x += 2) *to++ = tap_pair(taps + x, shift);
        for (int32_t x = 1; x + 1 < kernel; x += 2) *to++ = tap_pair(taps + x, shift);
    }
}

static void load_channel(const ak_depthwise_t *p, int32_t c, channel_t *to)
{
    const uint32_t shift = p->out.shift;
    if (p->kernel == 3) {
        const int8_t *taps = p->weights + (ptrdiff_t)c * 9;
        for (int32_t y = 0; y < 3; ++y, taps += 3) {
            to->first[y] = tap_pair(taps, shift);
            to->second[y] = tap_pair(taps + 1, shift);
        }
    }
    to->bias = (int32_t)((uint32_t)p->out.bias[c] << shift);
    to->multiplier = p->out.multiplier[c];
}

AK_INLINE int8_t finished(const tiles_t *t, int32_t acc)
{
    const int32_t v = ak_ssat8(ak_smmlar(acc, t->channel.multiplier, t->zero_point));
    return t->table ? t->table[v] : (int8_t)v;
}

/* End of a 2x2 tile a b / c d: the first output is written last, over what a step of 0 put there. w0 to w2 are free. */
#define FINISH_TILE(look_up)                                                                                           \
    "ldrd %[w0], %[w1], %[factor]\n"                                                                                   \
    "smmlar %[a], %[a], %[w0], %[w1]\n smmlar %[b], %[b], %[w0], %[w1]\n"                                              \
    "smmlar %[c], %[c], %[w0], %[w1]\n smmlar %[d], %[d], %[w0], %[w1]\n"                                              \
    "ssat %[a], #8, %[a]\n ssat %[b], #8, %[b]\n ssat %[c], #8, %[c]\n ssat %[d], #8, %[d]\n" look_up                  \
    "ldrd %[w0], %[w1], %[steps]\n add %[w2], %[out], %[w0]\n"                                                         \
    "strb %[d], [%[w2], %[w1]]\n strb %[b], [%[w2]]\n strb %[c], [%[out], %[w1]]\n strb %[a], [%[out]]\n"              \
    "ldr %[w1], %[end]\n add %[out], %[w2], %[w0]\n cmp %[out], %[w1]\n bne 1b\n"
#define LOOK_UP_4                                                                                                      \
    "ldr %[w2], %[table]\n ldrsb %[a], [%[w2], %[a]]\n ldrsb %[b], [%[w2], %[b]]\n"                                    \
    "ldrsb %[c], [%[w2], %[c]]\n ldrsb %[d], [%[w2], %[d]]\n"
#define FINISH_OPERANDS                                                                                                \
    [factor] "m"(t->channel.multiplier), [steps] "m"(t->step), [end] "m"(t->end), [table] "m"(t->table)

/* w0 to w2 hold taps; d starts as the bias. */
#define TILES_3X3                                                                                                      \
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
    "smlabt %[c], %[r3], %[w2], %[c]\n smlad %[d], %[r3], %[w2], %[d]\n"
#define RUN_3X3(look_up)                                                                                               \
    __asm volatile(TILES_3X3 FINISH_TILE(look_up)                                                                      \
                   : [upper] "+r"(upper), [lower] "+r"(lower), [out] "+r"(out), [r0] "+r"(r0), [r1] "+r"(r1),          \
                     [r2] "+r"(r2), [r3] "+r"(r3), [a] "=&r"(a), [b] "=&r"(b), [c] "=&r"(c), [d] "=&r"(d),             \
                     [w0] "=&r"(w0), [w1] "=&r"(w1), [w2] "=&r"(w2)                                                    \
                   : FINISH_OPERANDS, [first] "m"(t->channel.first[0]), [third] "m"(t->channel.first[2]),              \
                     [second] "m"(t->channel.second[0]), [last] "m"(t->channel.second[2])                              \
                   : "memory", "cc")

/* Two output rows of one channel: `upper` holds input rows 0 and 1 of the four, `lower` 2 and 3. t->end: behind the
 * last whole tile of the upper row. */
AK_INLINE void rows_3x3_s1(const tiles_t *t, const ak_word_t *upper, const ak_word_t *lower, int8_t *out, int32_t odd)
{
    uint32_t r0 = upper[0], r1 = upper[1], r2 = lower[0], r3 = lower[1], w0, w1, w2;
    int32_t a, b, c, d;
    upper += 16;
    lower += 16;
    if (out != t->end) {
        if (t->table)
            RUN_3X3(LOOK_UP_4);
        else
            RUN_3X3("");
    }
    if (odd) { /* a last column, with the margin at its right */
        const channel_t *const k = &t->channel;
        a = smlabt(t->padding, k->second[0], smlad(r0, k->first[0], k->bias));
        a = smlabt(t->padding, k->second[1], smlad(r1, k->first[1], a));
        a = smlabt(t->padding, k->second[2], smlad(r2, k->first[2], a));
        c = smlabt(t->padding, k->second[0], smlad(r1, k->first[0], k->bias));
        c = smlabt(t->padding, k->second[1], smlad(r2, k->first[1], c));
        c = smlabt(t->padding, k->second[2], smlad(r3, k->first[2], c));
        out[t->below] = finished(t, c);
        out[0] = finished(t, a);
    }
}

/* One output row of stride 2: `upper` holds input rows 0 and 1, `lower` row 2. */
AK_INLINE void row_3x3_s2(const tiles_t *t, const ak_word_t *upper, const ak_word_t *lower, int8_t *out, int32_t odd)
{
    const channel_t *const k = &t->channel;
    const uint32_t first0 = k->first[0], first1 = k->first[1], first2 = k->first[2];
    const uint32_t third01 = k->second[0] >> 16 | (k->second[1] & 0xFFFF0000u), third2 = k->second[2] >> 16;
    uint32_t r0 = upper[0], r1 = upper[1], r2 = lower[0];
    upper += 16;
    lower += 16;
    while (out != t->end) {
        uint32_t factor, zero;
        int32_t acc, step;
        __asm volatile("ldr %[acc], %[bias]\n"
                       "smlad %[acc], %[r0], %[f0], %[acc]\n smlad %[acc], %[r1], %[f1], %[acc]\n"
                       "smlad %[acc], %[r2], %[f2], %[acc]\n"
                       "ldrd %[r0], %[r1], [%[upper]], #64\n ldr %[r2], [%[lower]], #64\n"
                       "smlabb %[acc], %[r0], %[t01], %[acc]\n smlabt %[acc], %[r1], %[t01], %[acc]\n"
                       "smlabb %[acc], %[r2], %[t2], %[acc]\n"
                       "ldrd %[w0], %[w1], %[factor]\n smmlar %[acc], %[acc], %[w0], %[w1]\n ssat %[acc], #8, %[acc]\n"
                       : [upper] "+r"(upper), [lower] "+r"(lower), [r0] "+r"(r0), [r1] "+r"(r1), [r2] "+r"(r2),
                         [acc] "=&r"(acc), [w0] "=&r"(factor), [w1] "=&r"(zero)
                       : [f0] "r"(first0), [f1] "r"(first1), [f2] "r"(first2), [t01] "r"(third01), [t2] "r"(third2),
                         [bias] "m"(k->bias), [factor] "m"(k->multiplier)
                       : "memory");
        *out = t->table ? t->table[acc] : (int8_t)acc;
        step = t->step;
        out += step;
    }
    if (odd) {
        int32_t acc = smlabt(t->padding, k->second[0], smlad(r0, first0, k->bias));
        acc = smlabt(t->padding, k->second[1], smlad(r1, first1, acc));
        out[0] = finished(t, smlabt(t->padding, k->second[2], smlad(r2, first2, acc)));
    }
}

#define NEXT_ROW(r) "ldr %[x], %[advance" #r "]\n add %[row], %[x]\n"

/* 5x5: row r of the ring in x y z, row r of the taps in w0 to w3. */
#define LOAD_5(r) "ldrd %[x], %[y], [%[row]]\n ldr %[z], [%[row], #8]\n"
#define TAPS_5(r) "ldrd %[w0], %[w1], [%[taps], #16*" #r "]\n ldrd %[w2], %[w3], [%[taps], #16*" #r "+8]\n"
#define FROM_5(left, right, from)                                                                                      \
    "smlad %[" #left "], %[x], %[w0], %[" from "]\n smlatb %[" #right "], %[x], %[w0], %[" from "]\n"                  \
    "smlad %[" #left "], %[y], %[w1], %[" #left "]\n smlad %[" #right "], %[y], %[w2], %[" #right "]\n"                \
    "smlabt %[" #left "], %[z], %[w3], %[" #left "]\n smlad %[" #right "], %[z], %[w3], %[" #right "]\n"
#define FIRST_5(left, right) FROM_5(left, right, "d")
#define ADD_5(left, right)                                                                                             \
    "smlad %[" #left "], %[x], %[w0], %[" #left "]\n smlatb %[" #right "], %[x], %[w0], %[" #right "]\n"               \
    "smlad %[" #left "], %[y], %[w1], %[" #left "]\n smlad %[" #right "], %[y], %[w2], %[" #right "]\n"                \
    "smlabt %[" #left "], %[z], %[w3], %[" #left "]\n smlad %[" #right "], %[z], %[w3], %[" #right "]\n"
#define MIDDLE_5(r) LOAD_5(r) ADD_5(c, d) TAPS_5(r) ADD_5(a, b) NEXT_ROW(r)
#define TILES_5X5                                                                                                      \
    "1:\n" LOAD_5(0) TAPS_5(0) "ldr %[d], %[bias]\n" FIRST_5(a, b) NEXT_ROW(0)                                         \
    LOAD_5(1) FIRST_5(c, d) TAPS_5(1) ADD_5(a, b) NEXT_ROW(1) MIDDLE_5(2) MIDDLE_5(3) MIDDLE_5(4)                      \
    LOAD_5(5) ADD_5(c, d) NEXT_ROW(5)
#define RUN_5X5(look_up)                                                                                               \
    __asm volatile(TILES_5X5 FINISH_TILE(look_up)                                                                      \
                   : [row] "+r"(row), [out] "+r"(out), [a] "=&r"(a), [b] "=&r"(b), [c] "=&r"(c), [d] "=&r"(d),         \
                     [x] "=&r"(x), [y] "=&r"(y), [z] "=&r"(z), [w0] "=&r"(w0), [w1] "=&r"(w1), [w2] "=&r"(w2),         \
                     [w3] "=&r"(w3)                                                                                    \
                   : FINISH_OPERANDS, [taps] "r"(taps), [bias] "m"(t->channel.bias), [advance0] "m"(t->advance[0]),    \
                     [advance1] "m"(t->advance[1]), [advance2] "m"(t->advance[2]), [advance3] "m"(t->advance[3]),      \
                     [advance4] "m"(t->advance[4]), [advance5] "m"(t->advance[5])                                      \
                   : "memory", "cc")

/* 7x7: as 5x5, with four words a row and the taps in halves: first w01 w23 w45, then w12 w34 w56. */
#define LOAD_7 "ldrd %[x], %[y], [%[row]]\n ldrd %[z], %[u], [%[row], #8]\n"
#define ADD_7(r, left, right)                                                                                          \
    "ldrd %[w0], %[w1], [%[taps], #24*" #r "]\n ldr %[w2], [%[taps], #24*" #r "+8]\n"                                  \
    "smlad %[" #left "], %[x], %[w0], %[" #left "]\n smlatb %[" #right "], %[x], %[w0], %[" #right "]\n"               \
    "smlad %[" #left "], %[y], %[w1], %[" #left "]\n smlad %[" #left "], %[z], %[w2], %[" #left "]\n"                  \
    "ldr %[w0], [%[taps], #24*" #r "+12]\n ldrd %[w1], %[w2], [%[taps], #24*" #r "+16]\n"                              \
    "smlad %[" #right "], %[y], %[w0], %[" #right "]\n smlad %[" #right "], %[z], %[w1], %[" #right "]\n"              \
    "smlad %[" #right "], %[u], %[w2], %[" #right "]\n smlabt %[" #left "], %[u], %[w2], %[" #left "]\n"
#define MIDDLE_7(r, before) LOAD_7 ADD_7(before, c, d) ADD_7(r, a, b) NEXT_ROW(r)
#define TILES_7X7                                                                                                      \
    "1: ldr %[a], %[bias]\n mov %[b], %[a]\n mov %[c], %[a]\n mov %[d], %[a]\n" LOAD_7 ADD_7(0, a, b) NEXT_ROW(0)      \
    MIDDLE_7(1, 0) MIDDLE_7(2, 1) MIDDLE_7(3, 2) MIDDLE_7(4, 3) MIDDLE_7(5, 4) MIDDLE_7(6, 5)                          \
    LOAD_7 ADD_7(6, c, d) NEXT_ROW(7)
#define RUN_7X7(look_up)                                                                                               \
    __asm volatile(TILES_7X7 FINISH_TILE(look_up)                                                                      \
                   : [row] "+r"(row), [out] "+r"(out), [a] "=&r"(a), [b] "=&r"(b), [c] "=&r"(c), [d] "=&r"(d),         \
                     [x] "=&r"(x), [y] "=&r"(y), [z] "=&r"(z), [u] "=&r"(u), [w0] "=&r"(w0), [w1] "=&r"(w1),           \
                     [w2] "=&r"(w2)                                                                                    \
                   : FINISH_OPERANDS, [taps] "r"(taps), [bias] "m"(t->channel.bias), [advance0] "m"(t->advance[0]),    \
                     [advance1] "m"(t->advance[1]), [advance2] "m"(t->advance[2]), [advance3] "m"(t->advance[3]),      \
                     [advance4] "m"(t->advance[4]), [advance5] "m"(t->advance[5]), [advance6] "m"(t->advance[6]),      \
                     [advance7] "m"(t->advance[7])                                                                     \
                   : "memory", "cc")

/* Two output rows of one channel; `row` is the first of the ring's. */
AK_INLINE void rows_5x5_s1(tiles_t *t, const ak_word_t *row, const uint32_t *taps, int8_t *out, int32_t odd)
{
    uint32_t x, y, z, w0, w1, w2, w3;
    int32_t a, b, c, d;
    for (;; odd = 0, t->step = 0, t->end = out) { /* a last column: a tile whose right half is overwritten */
        if (out != t->end || t->step == 0) {
            if (t->table)
                RUN_5X5(LOOK_UP_4);
            else
                RUN_5X5("");
        }
        if (!odd) break;
    }
}

AK_INLINE void rows_7x7_s1(tiles_t *t, const ak_word_t *row, const uint32_t *taps, int8_t *out, int32_t odd)
{
    uint32_t x, y, z, u, w0, w1, w2;
    int32_t a, b, c, d;
    for (;; odd = 0, t->step = 0, t->end = out) { /* a last column: a tile whose right half is overwritten */
        if (out != t->end || t->step == 0) {
            if (t->table)
                RUN_7X7(LOOK_UP_4);
            else
                RUN_7X7("");
        }
        if (!odd) break;
    }
}

/* One output row of stride 2, kernel 5 or 7. */
AK_INLINE void row_s2(const tiles_t *t, int32_t kernel, const ak_word_t *row, const uint32_t *taps, int8_t *out)
{
    for (; out != t->end; out += t->step) {
        const uint32_t *tap = taps;
        int32_t acc = t->channel.bias;
        for (int32_t r = 0; r < kernel; ++r, tap += kernel - 1) {
            acc = smlad(row[0], tap[0], acc);
            acc = smlad(row[1], tap[1], acc);
            if (kernel == 7) acc = smlad(row[2], tap[2], acc);
            acc = smlabt(row[kernel / 2], tap[kernel - 2], acc);
            row = (const ak_word_t *)((const int8_t *)row + t->advance[r]);
        }
        row = (const ak_word_t *)((const int8_t *)row + t->advance[kernel]);
        *out = finished(t, acc);
    }
}

static int has_fast_path(const ak_depthwise_t *p)
{
    return p->kernel >= 3 && p->stride <= 2 && p->out.shift <= 8; /* taps << 8 still fit 16 bits */
}

/* A group of up to 4 channels. A pass writes two output rows at stride 1, one at stride 2, and so takes two more
 * input rows; row r of the input lies in slot (r + pad) % (k + 1) of the ring. */
static void depthwise_group(const ak_depthwise_t *p, const ring_t *ring, const int8_t *in, int8_t *out, int32_t first,
                            int32_t count)
{
    enum { TAPS_5 = 5 * 4, TAPS_7 = 7 * 6 };
    const int32_t kernel = p->kernel, rows = kernel + 1, pad = kernel / 2;
    const int32_t out_w = p->stride == 1 ? p->in_w : (p->in_w + 1) / 2, out_h = p->stride == 1 ? p->in_h : (p->in_h + 1) / 2;
    const int32_t out_row = out_w * p->channels, height = 3 - p->stride;
    channel_t channels[4];
    uint32_t taps[4 * TAPS_5]; /* 7x7: of one channel */
    tiles_t t;
    t.zero_point = p->out.zero_point;
    t.table = p->out.table ? p->out.table + 128 : NULL;
    t.padding = ring->padding;
    for (int32_t c = 0; c < count; ++c) {
        load_channel(p, first + c, channels + c);
        if (kernel == 5) expand_taps(p->weights + (first + c) * 25, 5, p->out.shift, taps + c * TAPS_5);
    }
    int32_t next = -pad, next_slot = 0, top = 0; /* slot of the pass's first row */
    for (int32_t y = 0; y < out_h; y += height, out += height * out_row) {
        for (const int32_t end = y * p->stride - pad + kernel + height - 1; next < end; ++next) {
            put_row(p, ring, in, next, next_slot, count);
            next_slot = next_slot + 1 == rows ? 0 : next_slot + 1;
        }
        t.below = y + 1 < out_h ? out_row : 0;
        for (int32_t r = 0; r < rows; ++r)
            t.advance[r] = 4 * (top + r + 1 == rows ? (1 - rows) * ring->row : ring->row);
        t.advance[rows - 1] += 4;
        for (int32_t c = 0; c < count; ++c) {
            const ak_word_t *const words = ring->words + c * ring->channel;
            t.channel = channels[c];
            t.step = p->channels;
            if (kernel == 3) {
                const ak_word_t *const upper = words + top, *const lower = words + (top ^ 2);
                t.end = out + c + (out_w - (p->in_w & 1)) * t.step;
                if (p->stride == 1)
                    rows_3x3_s1(&t, upper, lower, out + c, p->in_w & 1);
                else
                    row_3x3_s2(&t, upper, lower, out + c, p->in_w & 1);
                continue;
            }
            const ak_word_t *const row = words + top * ring->row;
            const uint32_t *own_taps = taps;
            if (kernel == 5)
                own_taps += c * TAPS_5;
            else
                expand_taps(p->weights + (first + c) * 49, 7, p->out.shift, taps);
            if (p->stride == 2) {
                t.end = out + c + out_row;
                if (kernel == 5)
                    row_s2(&t, 5, row, own_taps, out + c);
                else
                    row_s2(&t, 7, row, own_taps, out + c);
                continue;
            }
            t.end = out + c + out_w / 2 * t.step * 2;
            if (kernel == 5)
                rows_5x5_s1(&t, row, own_taps, out + c, out_w & 1);
            else
                rows_7x7_s1(&t, row, own_taps, out + c, out_w & 1);
        }
        top = top + 2 == rows ? 0 : top + 2;
    }
}

static void depthwise_fast(const ak_depthwise_t *p, const int8_t *in, int8_t *out, void *scratch)
{
    const ring_t ring = ring_of(p, scratch, ak_depthwise_s8_scratch_bytes(p));
    for (int32_t first = 0; first < p->channels; first += 4) {
        const int32_t count = p->channels - first < 4 ? p->channels - first : 4;
        depthwise_group(p, &ring, in + first, out + first, first, count);
    }
}

#endif
