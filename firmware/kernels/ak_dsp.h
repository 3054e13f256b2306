/* The few instructions of the DSP extension (Cortex-M4, M7) that the kernels are made of. Internal.
 * AK_DSP is defined where they exist; everything else takes the portable path. -DAK_PORTABLE switches them off.
 *
 * SPDX-License-Identifier: MIT */
#ifndef AK_DSP_H
#define AK_DSP_H

#include <stdint.h>

#define AK_INLINE static inline __attribute__((always_inline))

#if defined(__ARM_FEATURE_DSP) && !defined(AK_PORTABLE)
#define AK_DSP 1

/* Words that other types point to as well. Unaligned loads and stores are fine as long as they are single (LDR, STR). */
typedef uint32_t __attribute__((may_alias)) ak_word_t;
typedef uint32_t __attribute__((may_alias, aligned(1))) ak_unaligned_word_t;

/** Bytes 0 and 2 as two int16. */
AK_INLINE uint32_t ak_sxtb16(uint32_t bytes)
{
    uint32_t halves;
    __asm("sxtb16 %0, %1" : "=r"(halves) : "r"(bytes));
    return halves;
}

/** Bytes 1 and 3 as two int16. */
AK_INLINE uint32_t ak_sxtb16_odd(uint32_t bytes)
{
    uint32_t halves;
    __asm("sxtb16 %0, %1, ror #8" : "=r"(halves) : "r"(bytes));
    return halves;
}

/** Writes two words and goes on behind them; aligned. */
AK_INLINE ak_word_t *ak_store_2(ak_word_t *to, uint32_t first, uint32_t second)
{
    __asm volatile("strd %1, %2, [%0], #8" : "+r"(to) : "r"(first), "r"(second) : "memory");
    return to;
}

/** zero_point + acc * multiplier / 2^32, rounded half up. */
AK_INLINE int32_t ak_smmlar(int32_t acc, int32_t multiplier, int32_t zero_point)
{
    int32_t result;
    __asm("smmlar %0, %1, %2, %3" : "=r"(result) : "r"(acc), "r"(multiplier), "r"(zero_point));
    return result;
}

AK_INLINE int32_t ak_ssat8(int32_t v)
{
    int32_t result;
    __asm("ssat %0, #8, %1" : "=r"(result) : "r"(v));
    return result;
}

#endif
#endif
