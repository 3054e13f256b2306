/* What the dense kernels (convolution, pointwise, pair, fully connected) have in common: a matrix product in tiles.
 * Internal.
 *
 * A tile is 4 pixels or 1. Its inputs are expanded to int16 "columns" once, then every pair of output channels runs
 * over them. Inputs count in groups of 4, k0 to k3; those behind the last one are 0. Columns of a group, int16:
 *   4 pixels  p0k0 p0k2  p1k0 p1k2  p2k0 p2k2  p3k0 p3k2 | p0k1 p0k3  p1k1 p1k3  p2k1 p2k3  p3k1 p3k3
 *   1 pixel   k0 k2 | k1 k3
 * Packed weights, for each pair of output channels c0, c1, for each group, int8:
 *   plain  c0k0 c1k0 c0k2 c1k2 | c0k1 c1k1 c0k3 c1k3
 *   hi/lo  the same places as int16 256*c1 + c0: the halfwords give 256*sum1 + sum0, their low bytes sum0
 *
 * SPDX-License-Identifier: MIT */
#ifndef AK_TILE_H
#define AK_TILE_H

#include "ak_types.h"

#ifdef __cplusplus
extern "C" {
#endif

/** A run of ak_tile_dsp.h over all channels: what a compiler would keep in registers if there were any left. Members
 *  that are loaded together lie beside each other. 64 bytes: the most that GCC copies without a call. */
typedef struct {
    const int32_t *bias;   /**< of the next channels */
    int32_t to_multiplier; /**< from there, in bytes */
    const int16_t *columns;
    uint32_t entry; /**< into the unrolled loops */
    uint32_t shift;
    int32_t zero_point;
    void *to;
    int32_t left;       /**< channels */
    int32_t row1, row2; /**< from the first pixel's output to those of the second and third */
    uint32_t special;   /**< there is a table, or outputs go to columns */
    int32_t row3;       /**< to the fourth's */
    const int8_t *table; /**< its middle, or null */
    uint32_t to_columns;
    const int8_t *weights;
    uint32_t pair_bytes; /**< of weights, to the next pair of channels; 0 when there is none */
} ak_run_t;

/** One matrix product: out_c outputs of in_c inputs each. */
typedef struct {
    const int8_t *weights;
    const ak_output_t *out;
    int32_t in_c, out_c;
    uint8_t packing;
    ak_run_t run; /**< prepared for 4 pixels */
} ak_dense_t;

/** Checks and prepares. `out` has to outlive it. */
ak_status_t ak_dense_init(ak_dense_t *d, const int8_t *weights, const ak_output_t *out, int32_t in_c, int32_t out_c,
                          uint8_t packing);

static inline size_t ak_columns_bytes(int32_t inputs) { return (size_t)8 * (size_t)ak_padded_channels(inputs); }

/** Where the columns of `rows` (1 or 4) pixels hold input k of pixel p. */
static inline int32_t ak_column_index(int32_t rows, int32_t p, int32_t k)
{
    return ((k >> 2) * 2 + (k & 1)) * 2 * rows + 2 * p + ((k >> 1) & 1);
}

/** Most elements that a tensor, or the weights of a layer, may have. */
#define AK_MOST_ELEMENTS (1 << 28)

/** Expands `pixels` (1 to 4) rows of in_c values, `step` bytes apart: to 1 pixel's columns when there is one, else to 4
 *  pixels', the last one repeated. Reads nothing behind the last row. */
void ak_tile_expand(const int8_t *in, ptrdiff_t step, int32_t pixels, int32_t in_c, int16_t *columns);

/** Outputs of a tile: [pixels][out_c] bytes, or with `to_columns` as columns of the next product. */
void ak_tile_run(const ak_dense_t *d, const int16_t *columns, int32_t pixels, uint32_t to_columns, void *out);

/** max_offset of a kernel that reads in_c and writes out_c bytes a pixel, 4 pixels at a time, in order. */
int32_t ak_tile_max_offset(int32_t pixels, int32_t in_c, int32_t out_c);

#ifdef __cplusplus
}
#endif
#endif
