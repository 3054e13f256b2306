/* Depthwise convolution for cores with the DSP extension: kernels 3, 5 and 7 at stride 1 and 2. Internal;
 * ak_depthwise.c holds the portable path, which every result equals.
 *
 * The ring in scratch holds each channel's pixels as words of two columns, so that SMLAD multiplies a horizontal pair:
 * word i of a row holds the columns 2i - pad and 2i + 1 - pad. Outputs 2x and 2x + 1 of stride 1, or output x of
 * stride 2, then read the (k + 1) / 2 words from word x on. Weights come as pairs too, shifted left by the layer's
 * shift.
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
    uint32_t padding;             /* four of the input's zero points */
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

AK_INLINE uint32_t four_at(const int8_t *in) { return *(const ak_unaligned_word_t *)in; }

/* Two neighbouring pixels of four channels. */
AK_INLINE void put_pair(ak_word_t *to, int32_t channel, uint32_t even, uint32_t odd)
{
    uint32_t first, second; /* channels 0 and 1, 2 and 3 of both */
    __asm("pkhbt %0, %1, %2, lsl #16" : "=r"(first) : "r"(even), "r"(odd));
    __asm("pkhtb %0, %1, %2, asr #16" : "=r"(second) : "r"(odd), "r"(even));
    to[0] = ak_sxtb16(first);
    to[channel] = ak_sxtb16_odd(first);
    to[2 * channel] = ak_sxtb16(second);
    to[3 * channel] = ak_sxtb16_odd(second);
}

/* A row of four channels to the words from `to` on; `in` NULL: a row of padding. */
AK_INLINE void put_row(const ring_t *ring, const int8_t *in, ak_word_t *to, int32_t column, int32_t channel,
                       int32_t odd_pad)
{
    const int32_t step = ring->step;
    const uint32_t padding = ring->padding;
    int32_t left = ring->in_w;
    if (!in) {
        for (left += odd_pad; left > 0; left -= 2, to += column) put_pair(to, channel, padding, padding);
        return;
    }
    if (odd_pad) {
        put_pair(to, channel, padding, four_at(in));
        in += step;
        to += column;
        --left;
    }
    for (int32_t pairs = left >> 1; pairs > 0; --pairs, to += column) {
        const uint32_t even = four_at(in), odd = four_at(in + step);
        in += 2 * step;
        put_pair(to, channel, even, odd);
    }
    if (left & 1) put_pair(to, channel, four_at(in), padding);
}

static __attribute__((noinline)) void put_row_3(const ring_t *ring, const int8_t *in, ak_word_t *to)
{
    put_row(ring, in, to, 16, 4, 1);
}

static __attribute__((noinline)) void put_row_other(const ring_t *ring, const int8_t *in, ak_word_t *to)
{
    put_row(ring, in, to + ring->pad / 2, 1, ring->channel, ring->pad & 1);
}

/* The same for the last channels when they are fewer than four. */
static __attribute__((noinline, cold)) void put_few(const ring_t *ring, const int8_t *in, ak_word_t *to,
                                                    int32_t channels)
{
    for (int32_t c = 0; c < channels; ++c, to += ring->channel)
        for (int32_t x = 0; x < ring->in_w; ++x) {
            const int32_t at = x + ring->pad;
            int16_t *const half = (int16_t *)(to + at / 2 * ring->column) + at % 2;
            *half = in ? in[(ptrdiff_t)x * ring->step + c] : (int8_t)ring->padding;
        }
}

enum { TAPS_5 = 5 * 4, TAPS_7 = 7 * 6 }; /* words of expanded taps */

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
    int32_t advance[8]; /* others: bytes to the next of the ring's rows; at last to the first row's next word */
} tiles_t;

