/* Requantisation: the scalar definition that every path of every kernel equals byte for byte.
 *
 * Single rounding, half up: value = (acc << shift) * multiplier / 2^32. It is what SMMULR/SMMLAR compute. XNNPACK and
 * ONNX Runtime round half to even in fp32 and so differ near ties only.
 *
 * SPDX-License-Identifier: MIT */
#ifndef AK_REQUANT_H
#define AK_REQUANT_H

#include "ak_dsp.h"
#include "ak_types.h"

static inline int32_t ak_clamp_s8(int32_t v) { return v < -128 ? -128 : v > 127 ? 127 : v; }

/** acc << shift must fit 32 bits (the packer's promise). Returns an int8 value. */
static inline int32_t ak_requantize(int32_t acc, int32_t multiplier, uint32_t shift, int32_t zero_point)
{
    const int32_t shifted = (int32_t)((uint32_t)acc << shift);
#ifdef AK_DSP
    return ak_ssat8(ak_smmlar(shifted, multiplier, zero_point));
#else
    const int64_t product = (int64_t)shifted * multiplier + ((int64_t)1 << 31);
    return ak_clamp_s8((int32_t)(product >> 32) + zero_point);
#endif
}

/** One output of a layer, from the sum of its products with the bias in it: requantised, clamped and looked up. */
static inline int8_t ak_output_of_sum(const ak_output_t *out, int32_t channel, int32_t sum)
{
    const int32_t v = ak_requantize(sum, out->multiplier[channel], out->shift, out->zero_point);
    return out->table ? out->table[v + 128] : (int8_t)v;
}

/** The same from the sum alone. */
static inline int8_t ak_output(const ak_output_t *out, int32_t channel, int32_t acc)
{
    return ak_output_of_sum(out, channel, acc + out->bias[channel]);
}

#endif
