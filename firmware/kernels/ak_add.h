/* SPDX-License-Identifier: MIT */
#ifndef AK_ADD_H
#define AK_ADD_H

#include "ak_types.h"

#ifdef __cplusplus
extern "C" {
#endif

/** Elementwise sum of two tensors with scales of their own:
 *  out = clamp((bias + a*multiplier_a + b*multiplier_b) >> shift), arithmetic shift; `bias` holds all zero points and
 *  the half that rounds. multiplier = round(s_in / s_out * 2^shift), at most 2^21; no sum overflows 32 bits. */
typedef struct {
    int32_t count;
    int32_t bias, multiplier_a, multiplier_b;
    uint8_t shift;
} ak_add_t;

ak_status_t ak_add_s8(const ak_add_t *p, const int8_t *a, const int8_t *b, int8_t *out);
int32_t ak_add_s8_max_offset(const ak_add_t *p); /**< 0, against either input */

#ifdef __cplusplus
}
#endif
#endif
