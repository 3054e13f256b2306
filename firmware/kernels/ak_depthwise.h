/* SPDX-License-Identifier: MIT */
#ifndef AK_DEPTHWISE_H
#define AK_DEPTHWISE_H

#include "ak_types.h"

#ifdef __cplusplus
extern "C" {
#endif

/** Depthwise 2-D convolution, square kernel, padding k/2.
 *  in [in_h][in_w][c]; weights packed from [c][k][k] by ak_pack_depthwise; out [out_h][out_w][c].
 *  Works through groups of 4 channels with a ring of k + 1 rows in scratch, so that the output may lie exactly on
 *  the input (out == in), at any stride. */
typedef struct {
    const int8_t *weights;
    ak_output_t out;
    int32_t in_h, in_w, channels;
    uint8_t kernel, stride; /**< kernel 1, 3, 5, 7; stride 1 to 4 */
    int8_t in_zero_point;
    uint8_t packing;
} ak_depthwise_t;

ak_status_t ak_depthwise_s8(const ak_depthwise_t *p, const int8_t *in, int8_t *out, void *scratch);
/** At most 4*(k+1)*(w+2*(k/2))*2 bytes; depends on the shape alone. */
size_t ak_depthwise_s8_scratch_bytes(const ak_depthwise_t *p);
/** AK_IN_PLACE_ONLY: out == in, or no overlap. */
int32_t ak_depthwise_s8_max_offset(const ak_depthwise_t *p);

#ifdef __cplusplus
}
#endif
#endif