/* The outputs that a group of up to 4 channels writes at once: two rows at stride 1, one at stride 2. */
typedef struct {
    channel_t channels[4];
    const ak_word_t *words; /* first of the input rows, channel 0 */
    int32_t plane, row;     /* words to the next channel, and to the next row of the ring */
    int32_t count, top;     /* channels; slot of the first row */
    int8_t *out;
    int32_t whole; /* bytes of an output row without a last column that needs care of its own */
    int32_t odd;   /* there is one */
    int32_t zero_point, below, step;
    const int8_t *table;
    uint32_t padding;
    uint32_t *taps; /* 5x5: of all channels; 7x7: of one */
    const int8_t *packed;
    uint32_t shift;
} pass_t;

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

/* The loops name their registers: they need nearly all of them, and LDM wants them in order.
 * r8 to r11: a 2x2 tile of outputs, a b / c d. r4 to r7: pixels. r3, r12, lr (and r7): taps, then constants. */
#define TILE_CLOBBERS "r3", "r4", "r5", "r6", "r7", "r8", "r9", "r10", "r11", "r12", "lr", "cc", "memory"
#define TILE_OPERANDS                                                                                                  \
    [third] "m"(tiles.channel.first[2]), [bias] "m"(tiles.channel.bias), [factor] "m"(tiles.channel.multiplier),       \
        [below] "m"(tiles.below), [step] "m"(tiles.step), [end] "m"(tiles.end), [table] "m"(tiles.table)

/* A word of two pixels for the left and the right output of a tile's row: its first word, and its last. */
#define BOTH(left, right, pixels, taps)                                                                                \
    "smlad " left ", " pixels ", " taps ", " left "\n smlatb " right ", " pixels ", " taps ", " right "\n"
#define BOTH_FROM(bias, left, right, pixels, taps)                                                                     \
    "smlad " left ", " pixels ", " taps ", " bias "\n smlatb " right ", " pixels ", " taps ", " bias "\n"
#define LAST(left, right, pixels, taps)                                                                                \
    "smlabt " left ", " pixels ", " taps ", " left "\n smlad " right ", " pixels ", " taps ", " right "\n"
#define UPPER "r8", "r9"
#define LOWER "r10", "r11"
#define EXPAND(macro, ...) macro(__VA_ARGS__) /* lets UPPER and LOWER count as two arguments */

/* Requantises and stores a tile. The first output is written last, over what a step of 0 put there. */
#define FINISH_TILE(look_up)                                                                                           \
    "ldrd r3, r12, %[factor]\n"                                                                                        \
    "smmlar r8, r8, r3, r12\n smmlar r9, r9, r3, r12\n smmlar r10, r10, r3, r12\n smmlar r11, r11, r3, r12\n"          \
    "ssat r8, #8, r8\n ssat r9, #8, r9\n ssat r10, #8, r10\n ssat r11, #8, r11\n" look_up                              \
    "ldrd r3, r12, %[below]\n add lr, %[out], r12\n"                                                                   \
    "strb r11, [lr, r3]\n strb r9, [lr]\n strb r10, [%[out], r3]\n strb r8, [%[out]]\n"                                \
    "ldr r3, %[end]\n add %[out], lr, r12\n cmp %[out], r3\n bne 1b\n"
#define LOOK_UP "ldrsb r8, [lr, r8]\n ldrsb r9, [lr, r9]\n ldrsb r10, [lr, r10]\n ldrsb r11, [lr, r11]\n"
#define LOOK_UP_ALWAYS "ldr lr, %[table]\n" LOOK_UP
#define LOOK_UP_PERHAPS "ldr lr, %[table]\n cmp lr, #0\n beq 2f\n" LOOK_UP "2:\n"

#define COLUMN_3 "ldrd r4, r5, [%[upper]], #64\n ldrd r6, r7, [%[lower]], #64\n"
#define TILES_3X3                                                                                                      \
    COLUMN_3 "1: ldrd r3, r12, %[first]\n ldrd lr, r11, %[third]\n"                                                    \
    EXPAND(BOTH_FROM, "r11", UPPER, "r4", "r3") EXPAND(BOTH_FROM, "r11", LOWER, "r5", "r3")                            \
    EXPAND(BOTH, UPPER, "r5", "r12") EXPAND(BOTH, LOWER, "r6", "r12")                                                  \
    EXPAND(BOTH, UPPER, "r6", "lr") EXPAND(BOTH, LOWER, "r7", "lr")                                                    \
    COLUMN_3 "ldrd r3, r12, %[second]\n ldr lr, %[last]\n"                                                             \
    EXPAND(LAST, UPPER, "r4", "r3") EXPAND(LAST, LOWER, "r5", "r3")                                                    \
    EXPAND(LAST, UPPER, "r5", "r12") EXPAND(LAST, LOWER, "r6", "r12")                                                  \
    EXPAND(LAST, UPPER, "r6", "lr") EXPAND(LAST, LOWER, "r7", "lr")
