/* SPDX-License-Identifier: MIT */
#include "ak_add.h"

#include "ak_requant.h"

int32_t ak_add_s8_max_offset(const ak_add_t *p)
{
    (void)p;
    return 0;
}

#ifdef AK_DSP
/* sum + multiplier * v, where `multiplier` comes times 256 and v times 256 in the low or high half of `pair`: of the
 * product SMLAW drops 16 bits, all of them zero. */
AK_INLINE int32_t add_low(int32_t multiplier, uint32_t pair, int32_t sum)
{
    int32_t result;
    __asm("smlawb %0, %1, %2, %3" : "=r"(result) : "r"(multiplier), "r"(pair), "r"(sum));
    return result;
}

AK_INLINE int32_t add_high(int32_t multiplier, uint32_t pair, int32_t sum)
{
    int32_t result;
    __asm("smlawt %0, %1, %2, %3" : "=r"(result) : "r"(multiplier), "r"(pair), "r"(sum));
    return result;
}

/* GCC would gather the bytes of a word first, which takes longer. */
AK_INLINE void store_byte(int8_t *to, int32_t v) { __asm volatile("strb %1, %0" : "=m"(*to) : "r"(v)); }

/* Four elements at a time; returns how many are done. Multipliers of at most 2^22. */
static int32_t add_fours(const ak_add_t *p, const int8_t *a, const int8_t *b, int8_t *out)
{
    const int32_t fours = p->count & ~3, shift = p->shift, bias = p->bias;
    const int32_t multiplier_a = p->multiplier_a * 256, multiplier_b = p->multiplier_b * 256;
    uint32_t odd = 0xFF00FF00u;
    __asm("" : "+r"(odd)); /* in a register, where AND takes a shifted operand */
    for (const int8_t *const end = a + fours; a != end; a += 4, b += 4, out += 4) {
        const uint32_t four_a = *(const ak_unaligned_word_t *)a, four_b = *(const ak_unaligned_word_t *)b;
        const uint32_t a02 = four_a << 8 & odd, a13 = four_a & odd, b02 = four_b << 8 & odd, b13 = four_b & odd;
        store_byte(out + 0, ak_ssat8(add_low(multiplier_b, b02, add_low(multiplier_a, a02, bias)) >> shift));
        store_byte(out + 1, ak_ssat8(add_low(multiplier_b, b13, add_low(multiplier_a, a13, bias)) >> shift));
        store_byte(out + 2, ak_ssat8(add_high(multiplier_b, b02, add_high(multiplier_a, a02, bias)) >> shift));
        store_byte(out + 3, ak_ssat8(add_high(multiplier_b, b13, add_high(multiplier_a, a13, bias)) >> shift));
    }
    return fours;
}
#endif

ak_status_t ak_add_s8(const ak_add_t *p, const int8_t *a, const int8_t *b, int8_t *out)
{
    if (!p || !a || !b || !out) return AK_ERROR_NULL;
    if (p->count < 1 || p->shift > 31) return AK_ERROR_SHAPE;
    int32_t i = 0;
#ifdef AK_DSP
    const int32_t limit = 1 << 22;
    if (p->multiplier_a <= limit && p->multiplier_a >= -limit && p->multiplier_b <= limit && p->multiplier_b >= -limit)
        i = add_fours(p, a, b, out);
#endif
    for (; i < p->count; ++i) {
        const int32_t sum = p->bias + a[i] * p->multiplier_a + b[i] * p->multiplier_b;
        out[i] = (int8_t)ak_clamp_s8(sum >> p->shift);
    }
    return AK_OK;
}
