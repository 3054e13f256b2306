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
    uint32_t padding; /* four of the input's zero points */
    int32_t in_w, step, pad;      /* step: bytes from a pixel to the next */
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
    const int32_t pad = p->kernel / 2, plane = (p->in_w + pad + 1) / 2;
    const int wide = p->kernel == 3;
    const ring_t ring = {scratch, wide ? 16 : 1, wide ? 4 : plane, wide ? 1 : 4 * plane,
                         (uint32_t)(uint8_t)p->in_zero_point * 0x01010101u, p->in_w, p->channels, pad};
    const uint32_t margin = ak_sxtb16(ring.padding);
    for (ak_word_t *to = ring.words, *const end = to + bytes / 4; to != end; ++to) *to = margin;
    return ring;
}

/* Two neighbouring pixels of four channels. */
AK_INLINE void put_pair(const ring_t *ring, ak_word_t *to, uint32_t even, uint32_t odd)
{
    uint32_t first, second; /* channels 0 and 1, 2 and 3 of both */
    __asm("pkhbt %0, %1, %2, lsl #16" : "=r"(first) : "r"(even), "r"(odd));
    __asm("pkhtb %0, %1, %2, asr #16" : "=r"(second) : "r"(odd), "r"(even));
    to[0] = ak_sxtb16(first);
    to[ring->channel] = ak_sxtb16_odd(first);
    to[2 * ring->channel] = ak_sxtb16(second);
    to[3 * ring->channel] = ak_sxtb16_odd(second);
}

AK_INLINE uint32_t four_at(const int8_t *in) { return *(const ak_unaligned_word_t *)in; }

/* A row of four channels to the words from `to` on; `in` NULL: a row of padding. */
static __attribute__((noinline)) void put_row(const ring_t *from_ring, const int8_t *in, ak_word_t *to)
{
    const ring_t ring = *from_ring;
    int32_t left = ring.in_w;
    to += ring.pad / 2 * ring.column;
    if (!in) {
        for (left += ring.pad & 1; left > 0; left -= 2, to += ring.column)
            put_pair(&ring, to, ring.padding, ring.padding);
        return;
    }
    if (ring.pad & 1) {
        put_pair(&ring, to, ring.padding, four_at(in));
        in += ring.step;
        to += ring.column;
        --left;
    }
    for (int32_t pairs = left >> 1; pairs > 0; --pairs, in += 2 * ring.step, to += ring.column)
        put_pair(&ring, to, four_at(in), four_at(in + ring.step));
    if (left & 1) put_pair(&ring, to, four_at(in), ring.padding);
}