#define RUN_3X3(look_up)                                                                                               \
    __asm volatile(TILES_3X3 FINISH_TILE(look_up)                                                                      \
                   : [upper] "+r"(upper), [lower] "+r"(lower), [out] "+r"(out)                                         \
                   : TILE_OPERANDS, [first] "m"(tiles.channel.first[0]), [second] "m"(tiles.channel.second[0]),        \
                     [last] "m"(tiles.channel.second[2])                                                               \
                   : TILE_CLOBBERS)

AK_INLINE tiles_t tiles_of(const pass_t *pass)
{
    tiles_t t;
    t.zero_point = pass->zero_point;
    t.below = pass->below;
    t.step = pass->step;
    t.table = pass->table;
    return t;
}

AK_INLINE int8_t finished(const tiles_t *t, int32_t acc)
{
    const int32_t v = ak_ssat8(ak_smmlar(acc, t->channel.multiplier, t->zero_point));
    return t->table ? t->table[v] : (int8_t)v;
}

/* Three rows times the taps, with the margin at the right. */
AK_INLINE int8_t last_3x3(const tiles_t *t, uint32_t r0, uint32_t r1, uint32_t r2, uint32_t margin)
{
    const channel_t *const k = &t->channel;
    int32_t acc = smlabt(margin, k->second[0], smlad(r0, k->first[0], k->bias));
    acc = smlabt(margin, k->second[1], smlad(r1, k->first[1], acc));
    return finished(t, smlabt(margin, k->second[2], smlad(r2, k->first[2], acc)));
}

/* Two output rows; `upper` holds input rows 0 and 1 of the four, `lower` 2 and 3. */
static __attribute__((noinline)) void pass_3x3_s1(const pass_t *pass)
{
    tiles_t tiles = tiles_of(pass);
    for (int32_t channel = 0; channel < pass->count; ++channel) {
        const ak_word_t *upper = pass->words + 4 * channel, *lower = upper + 2 - 2 * pass->top;
        int8_t *out = pass->out + channel;
        tiles.channel = pass->channels[channel];
        tiles.end = out + pass->whole;
        if (pass->whole > 0) {
            if (tiles.table)
                RUN_3X3(LOOK_UP_ALWAYS);
            else
                RUN_3X3("");
            upper -= 16; /* back to the column that the last tile shares with the next */
            lower -= 16;
        }
        if (pass->odd) {
            const uint32_t r1 = upper[1], r2 = lower[0];
            out[tiles.below] = last_3x3(&tiles, r1, r2, lower[1], pass->padding);
            out[0] = last_3x3(&tiles, upper[0], r1, r2, pass->padding);
        }
    }
}

/* One output at a time, in r11; r8 to r10 and r7 keep taps. */
#define RUN_3X3_S2(look_up)                                                                                            \
    __asm volatile("ldrd r8, r9, %[first]\n ldrd r3, r7, %[second]\n pkhtb r7, r7, r3, asr #16\n ldr r10, %[last]\n"   \
                   "ldrd r4, r5, [%[upper]], #64\n ldr r6, [%[lower]], #64\n"                                          \
                   "1: ldrd lr, r11, %[third]\n smlad r11, r6, lr, r11\n"                                              \
                   "smlad r11, r4, r8, r11\n smlad r11, r5, r9, r11\n"                                                 \
                   "ldrd r4, r5, [%[upper]], #64\n ldr r6, [%[lower]], #64\n"                                          \
                   "smlabb r11, r4, r7, r11\n smlabt r11, r5, r7, r11\n smlabt r11, r6, r10, r11\n"                    \
                   "ldrd r3, r12, %[factor]\n smmlar r11, r11, r3, r12\n ssat r11, #8, r11\n" look_up                  \
                   "ldrd r3, r12, %[step]\n strb r11, [%[out]]\n add %[out], r3\n cmp %[out], r12\n bne 1b\n"          \
                   : [upper] "+r"(upper), [lower] "+r"(lower), [out] "+r"(out)                                         \
                   : TILE_OPERANDS, [first] "m"(tiles.channel.first[0]), [second] "m"(tiles.channel.second[0]),        \
                     [last] "m"(tiles.channel.second[2])                                                               \
                   : TILE_CLOBBERS)

