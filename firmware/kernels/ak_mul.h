/* SPDX-License-Identifier: MIT */
#ifndef AK_MUL_H
#define AK_MUL_H

#include "ak_types.h"

#ifdef __cplusplus
extern "C" {
#endif

/** A tensor times one factor per channel (squeeze-and-excite):
 *  out = clamp(requantize((in - in_zero_point) * (gate[c] - gate_zero_point), multiplier, shift) + zero_point). */
typedef struct {
    int32_t pixels, channels;
    int32_t multiplier;
    int8_t in_zero_point, gate_zero_point, zero_point;
    uint8_t shift;
} ak_mul_t;

/** in, out [pixels][channels]; gate [channels]. */
ak_status_t ak_mul_s8(const ak_mul_t *p, const int8_t *in, const int8_t *gate, int8_t *out);
int32_t ak_mul_s8_max_offset(const ak_mul_t *p); /**< 0, against `in`; the gate may not overlap */

#ifdef __cplusplus
}
#endif
#endif
