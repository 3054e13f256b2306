/* SPDX-License-Identifier: MIT */
#ifndef AK_POINTWISE_PAIR_H
#define AK_POINTWISE_PAIR_H

#include "ak_mul.h"
#include "ak_types.h"

#ifdef __cplusplus
extern "C" {
#endif

/** Two 1x1 convolutions behind each other (expand, then project), 4 pixels at a time: the expanded tensor exists for
 *  one tile only, in scratch. Equal byte for byte to the two ak_pointwise_s8 calls.
 *  in [pixels][in_c]; out [pixels][out_c]; both weights packed by ak_pack_pointwise. */
typedef struct {
    const int8_t *expand_weights, *project_weights;
    ak_output_t expand, project;
    int32_t pixels, in_c, mid_c, out_c;
    uint8_t expand_packing, project_packing;
} ak_pointwise_pair_t;

ak_status_t ak_pointwise_pair_s8(const ak_pointwise_pair_t *p, const int8_t *in, int8_t *out, void *scratch);
size_t ak_pointwise_pair_s8_scratch_bytes(const ak_pointwise_pair_t *p); /**< depends on the shape alone */
int32_t ak_pointwise_pair_s8_max_offset(const ak_pointwise_pair_t *p);   /**< as ak_conv2d_s8_max_offset */

/** As ak_pointwise_scaled_s8. */
ak_status_t ak_pointwise_pair_scaled_s8(const ak_pointwise_pair_t *p, const ak_mul_t *scale, const int8_t *in,
                                        const int8_t *gate, int8_t *out, void *scratch);

#ifdef __cplusplus
}
#endif
#endif
