/* SPDX-License-Identifier: MIT */
#include "ak_mul.h"

#include "ak_requant.h"

int32_t ak_mul_s8_max_offset(const ak_mul_t *p)
{
    (void)p;
    return 0;
}

#ifdef AK_DSP
/* base + byte `n` of four, sign extended */
#define ADD_BYTE(result, base, four, n)                                                                                \
    __asm("sxtab %0, %1, %2, ror #" #n : "=r"(result) : "r"(base), "r"(four))

#define ONE(n, ror)                                                                                                    \
    {                                                                                                                  \
        int32_t v, factor;                                                                                             \
        ADD_BYTE(v, minus_in, four, ror);                                                                              \
        ADD_BYTE(factor, minus_gate, four_gates, ror);                                                                 \
        store_byte(out + c + n, ak_requantize(v * factor, multiplier, shift, zero_point));                             \
    }

/* GCC would gather the bytes of a word first, which takes longer. */
AK_INLINE void store_byte(int8_t *to, int32_t v) { __asm volatile("strb %1, %0" : "=m"(*to) : "r"(v)); }

/* A pixel's channels, four at a time; returns how many are done. */
AK_INLINE int32_t mul_fours(const ak_mul_t *p, const int8_t *in, const int8_t *gate, int8_t *out)
{
    const int32_t fours = p->channels & ~3, multiplier = p->multiplier, zero_point = p->zero_point;
    const int32_t minus_in = -p->in_zero_point, minus_gate = -p->gate_zero_point;
    const uint32_t shift = p->shift;
    for (int32_t c = 0; c < fours; c += 4) {
        const uint32_t four = *(const ak_unaligned_word_t *)(in + c);
        const uint32_t four_gates = *(const ak_unaligned_word_t *)(gate + c);
        ONE(0, 0)
        ONE(1, 8)
        ONE(2, 16)
        ONE(3, 24)
    }
    return fours;
}
#endif

ak_status_t ak_mul_s8(const ak_mul_t *p, const int8_t *in, const int8_t *gate, int8_t *out)
{
    if (!p || !in || !gate || !out) return AK_ERROR_NULL;
    if (p->pixels < 1 || p->channels < 1 || p->shift > 24) return AK_ERROR_SHAPE;
    for (int32_t i = 0; i < p->pixels; ++i, in += p->channels, out += p->channels) {
        int32_t c = 0;
#ifdef AK_DSP
        c = mul_fours(p, in, gate, out);
#endif
        for (; c < p->channels; ++c) {
            const int32_t acc = (in[c] - p->in_zero_point) * (gate[c] - p->gate_zero_point);
            out[c] = (int8_t)ak_requantize(acc, p->multiplier, p->shift, p->zero_point);
        }
    }
    return AK_OK;
}
