/* SPDX-License-Identifier: MIT */
#include "ak_mean.h"

#include "ak_requant.h"

#ifdef AK_DSP
/* Lanes of 16 bits plus bytes 0 and 2. */
AK_INLINE uint32_t add_even(uint32_t sums, uint32_t bytes)
{
    uint32_t result;
    __asm("sxtab16 %0, %1, %2" : "=r"(result) : "r"(sums), "r"(bytes));
    return result;
}

/* Lanes of 16 bits plus bytes 1 and 3. */
AK_INLINE uint32_t add_odd(uint32_t sums, uint32_t bytes)
{
    uint32_t result;
    __asm("sxtab16 %0, %1, %2, ror #8" : "=r"(result) : "r"(sums), "r"(bytes));
    return result;
}

/* Four channels over all pixels, in lanes of 16 bits that are emptied before they overflow. */
static void mean_four(const ak_mean_t *p, const int8_t *in, int8_t *out)
{
    enum { AT_ONCE = 4, SAFE = 256 }; /* 256 * -128 still fits a lane */
    const int32_t step = p->channels;
    int32_t sums[4] = {p->bias, p->bias, p->bias, p->bias};
    for (int32_t left = p->pixels; left > 0;) {
        const int32_t now = left < SAFE ? left : SAFE;
        uint32_t even = 0, odd = 0;
        int32_t i = now;
        for (; i >= AT_ONCE; i -= AT_ONCE) {
            for (int32_t j = 0; j < AT_ONCE; ++j, in += step) {
                const uint32_t four = *(const ak_unaligned_word_t *)in;
                even = add_even(even, four);
                odd = add_odd(odd, four);
            }
        }
        for (; i > 0; --i, in += step) {
            const uint32_t four = *(const ak_unaligned_word_t *)in;
            even = add_even(even, four);
            odd = add_odd(odd, four);
        }
        sums[0] += (int16_t)even;
        sums[1] += (int16_t)odd;
        sums[2] += (int32_t)even >> 16;
        sums[3] += (int32_t)odd >> 16;
        left -= now;
    }
    for (int32_t c = 0; c < 4; ++c)
        out[c] = (int8_t)ak_requantize(sums[c], p->multiplier, p->shift, p->zero_point);
}
#endif

ak_status_t ak_mean_s8(const ak_mean_t *p, const int8_t *in, int8_t *out)
{
    if (!p || !in || !out) return AK_ERROR_NULL;
    if (p->pixels < 1 || p->pixels > 1 << 22 || p->channels < 1 || p->shift > 24) return AK_ERROR_SHAPE;
    int32_t c = 0;
#ifdef AK_DSP
    for (; c + 4 <= p->channels; c += 4) mean_four(p, in + c, out + c);
#endif
    for (; c < p->channels; ++c) {
        int32_t sum = p->bias;
        for (int32_t i = 0; i < p->pixels; ++i) sum += in[(ptrdiff_t)i * p->channels + c];
        out[c] = (int8_t)ak_requantize(sum, p->multiplier, p->shift, p->zero_point);
    }
    return AK_OK;
}