/* One output row; `upper` holds input rows 0 and 1, `lower` row 2. */
static __attribute__((noinline)) void pass_3x3_s2(const pass_t *pass)
{
    tiles_t tiles = tiles_of(pass);
    for (int32_t channel = 0; channel < pass->count; ++channel) {
        const ak_word_t *upper = pass->words + 4 * channel, *lower = upper + 2 - 2 * pass->top;
        int8_t *out = pass->out + channel;
        tiles.channel = pass->channels[channel];
        tiles.end = out + pass->whole;
        if (pass->whole > 0) {
            if (tiles.table)
                RUN_3X3_S2("ldr r3, %[table]\n ldrsb r11, [r3, r11]\n");
            else
                RUN_3X3_S2("");
            upper -= 16;
            lower -= 16;
        }
        if (pass->odd) out[0] = last_3x3(&tiles, upper[0], upper[1], lower[0], pass->padding);
    }
}

#define NEXT_ROW(r) "ldr r4, %[advance" #r "]\n add %[row], r4\n"

/* 5x5: pixels in r4 to r6, taps 0 1, 2 3, 1 2, 3 4 in r3, r7, r12, lr. */
#define TAPS_ROW_5 "ldm %[taps]!, {r3, r7, r12, lr}\n"
#define REST_5(left, right)                                                                                            \
    "smlad " left ", r5, r7, " left "\n smlad " right ", r5, r12, " right "\n" LAST(left, right, "r6", "lr")
#define ADD_5(outputs) EXPAND(BOTH, outputs, "r4", "r3") EXPAND(REST_5, outputs)
#define START_5(outputs) EXPAND(BOTH_FROM, "r11", outputs, "r4", "r3") EXPAND(REST_5, outputs)
#define ROW_5 "ldm %[row], {r4, r5, r6}\n"
#define MIDDLE_5(r) ROW_5 ADD_5(LOWER) TAPS_ROW_5 ADD_5(UPPER) NEXT_ROW(r)
#define TILES_5X5                                                                                                      \
    "1:\n" ROW_5 TAPS_ROW_5 "ldr r11, %[bias]\n" START_5(UPPER) NEXT_ROW(0)                                            \
    ROW_5 START_5(LOWER) TAPS_ROW_5 ADD_5(UPPER) NEXT_ROW(1) MIDDLE_5(2) MIDDLE_5(3) MIDDLE_5(4)                       \
    ROW_5 ADD_5(LOWER) NEXT_ROW(5) "sub %[taps], #80\n"
#define RUN_5X5                                                                                                        \
    __asm volatile(TILES_5X5 FINISH_TILE(LOOK_UP_PERHAPS)                                                              \
                   : [row] "+r"(row), [out] "+r"(out), [taps] "+r"(taps)                                               \
                   : TILE_OPERANDS, [advance0] "m"(tiles.advance[0]), [advance1] "m"(tiles.advance[1]),                \
                     [advance2] "m"(tiles.advance[2]), [advance3] "m"(tiles.advance[3]),                               \
                     [advance4] "m"(tiles.advance[4]), [advance5] "m"(tiles.advance[5])                                \
                   : TILE_CLOBBERS)