/* As put_row, for the last channels when they are fewer than four. */
static __attribute__((noinline)) void put_few(const ring_t *ring, const int8_t *in, ak_word_t *to, int32_t channels)
{
    for (int32_t c = 0; c < channels; ++c, to += ring->channel)
        for (int32_t x = 0; x < ring->in_w; ++x) {
            const int32_t at = x + ring->pad;
            int16_t *const half = (int16_t *)(to + at / 2 * ring->column) + at % 2;
            *half = in ? in[(ptrdiff_t)x * ring->step + c] : (int8_t)ring->padding;
        }
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
    int32_t below, step; /* from an output to its lower and right neighbour; 0 when there is none to write */
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
static __attribute__((noinline)) void expand_taps(const int8_t *taps, int32_t kernel, uint32_t shift, uint32_t *to)
{
    for (int32_t y = 0; y < kernel; ++y, taps += kernel) {
        for (int32_t x = 0; x + 1 < kernel; x += 2) *to++ = tap_pair(taps + x, shift);
        for (int32_t x = 1; x + 1 < kernel; x += 2) *to++ = tap_pair(taps + x, shift);
    }
}

static __attribute__((noinline)) void load_channel(const ak_depthwise_t *p, int32_t c, channel_t *to)
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
    "ldrd %[w0], %[w1], %[below]\n add %[w2], %[out], %[w1]\n"                                                         \
    "strb %[d], [%[w2], %[w0]]\n strb %[b], [%[w2]]\n strb %[c], [%[out], %[w0]]\n strb %[a], [%[out]]\n"              \
    "ldr %[w0], %[end]\n add %[out], %[w2], %[w1]\n cmp %[out], %[w0]\n bne 1b\n"
#define LOOK_UP                                                                                                        \
    "ldrsb %[a], [%[w2], %[a]]\n ldrsb %[b], [%[w2], %[b]]\n"                                                          \
    "ldrsb %[c], [%[w2], %[c]]\n ldrsb %[d], [%[w2], %[d]]\n"
#define LOOK_UP_ALWAYS "ldr %[w2], %[table]\n" LOOK_UP
#define LOOK_UP_PERHAPS "ldr %[w2], %[table]\n cmp %[w2], #0\n beq 2f\n" LOOK_UP "2:\n"
#define FINISH_OPERANDS                                                                                                \
    [factor] "m"(t->channel.multiplier), [below] "m"(t->below), [end] "m"(t->end), [table] "m"(t->table)

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
            RUN_3X3(LOOK_UP_ALWAYS);
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

/* One output at a time; w0 and w1 hold constants. */
#define RUN_3X3_S2(look_up)                                                                                            \
    __asm volatile("1: ldr %[acc], %[bias]\n smlad %[acc], %[r0], %[f0], %[acc]\n"                                     \
                   "smlad %[acc], %[r1], %[f1], %[acc]\n smlad %[acc], %[r2], %[f2], %[acc]\n"                         \
                   "ldrd %[r0], %[r1], [%[upper]], #64\n ldr %[r2], [%[lower]], #64\n"                                 \
                   "smlabb %[acc], %[r0], %[third01], %[acc]\n smlabt %[acc], %[r1], %[third01], %[acc]\n"             \
                   "smlabb %[acc], %[r2], %[third2], %[acc]\n"                                                         \
                   "ldrd %[w0], %[w1], %[factor]\n smmlar %[acc], %[acc], %[w0], %[w1]\n"                              \
                   "ssat %[acc], #8, %[acc]\n" look_up "ldrd %[w0], %[w1], %[step]\n strb %[acc], [%[out]]\n"          \
                   "add %[out], %[w0]\n cmp %[out], %[w1]\n bne 1b\n"                                                  \
                   : [upper] "+r"(upper), [lower] "+r"(lower), [out] "+r"(out), [r0] "+r"(r0), [r1] "+r"(r1),          \
                     [r2] "+r"(r2), [acc] "=&r"(acc), [w0] "=&r"(w0), [w1] "=&r"(w1)                                   \
                   : [f0] "r"(k->first[0]), [f1] "r"(k->first[1]), [f2] "r"(k->first[2]), [third01] "r"(third01),      \
                     [third2] "r"(third2), [bias] "m"(k->bias), [factor] "m"(k->multiplier), [step] "m"(t->step),      \
                     [table] "m"(t->table)                                                                             \
                   : "memory", "cc")

/* One output row of stride 2: `upper` holds input rows 0 and 1, `lower` row 2. */
AK_INLINE void row_3x3_s2(const tiles_t *t, const ak_word_t *upper, const ak_word_t *lower, int8_t *out, int32_t odd)
{
    const channel_t *const k = &t->channel;
    const uint32_t third01 = k->second[0] >> 16 | (k->second[1] & 0xFFFF0000u), third2 = k->second[2] >> 16;
    uint32_t r0 = upper[0], r1 = upper[1], r2 = lower[0], w0, w1;
    int32_t acc;
    upper += 16;
    lower += 16;
    if (out != t->end) {
        if (t->table)
            RUN_3X3_S2("ldr %[w0], %[table]\n ldrsb %[acc], [%[w0], %[acc]]\n");
        else
            RUN_3X3_S2("");
    }
    if (odd) {
        acc = smlabt(t->padding, k->second[0], smlad(r0, k->first[0], k->bias));
        acc = smlabt(t->padding, k->second[1], smlad(r1, k->first[1], acc));
        out[0] = finished(t, smlabt(t->padding, k->second[2], smlad(r2, k->first[2], acc)));
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
#define RUN_5X5                                                                                                        \
    __asm volatile(TILES_5X5 FINISH_TILE(LOOK_UP_PERHAPS)                                                              \
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
#define RUN_7X7                                                                                                        \
    __asm volatile(TILES_7X7 FINISH_TILE(LOOK_UP_PERHAPS)                                                              \
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
        if (out != t->end || t->step == 0) RUN_5X5;
        if (!odd) break;
    }
}

AK_INLINE void rows_7x7_s1(tiles_t *t, const ak_word_t *row, const uint32_t *taps, int8_t *out, int32_t odd)
{
    uint32_t x, y, z, u, w0, w1, w2;
    int32_t a, b, c, d;
    for (;; odd = 0, t->step = 0, t->end = out) { /* a last column: a tile whose right half is overwritten */
        if (out != t->end || t->step == 0) RUN_7X7;
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

/* Words of taps besides those in channel_t: 5x5 of four channels, 7x7 of one. */
enum { TAPS_3 = 1, TAPS_5 = 4 * 5 * 4, TAPS_7 = 7 * 6 };

/* A group of up to 4 channels. A pass writes two output rows at stride 1, one at stride 2, and so takes two more
 * input rows; row r of the input lies in slot (r + pad) % (k + 1) of the ring. */
AK_INLINE void run_group(const ak_depthwise_t *p, const ring_t *ring, int32_t kernel, int32_t stride, const int8_t *in,
                         int8_t *out, int32_t first, uint32_t *taps)
{
    const int32_t rows = kernel + 1, step = p->channels, w = p->in_w, height = 3 - stride;
    const int32_t out_w = stride == 1 ? w : (w + 1) / 2, out_h = stride == 1 ? p->in_h : (p->in_h + 1) / 2;
    const int32_t whole = (kernel == 3 ? out_w - (w & 1) : stride == 1 ? out_w & ~1 : out_w) * step;
    const int32_t count = step - first < 4 ? step - first : 4;
    channel_t channels[4];
    tiles_t t;
    t.zero_point = p->out.zero_point;
    t.table = p->out.table ? p->out.table + 128 : NULL;
    t.padding = ak_sxtb16(ring->padding);
    t.step = step;
    for (int32_t c = 0; c < count; ++c) {
        load_channel(p, first + c, channels + c);
        if (kernel == 5) expand_taps(p->weights + (first + c) * 25, 5, p->out.shift, taps + c * 20);
    }
    in += first;
    out += first;
    const int32_t in_row = w * step;
    int32_t row = -(kernel / 2), slot = 0, top = 0; /* next input row and its slot; slot of the pass's first row */
    int32_t missing = kernel + height - 1;
    for (int32_t y = 0; y < out_h; y += height, out += height * out_w * step, missing = 2) {
        for (; missing > 0; --missing, ++row) {
            const int8_t *const from = row >= 0 && row < p->in_h ? in + row * in_row : NULL;
            ak_word_t *const to = ring->words + slot * ring->row;
            if (count == 4)
                put_row(ring, from, to);
            else
                put_few(ring, from, to, count);
            slot = slot + 1 == rows ? 0 : slot + 1;
        }
        t.below = y + 1 < out_h ? out_w * step : 0;
        if (kernel > 3) {
            for (int32_t r = 0; r < rows; ++r) t.advance[r] = 4 * ring->row;
            t.advance[rows - 1 - top] -= 4 * rows * ring->row;
            t.advance[rows - 1] += 4;
        }
        const ak_word_t *words = ring->words + top * ring->row;
        int8_t *to = out;
        for (int32_t c = 0; c < count; ++c, ++to, words += ring->channel) {
            t.channel = channels[c];
            t.end = to + whole;
            if (kernel == 3 && stride == 1) rows_3x3_s1(&t, words, words + 2 - 2 * top, to, w & 1);
            if (kernel == 3 && stride == 2) row_3x3_s2(&t, words, words + 2 - 2 * top, to, w & 1);
            if (kernel == 7) expand_taps(p->weights + (first + c) * 49, 7, p->out.shift, taps);
            if (kernel == 5 && stride == 1) rows_5x5_s1(&t, words, taps + c * 20, to, w & 1);
            if (kernel == 7 && stride == 1) rows_7x7_s1(&t, words, taps, to, w & 1);
            if (kernel == 5 && stride == 2) row_s2(&t, 5, words, taps + c * 20, to);
            if (kernel == 7 && stride == 2) row_s2(&t, 7, words, taps, to);
            t.step = step;
        }
        top = top + 2 == rows ? 0 : top + 2;
    }
}

#define GROUP(kernel, stride)                                                                                          \
    static __attribute__((noinline)) void group_##kernel##_##stride(const ak_depthwise_t *p, const ring_t *ring,       \
                                                                    const int8_t *in, int8_t *out, int32_t first)      \
    {                                                                                                                  \
        uint32_t taps[TAPS_##kernel];                                                                                  \
        run_group(p, ring, kernel, stride, in, out, first, taps);                                                      \
    }
GROUP(3, 1)
GROUP(3, 2)
GROUP(5, 1)
GROUP(5, 2)
GROUP(7, 1)
GROUP(7, 2)

static void depthwise_fast(const ak_depthwise_t *p, const int8_t *in, int8_t *out, void *scratch)
{
    static void (*const groups[3][2])(const ak_depthwise_t *, const ring_t *, const int8_t *, int8_t *, int32_t) = {
        {group_3_1, group_3_2}, {group_5_1, group_5_2}, {group_7_1, group_7_2}};
    const ring_t ring = ring_of(p, scratch, ak_depthwise_s8_scratch_bytes(p));
    for (int32_t first = 0; first < p->channels; first += 4)
        groups[p->kernel / 2 - 1][p->stride - 1](p, &ring, in, out, first);
}

#endif
