/* Packing of weights, done offline by whoever writes the constants; never linked into a product.
 *
 * SPDX-License-Identifier: MIT */
#ifndef AK_PACK_H
#define AK_PACK_H

#include "ak_types.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Sizes depend on the shape alone, not on the packing chosen. All are multiples of 4. */
size_t ak_pack_conv2d_bytes(int32_t kernel, int32_t in_c, int32_t out_c);
size_t ak_pack_depthwise_bytes(int32_t kernel, int32_t channels);
size_t ak_pack_pointwise_bytes(int32_t in_c, int32_t out_c);
size_t ak_pack_fully_connected_bytes(int32_t in_c, int32_t out_c);

/* `packing` says how, `bias` (ak_padded_channels entries, zero point folded in) may be changed by the packing
 * (hi/lo: the odd channel's entry then holds 256 times its bias plus the even one's).
 * Weights: |w| <= 127. Every byte of `packed` is written. AK_ERROR_PACKING: not a packing of this kernel, or not
 * exact for these numbers (hi/lo needs |bias| + 128 * sum|w| < 2^23). */
ak_status_t ak_pack_conv2d(ak_packing_t packing, int32_t kernel, int32_t in_c, int32_t out_c, const int8_t *weights,
                           int32_t *bias, int8_t *packed); /**< weights [out_c][k][k][in_c] */
ak_status_t ak_pack_depthwise(ak_packing_t packing, int32_t kernel, int32_t channels, const int8_t *weights,
                              int32_t *bias, int8_t *packed); /**< weights [channels][k][k] */
ak_status_t ak_pack_pointwise(ak_packing_t packing, int32_t in_c, int32_t out_c, const int8_t *weights, int32_t *bias,
                              int8_t *packed); /**< weights [out_c][in_c] */
ak_status_t ak_pack_fully_connected(ak_packing_t packing, int32_t in_c, int32_t out_c, const int8_t *weights,
                                    int32_t *bias, int8_t *packed); /**< weights [out_c][in_c] */

/** Best packing for these numbers: the fastest one that is exact. */
ak_packing_t ak_best_packing(int32_t inputs_per_output, int32_t out_c, const int8_t *weights, const int32_t *bias);

#ifdef __cplusplus
}
#endif
#endif