/* 7x7: pixels in r4 to r7, taps in halves: 0 1, 2 3, 4 5, then 1 2, 3 4, 5 6. */
#define TAPS_HALF_7 "ldm %[taps]!, {r3, r12, lr}\n"
#define ADD_7(outputs) EXPAND(ADD_7_TO, outputs)
#define ADD_7_TO(left, right)                                                                                          \
    TAPS_HALF_7 BOTH(left, right, "r4", "r3")                                                                          \
    "smlad " left ", r5, r12, " left "\n smlad " left ", r6, lr, " left "\n" TAPS_HALF_7                               \
    "smlad " right ", r5, r3, " right "\n smlad " right ", r6, r12, " right "\n" LAST(left, right, "r7", "lr")
#define ROW_7 "ldm %[row], {r4, r5, r6, r7}\n"
#define MIDDLE_7(r) ROW_7 "sub %[taps], #24\n" ADD_7(LOWER) ADD_7(UPPER) NEXT_ROW(r)
#define TILES_7X7                                                                                                      \
    "1: ldr r8, %[bias]\n mov r9, r8\n mov r10, r8\n mov r11, r8\n" ROW_7 ADD_7(UPPER) NEXT_ROW(0)                     \
    MIDDLE_7(1) MIDDLE_7(2) MIDDLE_7(3) MIDDLE_7(4) MIDDLE_7(5) MIDDLE_7(6)                                            \
    ROW_7 "sub %[taps], #24\n" ADD_7(LOWER) NEXT_ROW(7) "sub %[taps], #168\n"
#define RUN_7X7                                                                                                        \
    __asm volatile(TILES_7X7 FINISH_TILE(LOOK_UP_PERHAPS)                                                              \
                   : [row] "+r"(row), [out] "+r"(out), [taps] "+r"(taps)                                               \
                   : TILE_OPERANDS, [advance0] "m"(tiles.advance[0]), [advance1] "m"(tiles.advance[1]),                \
                     [advance2] "m"(tiles.advance[2]), [advance3] "m"(tiles.advance[3]),                               \
                     [advance4] "m"(tiles.advance[4]), [advance5] "m"(tiles.advance[5]),                               \
                     [advance6] "m"(tiles.advance[6]), [advance7] "m"(tiles.advance[7])                                \
                   : TILE_CLOBBERS)

static void set_advance(const pass_t *pass, int32_t rows, int32_t *advance)
{
    for (int32_t r = 0; r < rows; ++r) advance[r] = 4 * pass->row;
    advance[rows - 1 - pass->top] -= 4 * rows * pass->row;
    advance[rows - 1] += 4;
}

/* Two output rows. */
static __attribute__((noinline)) void pass_5x5_s1(const pass_t *pass)
{
    tiles_t tiles = tiles_of(pass);
    set_advance(pass, 6, tiles.advance);
    for (int32_t channel = 0; channel < pass->count; ++channel) {
        const ak_word_t *row = pass->words + channel * pass->plane;
        const uint32_t *taps = pass->taps + channel * TAPS_5;
        int32_t odd = pass->odd;
        int8_t *out = pass->out + channel;
        tiles.channel = pass->channels[channel];
        tiles.end = out + pass->whole;
        tiles.step = pass->step;
        for (;; odd = 0, tiles.step = 0, tiles.end = out) { /* a last column: a tile whose right half is overwritten */
            if (out != tiles.end || tiles.step == 0) RUN_5X5;
            if (!odd) break;
        }
    }
}

static __attribute__((noinline)) void pass_7x7_s1(const pass_t *pass)
{
    tiles_t tiles = tiles_of(pass);
    set_advance(pass, 8, tiles.advance);
    for (int32_t channel = 0; channel < pass->count; ++channel) {
        const ak_word_t *row = pass->words + channel * pass->plane;
        const uint32_t *taps = pass->taps;
        int32_t odd = pass->odd;
        int8_t *out = pass->out + channel;
        expand_taps(pass->packed + channel * 49, 7, pass->shift, pass->taps);
        tiles.channel = pass->channels[channel];
        tiles.end = out + pass->whole;
        tiles.step = pass->step;
        for (;; odd = 0, tiles.step = 0, tiles.end = out) {
            if (out != tiles.end || tiles.step == 0) RUN_7X7;
            if (!odd) break;
        }
    }
}

