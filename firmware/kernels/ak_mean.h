/* SPDX-License-Identifier: MIT */
#ifndef AK_MEAN_H
#define AK_MEAN_H

#include "ak_types.h"

#ifdef __cplusplus
extern "C" {
#endif

/** Global average pool: in [pixels][channels], out [channels], no overlap.
 *  out = clamp(requantize(bias + sum, multiplier, shift) + zero_point); multiplier of s_in / (s_out * pixels),
 *  bias = -pixels * in_zero_point. At most 2^22 pixels. */
typedef struct {
    int32_t pixels, channels;
    int32_t bias, multiplier;
    int8_t zero_point;
    uint8_t shift;
} ak_mean_t;

ak_status_t ak_mean_s8(const ak_mean_t *p, const int8_t *in, int8_t *out);

#ifdef __cplusplus
}
#endif
#endif
