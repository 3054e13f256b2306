/* Squeeze-and-excite's factors folded into the expansion of a pointwise kernel's input. Internal.
 *
 * SPDX-License-Identifier: MIT */
#ifndef AK_SCALED_H
#define AK_SCALED_H

#include "ak_mul.h"

#ifdef __cplusplus
extern "C" {
#endif

ak_status_t ak_scaled_check(const ak_mul_t *scale, const int8_t *gate, int32_t pixels, int32_t channels);

/** ak_tile_expand() of what ak_mul_s8() would have written for these pixels. */
void ak_scaled_expand(const ak_mul_t *scale, const int8_t *gate, const int8_t *in, int32_t pixels, int16_t *columns);

#ifdef __cplusplus
}
#endif
#endif