/* Two outputs, in r10 and r11, from four words of a row in r4 to r7. */
#define ROW_5_S2                                                                                                       \
    "ldm %[row], {r4, r5, r6, r7}\n ldm %[taps]!, {r3, r8, r12, lr}\n"                                                 \
    "smlad r10, r4, r3, r10\n smlad r10, r5, r8, r10\n smlabt r10, r6, lr, r10\n"                                      \
    "smlad r11, r5, r3, r11\n smlad r11, r6, r8, r11\n smlabt r11, r7, lr, r11\n"
#define RUN_5X5_S2                                                                                                     \
    __asm volatile("1: ldr r10, %[bias]\n mov r11, r10\n" ROW_5_S2 NEXT_ROW(0) ROW_5_S2 NEXT_ROW(1)                    \
                   ROW_5_S2 NEXT_ROW(2) ROW_5_S2 NEXT_ROW(3) ROW_5_S2 NEXT_ROW(4) NEXT_ROW(5)                          \
                   "add %[row], #4\n sub %[taps], #80\n ldrd r3, r12, %[factor]\n"                                     \
                   "smmlar r10, r10, r3, r12\n smmlar r11, r11, r3, r12\n ssat r10, #8, r10\n ssat r11, #8, r11\n"     \
                   "ldr lr, %[table]\n cmp lr, #0\n beq 2f\n ldrsb r10, [lr, r10]\n ldrsb r11, [lr, r11]\n"            \
                   "2: ldrd r3, r12, %[step]\n strb r11, [%[out], r3]\n strb r10, [%[out]]\n"                          \
                   "add %[out], %[out], r3, lsl #1\n cmp %[out], r12\n bne 1b\n"                                       \
                   : [row] "+r"(row), [out] "+r"(out), [taps] "+r"(taps)                                               \
                   : TILE_OPERANDS, [advance0] "m"(tiles.advance[0]), [advance1] "m"(tiles.advance[1]),                \
                     [advance2] "m"(tiles.advance[2]), [advance3] "m"(tiles.advance[3]),                               \
                     [advance4] "m"(tiles.advance[4]), [advance5] "m"(tiles.advance[5])                                \
                   : TILE_CLOBBERS)

/* One output row. */
static __attribute__((noinline)) void pass_5x5_s2(const pass_t *pass)
{
    tiles_t tiles = tiles_of(pass);
    set_advance(pass, 6, tiles.advance);
    for (int32_t channel = 0; channel < pass->count; ++channel) {
        const ak_word_t *row = pass->words + channel * pass->plane;
        const uint32_t *taps = pass->taps + channel * TAPS_5;
        int32_t odd = pass->odd;
        int8_t *out = pass->out + channel;
        tiles.channel = pass->channels[channel];
        tiles.end = out + pass->whole;
        tiles.step = pass->step;
        for (;; odd = 0, tiles.step = 0, tiles.end = out) {
            if (out != tiles.end || tiles.step == 0) RUN_5X5_S2;
            if (!odd) break;
        }
    }
}

static __attribute__((noinline)) void pass_7x7_s2(const pass_t *pass)
{
    tiles_t t = tiles_of(pass);
    set_advance(pass, 8, t.advance);
    for (int32_t channel = 0; channel < pass->count; ++channel) {
        const ak_word_t *row = pass->words + channel * pass->plane;
        expand_taps(pass->packed + channel * 49, 7, pass->shift, pass->taps);
        t.channel = pass->channels[channel];
        int8_t *out = pass->out + channel;
        for (int32_t left = pass->whole + pass->odd * t.step; left > 0; left -= t.step, out += t.step) {
            const uint32_t *tap = pass->taps;
            int32_t acc = t.channel.bias;
            for (int32_t r = 0; r < 7; ++r, tap += 6) {
                acc = smlad(row[0], tap[0], acc);
                acc = smlad(row[1], tap[1], acc);
                acc = smlad(row[2], tap[2], acc);
                acc = smlabt(row[3], tap[5], acc);
                row = (const ak_word_t *)((const int8_t *)row + t.advance[r]);
            }
            row = (const ak_word_t *)((const int8_t *)row + t.advance[7]);
            *out = finished(&t, acc);
        }
    }
}

