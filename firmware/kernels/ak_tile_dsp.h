/* Inner loops of ak_tile.c for cores with the DSP extension. Internal; ak_tile.c holds the portable twins.
 *
 * Each loop is unrolled 4 groups deep and entered in its middle, through TBH, when the number of groups is no multiple
 * of 4. Inline assembly, because the 4x2 loop needs all 14 registers and compilers spill.
 *
 * SPDX-License-Identifier: MIT */
#ifndef AK_TILE_DSP_H
#define AK_TILE_DSP_H

#include "ak_dsp.h"

/* Loop to enter: by groups % 4, hi/lo behind plain. */
AK_INLINE uint32_t loop_entry(int32_t groups, int hilo) { return ((uint32_t)groups & 3u) + (hilo ? 4u : 0u); }

#define JUMP_INTO_LOOP(entry)                                                                                          \
    "tbh [pc, " entry ", lsl #1]\n"                                                                                    \
    "9: .short (10f - 9b) / 2, (13f - 9b) / 2, (12f - 9b) / 2, (11f - 9b) / 2\n"                                       \
    ".short (20f - 9b) / 2, (23f - 9b) / 2, (22f - 9b) / 2, (21f - 9b) / 2\n"
#define UNROLLED(label, group)                                                                                         \
    label "0:\n" group label "1:\n" group label "2:\n" group label "3:\n" group

/* 4 pixels, half a group: 16 products. x and y hold two weights each of channel 0 and 1; in hi/lo y is the raw word. */
#define PRODUCTS_4X2                                                                                                   \
    "smlad %[c00], %[t], %[x], %[c00]\n smlad %[c10], %[t], %[y], %[c10]\n"                                            \
    "smlad %[c01], %[u], %[x], %[c01]\n smlad %[c11], %[u], %[y], %[c11]\n"                                            \
    "ldrd %[t], %[u], [%[a]], #8\n"                                                                                    \
    "smlad %[c02], %[t], %[x], %[c02]\n smlad %[c12], %[t], %[y], %[c12]\n"                                            \
    "smlad %[c03], %[u], %[x], %[c03]\n smlad %[c13], %[u], %[y], %[c13]\n"
#define LOAD_4X2 "ldr %[y], [%[w]], #4\n ldrd %[t], %[u], [%[a]], #8\n sxtb16 %[x], %[y]\n"
#define HALF_PLAIN_4X2 LOAD_4X2 "sxtb16 %[y], %[y], ror #8\n" PRODUCTS_4X2
#define HALF_HILO_4X2 LOAD_4X2 PRODUCTS_4X2

/** Adds the products of 4 pixels with 2 channels to acc[channel][pixel]; returns the weights behind them. */
AK_INLINE const int8_t *dot_4x2(const int16_t *a, const int8_t *w, int32_t groups, int hilo, int32_t acc[2][4])
{
    const int16_t *const end = a + (ptrdiff_t)groups * 16;
    uint32_t t, u, x, y = loop_entry(groups, hilo);
    __asm volatile(JUMP_INTO_LOOP("%[y]")
                   UNROLLED("1", HALF_PLAIN_4X2 HALF_PLAIN_4X2)
                   "ldr %[t], %[end]\n cmp %[a], %[t]\n bne 10b\n b 30f\n"
                   UNROLLED("2", HALF_HILO_4X2 HALF_HILO_4X2)
                   "ldr %[t], %[end]\n cmp %[a], %[t]\n bne 20b\n"
                   "sub %[c10], %[c10], %[c00]\n sub %[c11], %[c11], %[c01]\n"
                   "sub %[c12], %[c12], %[c02]\n sub %[c13], %[c13], %[c03]\n"
                   "asr %[c10], %[c10], #8\n asr %[c11], %[c11], #8\n"
                   "asr %[c12], %[c12], #8\n asr %[c13], %[c13], #8\n"
                   "30:\n"
                   : [a] "+r"(a), [w] "+r"(w), [c00] "+r"(acc[0][0]), [c01] "+r"(acc[0][1]), [c02] "+r"(acc[0][2]),
                     [c03] "+r"(acc[0][3]), [c10] "+r"(acc[1][0]), [c11] "+r"(acc[1][1]), [c12] "+r"(acc[1][2]),
                     [c13] "+r"(acc[1][3]), [t] "=&r"(t), [u] "=&r"(u), [x] "=&r"(x), [y] "+&r"(y)
                   : [end] "m"(end)
                   : "memory", "cc");
    return w;
}

/* 1 pixel, one group, 2 channels: x and y hold its inputs, u and v the weights. */
#define PLAIN_1X2(w, c0, c1)                                                                                           \
    "ldrd %[u], %[v], [%[" w "]], #8\n"                                                                                \
    "sxtb16 %[s], %[u]\n sxtb16 %[u], %[u], ror #8\n"                                                                  \
    "smlad %[" c0 "], %[x], %[s], %[" c0 "]\n smlad %[" c1 "], %[x], %[u], %[" c1 "]\n"                                \
    "sxtb16 %[s], %[v]\n sxtb16 %[v], %[v], ror #8\n"                                                                  \
    "smlad %[" c0 "], %[y], %[s], %[" c0 "]\n smlad %[" c1 "], %[y], %[v], %[" c1 "]\n"
#define HILO_1X2(w, c0, c1)                                                                                            \
    "ldrd %[u], %[v], [%[" w "]], #8\n sxtb16 %[s], %[u]\n"                                                            \
    "smlad %[" c0 "], %[x], %[s], %[" c0 "]\n smlad %[" c1 "], %[x], %[u], %[" c1 "]\n sxtb16 %[s], %[v]\n"            \
    "smlad %[" c0 "], %[y], %[s], %[" c0 "]\n smlad %[" c1 "], %[y], %[v], %[" c1 "]\n"
#define LOAD_1 "ldrd %[x], %[y], [%[a]], #8\n"

/** Adds the products of 1 pixel with 2 channels at w0 and 2 at w1 to acc; returns the weights behind w1's. */
AK_INLINE const int8_t *dot_1x4(const int16_t *a, const int8_t *w0, const int8_t *w1, int32_t groups, int hilo,
                                int32_t acc[4])
{
    const int16_t *const end = a + (ptrdiff_t)groups * 4;
    uint32_t x, y, u, v, s = loop_entry(groups, hilo);
    __asm volatile(JUMP_INTO_LOOP("%[s]")
                   UNROLLED("1", LOAD_1 PLAIN_1X2("w0", "c0", "c1") PLAIN_1X2("w1", "c2", "c3"))
                   "cmp %[a], %[end]\n bne 10b\n b 30f\n"
                   UNROLLED("2", LOAD_1 HILO_1X2("w0", "c0", "c1") HILO_1X2("w1", "c2", "c3"))
                   "cmp %[a], %[end]\n bne 20b\n"
                   "sub %[c1], %[c1], %[c0]\n sub %[c3], %[c3], %[c2]\n"
                   "asr %[c1], %[c1], #8\n asr %[c3], %[c3], #8\n"
                   "30:\n"
                   : [a] "+&r"(a), [w0] "+&r"(w0), [w1] "+&r"(w1), [c0] "+&r"(acc[0]), [c1] "+&r"(acc[1]),
                     [c2] "+&r"(acc[2]), [c3] "+&r"(acc[3]), [x] "=&r"(x), [y] "=&r"(y), [u] "=&r"(u), [v] "=&r"(v),
                     [s] "+&r"(s)
                   : [end] "r"(end)
                   : "memory", "cc");
    return w1;
}

#endif
