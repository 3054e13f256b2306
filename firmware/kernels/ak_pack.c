/* SPDX-License-Identifier: MIT */
#include "ak_pack.h"

enum { GROUP = 4 }; /* inputs, see ak_tile.h */

static size_t padded(int32_t n, int32_t to) { return ((size_t)n + (size_t)to - 1) / (size_t)to * (size_t)to; }

/* All dense kernels read the same matrix. */
static size_t dense_bytes(int32_t inputs, int32_t outputs) { return padded(inputs, GROUP) * padded(outputs, 2); }

static int64_t magnitude(int64_t v) { return v < 0 ? -v : v; }

/* Hi/lo: the sums must fit the 24 bits above the low channel's byte, whatever the inputs. */
static int fits_hilo(int32_t inputs, int32_t outputs, const int8_t *weights, const int32_t *bias)
{
    for (int32_t o = 0; o < outputs; ++o) {
        int64_t sum = 0;
        for (int32_t k = 0; k < inputs; ++k) sum += magnitude(*weights++);
        if (magnitude(bias[o]) + 128 * sum >= 1 << 23) return 0;
    }
    return 1;
}

static void write_pair(int hilo, int8_t *to, int32_t w0, int32_t w1)
{
    to[0] = (int8_t)w0;
    /* 256*w1 + w0 as two's complement: a negative low byte borrows from the high one. */
    to[1] = (int8_t)(hilo && w0 < 0 ? w1 - 1 : w1);
}

static ak_status_t pack_dense(ak_packing_t packing, int32_t inputs, int32_t outputs, const int8_t *weights,
                              int32_t *bias, int8_t *packed)
{
    if (!weights || !bias || !packed) return AK_ERROR_NULL;
    if (inputs < 1 || outputs < 1) return AK_ERROR_SHAPE;
    const int hilo = packing == AK_PACKING_HILO_4X2;
    if (!hilo && packing != AK_PACKING_PLAIN_4X2) return AK_ERROR_PACKING;
    if (hilo && !fits_hilo(inputs, outputs, weights, bias)) return AK_ERROR_PACKING;
    static const int order[GROUP] = {0, 2, 1, 3};
    for (int32_t o = 0; o < outputs; o += 2) {
        const int8_t *const row0 = weights + (ptrdiff_t)o * inputs, *const row1 = row0 + inputs;
        const int both = o + 1 < outputs;
        for (int32_t k = 0; k < inputs; k += GROUP)
            for (int i = 0; i < GROUP; ++i, packed += 2) {
                const int32_t at = k + order[i], there = at < inputs;
                write_pair(hilo, packed, there ? row0[at] : 0, there && both ? row1[at] : 0);
            }
        if (hilo) bias[o + 1] = (int32_t)((uint32_t)bias[o + 1] * 256u + (uint32_t)bias[o]);
    }
    return AK_OK;
}

size_t ak_pack_conv2d_bytes(int32_t kernel, int32_t in_c, int32_t out_c)
{
    return dense_bytes(kernel * kernel * in_c, out_c);
}

size_t ak_pack_pointwise_bytes(int32_t in_c, int32_t out_c) { return dense_bytes(in_c, out_c); }

size_t ak_pack_fully_connected_bytes(int32_t in_c, int32_t out_c) { return dense_bytes(in_c, out_c); }

ak_status_t ak_pack_conv2d(ak_packing_t packing, int32_t kernel, int32_t in_c, int32_t out_c, const int8_t *weights,
                           int32_t *bias, int8_t *packed)
{
    return pack_dense(packing, kernel * kernel * in_c, out_c, weights, bias, packed);
}

ak_status_t ak_pack_pointwise(ak_packing_t packing, int32_t in_c, int32_t out_c, const int8_t *weights, int32_t *bias,
                              int8_t *packed)
{
    return pack_dense(packing, in_c, out_c, weights, bias, packed);
}

ak_status_t ak_pack_fully_connected(ak_packing_t packing, int32_t in_c, int32_t out_c, const int8_t *weights,
                                    int32_t *bias, int8_t *packed)
{
    return pack_dense(packing, in_c, out_c, weights, bias, packed);
}

ak_packing_t ak_best_packing(int32_t inputs_per_output, int32_t out_c, const int8_t *weights, const int32_t *bias)
{
    return fits_hilo(inputs_per_output, out_c, weights, bias) ? AK_PACKING_HILO_4X2 : AK_PACKING_PLAIN_4X2;
}
