/* SPDX-License-Identifier: MIT */
#include "ak_softmax.h"

#include "ak_requant.h"

/* numerator / sum, which is at most 256: nine steps, alike for all numbers, instead of a division of 64 bits. */
static int32_t share(uint64_t numerator, uint64_t sum)
{
    int32_t quotient = 0;
    for (int32_t bit = 8; bit >= 0; --bit) {
        const uint64_t part = sum << bit, taken = 0 - (uint64_t)(numerator >= part);
        numerator -= part & taken;
        quotient |= (int32_t)(taken & 1) << bit;
    }
    return quotient;
}

ak_status_t ak_softmax_s8(const ak_softmax_t *p, const int8_t *in, int8_t *out)
{
    if (!p || !p->exponents || !in || !out) return AK_ERROR_NULL;
    if (p->count < 1 || p->count > AK_SOFTMAX_MAX) return AK_ERROR_SHAPE;
    int32_t largest = in[0];
    for (int32_t i = 1; i < p->count; ++i)
        if (in[i] > largest) largest = in[i];
    uint64_t sum = 0; /* at most 2^16 values of at most 2^20 */
    for (int32_t i = 0; i < p->count; ++i) sum += p->exponents[largest - in[i]];
    for (int32_t i = 0; i < p->count; ++i) {
        const uint64_t scaled = (uint64_t)p->exponents[largest - in[i]] * 256;
        out[i] = (int8_t)ak_clamp_s8(share(scaled + sum / 2, sum) - 128);
    }
    return AK_OK;
}
