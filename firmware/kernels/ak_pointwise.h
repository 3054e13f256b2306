/* SPDX-License-Identifier: MIT */
#ifndef AK_POINTWISE_H
#define AK_POINTWISE_H

#include "ak_mul.h"
#include "ak_types.h"

#ifdef __cplusplus
extern "C" {
#endif

/** 1x1 convolution. in [pixels][in_c]; weights packed from [out_c][in_c] by ak_pack_pointwise; out [pixels][out_c].
 *  Expands 4 pixels at a time to int16 in scratch, so the output may overlap the input from behind. */
typedef struct {
    const int8_t *weights;
    ak_output_t out;
    int32_t pixels, in_c, out_c;
    uint8_t packing;
} ak_pointwise_t;

ak_status_t ak_pointwise_s8(const ak_pointwise_t *p, const int8_t *in, int8_t *out, void *scratch);
size_t ak_pointwise_s8_scratch_bytes(const ak_pointwise_t *p); /**< depends on the shape alone */
/** As ak_conv2d_s8_max_offset. */
int32_t ak_pointwise_s8_max_offset(const ak_pointwise_t *p);

/** The same behind ak_mul_s8(scale, in, gate, .), folded into the expansion of the input: equal byte for byte to the two
 *  calls, without a pass over the tensor. scale->pixels and ->channels equal pixels and in_c. */
ak_status_t ak_pointwise_scaled_s8(const ak_pointwise_t *p, const ak_mul_t *scale, const int8_t *in, const int8_t *gate,
                                   int8_t *out, void *scratch);

#ifdef __cplusplus
}
#endif
#endif
