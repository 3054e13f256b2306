/* AtomNet int8 kernels: what all of them share.
 *
 * Tensors are int8, height x width x channels (HWC), batch 1. Sizes are elements unless a name says bytes; every size
 * from 1 up is accepted. Tensors, scratch and packed constants are 4-byte aligned. Convolutions pad k/2 on all sides
 * with the input's zero point: out = (in + 2*(k/2) - k) / stride + 1.
 *
 * SPDX-License-Identifier: MIT */
#ifndef AK_TYPES_H
#define AK_TYPES_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/** Raised whenever a result, a packing or a structure changes. */
#define AK_KERNEL_VERSION 1

typedef enum {
    AK_OK = 0,
    AK_ERROR_NULL = 1,    /**< a pointer that must not be null is */
    AK_ERROR_SHAPE = 2,   /**< a size below 1, or a kernel, stride or product of sizes out of range */
    AK_ERROR_PACKING = 3, /**< weights in a packing that this kernel does not read */
    AK_ERROR_ALIGN = 4    /**< scratch, weights or tensor not 4-byte aligned */
} ak_status_t;

/** How packed weights lie in memory; ak_pack.h is the only writer. Stored in AtomDB: never renumber. */
typedef enum {
    AK_PACKING_NONE = 0,
    AK_PACKING_PLAIN_4X2 = 1, /**< convolution, pointwise, fully connected: pairs of output channels */
    AK_PACKING_HILO_4X2 = 2,  /**< the same with halfwords 256*w_odd + w_even: faster, where it is exact */
    AK_PACKING_DEPTHWISE = 3  /**< groups of 4 channels */
} ak_packing_t;

/** How a convolution or fully connected layer turns accumulators into int8 (see ak_requant.h), for each channel o:
 *  v = clamp(requantize(acc + bias[o], multiplier[o], shift) + zero_point); out = table ? table[v + 128] : v.
 *  Both arrays hold ak_padded_channels(channels) entries, those behind the last channel 0.
 *  `bias` holds the input's zero point folded in: bias_q[o] - in_zero_point * sum(weights of o). */
typedef struct {
    const int32_t *bias;
    const int32_t *multiplier; /**< 0 <= m < 2^31; scale = m * 2^(shift - 32) */
    const int8_t *table;       /**< 256 entries for hswish or hard-sigmoid, else NULL */
    int8_t zero_point;
    uint8_t shift; /**< left shift of the accumulator, 0 to 24 */
} ak_output_t;

/** Channels rounded up to a multiple of 4: the length of bias and multiplier arrays. */
static inline int32_t ak_padded_channels(int32_t channels) { return (channels + 3) & ~3; }

/** What AK_..._max_offset functions return when output and input may not overlap except at equal addresses, or at all. */
#define AK_IN_PLACE_ONLY INT32_MIN
#define AK_NO_OVERLAP (INT32_MIN + 1)

#ifdef __cplusplus
}
#endif
#endif
