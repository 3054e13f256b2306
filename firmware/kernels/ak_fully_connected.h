/* SPDX-License-Identifier: MIT */
#ifndef AK_FULLY_CONNECTED_H
#define AK_FULLY_CONNECTED_H

#include "ak_types.h"

#ifdef __cplusplus
extern "C" {
#endif

/** Fully connected layer. in [in_c]; weights packed from [out_c][in_c] by ak_pack_fully_connected; out [out_c].
 *  The input is expanded to int16 in scratch first, so the output may lie anywhere, on the input too. */
typedef struct {
    const int8_t *weights;
    ak_output_t out;
    int32_t in_c, out_c;
    uint8_t packing;
} ak_fully_connected_t;

ak_status_t ak_fully_connected_s8(const ak_fully_connected_t *p, const int8_t *in, int8_t *out, void *scratch);
size_t ak_fully_connected_s8_scratch_bytes(const ak_fully_connected_t *p); /**< depends on the shape alone */

#ifdef __cplusplus
}
#endif
#endif
