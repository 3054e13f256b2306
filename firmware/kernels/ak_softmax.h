/* SPDX-License-Identifier: MIT */
#ifndef AK_SOFTMAX_H
#define AK_SOFTMAX_H

#include "ak_types.h"

#ifdef __cplusplus
extern "C" {
#endif

/** Softmax over one vector; output scale 1/256, zero point -128. exponents[d] = round(exp(-d * s_in) * 2^20) for the
 *  distance d = 0 .. 255 from the largest input. out == in is allowed. At most AK_SOFTMAX_MAX values. */
#define AK_SOFTMAX_MAX 65536
typedef struct {
    const uint32_t *exponents;
    int32_t count;
} ak_softmax_t;

ak_status_t ak_softmax_s8(const ak_softmax_t *p, const int8_t *in, int8_t *out);

#ifdef __cplusplus
}
#endif
#endif
