/* SPDX-License-Identifier: MIT */
#include "ak_mean.h"

#include "ak_requant.h"

#ifdef AK_DSP
/* Eight channels of `pixels` pixels as lanes of 16 bits: bytes 0 and 2, 1 and 3, 4 and 6, 5 and 7. */
typedef struct {
    uint32_t lanes02, lanes13, lanes46, lanes57;
} lanes_t;

#define ADD_PIXEL                                                                                                      \
    "ldrd %[low], %[high], [%[in]]\n add %[in], %[in], %[step]\n"                                                      \
    "sxtab16 %[l02], %[l02], %[low]\n sxtab16 %[l13], %[l13], %[low], ror #8\n"                                        \
    "sxtab16 %[l46], %[l46], %[high]\n sxtab16 %[l57], %[l57], %[high], ror #8\n"

AK_INLINE const int8_t *sum_lanes(const int8_t *in, int32_t step, int32_t pixels, lanes_t *sums)
{
    uint32_t l02 = 0, l13 = 0, l46 = 0, l57 = 0, low, high;
    if (pixels & 1)
        __asm volatile(ADD_PIXEL
                       : [in] "+r"(in), [l02] "+r"(l02), [l13] "+r"(l13), [l46] "+r"(l46), [l57] "+r"(l57),
                         [low] "=&r"(low), [high] "=&r"(high)
                       : [step] "r"(step)
                       : "memory");
    for (pixels >>= 1; pixels > 0; --pixels)
        __asm volatile(ADD_PIXEL ADD_PIXEL
                       : [in] "+r"(in), [l02] "+r"(l02), [l13] "+r"(l13), [l46] "+r"(l46), [l57] "+r"(l57),
                         [low] "=&r"(low), [high] "=&r"(high)
                       : [step] "r"(step)
                       : "memory");
    *sums = (lanes_t){l02, l13, l46, l57};
    return in;
}

/* Eight channels over all pixels; the lanes are emptied before they overflow. `in` and `channels` divide by 4. */
static void mean_eight(const ak_mean_t *p, const int8_t *in, int8_t *out)
{
    enum { SAFE = 256 }; /* 256 * -128 still fits a lane */
    const int32_t multiplier = p->multiplier, zero_point = p->zero_point;
    const uint32_t shift = p->shift;
    int32_t sums[8];
    sums[0] = sums[1] = sums[2] = sums[3] = sums[4] = sums[5] = sums[6] = sums[7] = p->bias;
    int32_t left = p->pixels;
    do {
        lanes_t lanes;
        in = sum_lanes(in, p->channels, left < SAFE ? left : SAFE, &lanes);
        sums[0] += (int16_t)lanes.lanes02;
        sums[1] += (int16_t)lanes.lanes13;
        sums[2] += (int32_t)lanes.lanes02 >> 16;
        sums[3] += (int32_t)lanes.lanes13 >> 16;
        sums[4] += (int16_t)lanes.lanes46;
        sums[5] += (int16_t)lanes.lanes57;
        sums[6] += (int32_t)lanes.lanes46 >> 16;
        sums[7] += (int32_t)lanes.lanes57 >> 16;
        left -= SAFE;
    } while (left > 0);
    for (const int32_t *sum = sums; sum != sums + 8; sum += 4, out += 4) {
        out[0] = (int8_t)ak_requantize(sum[0], multiplier, shift, zero_point);
        out[1] = (int8_t)ak_requantize(sum[1], multiplier, shift, zero_point);
        out[2] = (int8_t)ak_requantize(sum[2], multiplier, shift, zero_point);
        out[3] = (int8_t)ak_requantize(sum[3], multiplier, shift, zero_point);
    }
}
#endif

ak_status_t ak_mean_s8(const ak_mean_t *p, const int8_t *in, int8_t *out)
{
    if (!p || !in || !out) return AK_ERROR_NULL;
    if (p->pixels < 1 || p->pixels > 1 << 22 || p->channels < 1 || p->shift > 24) return AK_ERROR_SHAPE;
    int32_t c = 0;
#ifdef AK_DSP
    if (((uintptr_t)in | (uintptr_t)p->channels) % 4 == 0)
        for (; c + 8 <= p->channels; c += 8) mean_eight(p, in + c, out + c);
#endif
    for (; c < p->channels; ++c) {
        int32_t sum = p->bias;
        for (int32_t i = 0; i < p->pixels; ++i) sum += in[(ptrdiff_t)i * p->channels + c];
        out[c] = (int8_t)ak_requantize(sum, p->multiplier, p->shift, p->zero_point);
    }
    return AK_OK;
}