/* Plain calls, so that tools can follow how deep the stack gets. */
static void run_pass(const pass_t *pass, int32_t kernel, int32_t stride)
{
    if (stride == 1) {
        if (kernel == 3)
            pass_3x3_s1(pass);
        else if (kernel == 5)
            pass_5x5_s1(pass);
        else
            pass_7x7_s1(pass);
    } else {
        if (kernel == 3)
            pass_3x3_s2(pass);
        else if (kernel == 5)
            pass_5x5_s2(pass);
        else
            pass_7x7_s2(pass);
    }
}

static int has_fast_path(const ak_depthwise_t *p)
{
    return p->kernel >= 3 && p->stride <= 2 && p->out.shift <= 8; /* taps << 8 still fit 16 bits */
}

/* A group of up to 4 channels. Every pass takes two more input rows; row r of the input lies in slot
 * (r + pad) % (k + 1) of the ring. */
static void depthwise_group(const ak_depthwise_t *p, const ring_t *ring, const int8_t *in, int8_t *out, int32_t first)
{
    const int32_t kernel = p->kernel, stride = p->stride, rows = kernel + 1, step = p->channels, w = p->in_w;
    const int32_t height = 3 - stride; /* output rows of a pass */
    const int32_t out_w = stride == 1 ? w : (w + 1) / 2, out_h = stride == 1 ? p->in_h : (p->in_h + 1) / 2;
    uint32_t taps[4 * TAPS_5];
    pass_t pass;
    pass.plane = ring->channel;
    pass.row = ring->row;
    pass.count = step - first < 4 ? step - first : 4;
    pass.out = out + first;
    pass.odd = kernel == 3 ? w & 1 : out_w & 1;
    pass.whole = (out_w - pass.odd) * step;
    pass.zero_point = p->out.zero_point;
    pass.step = step;
    pass.table = p->out.table ? p->out.table + 128 : NULL;
    pass.padding = ak_sxtb16(ring->padding);
    pass.taps = taps;
    pass.packed = p->weights + (ptrdiff_t)first * kernel * kernel;
    pass.shift = p->out.shift;
    for (int32_t c = 0; c < pass.count; ++c) {
        load_channel(p, first + c, pass.channels + c);
        if (kernel == 5) expand_taps(pass.packed + c * 25, 5, pass.shift, taps + c * TAPS_5);
    }
    in += first;
    const int32_t in_row = w * step;
    int32_t row = -(kernel / 2), slot = 0, missing = kernel + height - 1; /* next input row and its slot */
    pass.top = 0;
    for (int32_t y = 0; y < out_h; y += height, pass.out += height * out_w * step, missing = 2) {
        for (; missing > 0; --missing, ++row) {
            const int8_t *const from = row >= 0 && row < p->in_h ? in + row * in_row : NULL;
            ak_word_t *const to = ring->words + slot * ring->row;
            if (pass.count < 4)
                put_few(ring, from, to, pass.count);
            else if (kernel == 3)
                put_row_3(ring, from, to);
            else
                put_row_other(ring, from, to);
            slot = slot + 1 == rows ? 0 : slot + 1;
        }
        pass.below = y + 1 < out_h ? out_w * step : 0;
        pass.words = ring->words + pass.top * ring->row;
        run_pass(&pass, kernel, stride);
        pass.top = pass.top + 2 == rows ? 0 : pass.top + 2;
    }
}

static void depthwise_fast(const ak_depthwise_t *p, const int8_t *in, int8_t *out, void *scratch, size_t bytes)
{
    const ring_t ring = ring_of(p, scratch, bytes);
    for (int32_t first = 0; first < p->channels; first += 4) depthwise_group(p, &ring, in, out, first);
}

#endif
