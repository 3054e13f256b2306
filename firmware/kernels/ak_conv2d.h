/* SPDX-License-Identifier: MIT */
#ifndef AK_CONV2D_H
#define AK_CONV2D_H

#include "ak_types.h"

#ifdef __cplusplus
extern "C" {
#endif

/** 2-D convolution, groups 1, square kernel, padding k/2.
 *  in [in_h][in_w][in_c]; weights packed from [out_c][k][k][in_c] by ak_pack_conv2d; out [out_h][out_w][out_c]. */
typedef struct {
    const int8_t *weights;
    ak_output_t out;
    int32_t in_h, in_w, in_c, out_c;
    uint8_t kernel, stride; /**< kernel 1, 3, 5, 7; stride 1 to 4 */
    int8_t in_zero_point;   /**< what padding holds */
    uint8_t packing;
} ak_conv2d_t;

ak_status_t ak_conv2d_s8(const ak_conv2d_t *p, const int8_t *in, int8_t *out, void *scratch);
size_t ak_conv2d_s8_scratch_bytes(const ak_conv2d_t *p); /**< depends on the shape alone */
/** Largest (out - in), a multiple of 4 that may be negative, at which the output may overlap the input: the kernel
 *  then never overwrites what it has still to read. Any smaller one is safe too. Depends on the shape alone. */
int32_t ak_conv2d_s8_max_offset(const ak_conv2d_t *p);

#ifdef __cplusplus
}
#endif
#endif
