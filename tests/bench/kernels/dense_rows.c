/* SPDX-License-Identifier: MIT */
#include "rows.h"

#include "firmware/kernels/ak_conv2d.h"
#include "firmware/kernels/ak_fully_connected.h"
#include "firmware/kernels/ak_pack.h"
#include "firmware/kernels/ak_pointwise.h"
#include "firmware/kernels/ak_pointwise_pair.h"

/* Weights need no sense: no kernel's path depends on them. */
static ak_pointwise_t layer(int32_t pixels, int32_t in_c, int32_t out_c, ak_packing_t packing)
{
    const ak_output_t out = row_output(out_c);
    return (ak_pointwise_t){
        row_memory(ak_pack_pointwise_bytes(in_c, out_c)), out, pixels, in_c, out_c, (uint8_t)packing};
}

static void pointwise(const char *name, int32_t pixels, int32_t in_c, int32_t out_c, ak_packing_t packing,
                      uint32_t limit)
{
    const ak_pointwise_t p = layer(pixels, in_c, out_c, packing);
    int8_t *const in = row_memory((size_t)(pixels * in_c)), *const out = row_memory((size_t)(pixels * out_c));
    void *const scratch = row_memory(ak_pointwise_s8_scratch_bytes(&p));
    row_begin();
    ak_pointwise_s8(&p, in, out, scratch);
    row_print(name, "mac", (uint32_t)(pixels * in_c * out_c), row_end(), limit);
}

static void scaled(const char *name, int32_t pixels, int32_t in_c, int32_t out_c)
{
    const ak_pointwise_t p = layer(pixels, in_c, out_c, AK_PACKING_HILO_4X2);
    const ak_mul_t scale = {pixels, in_c, 1 << 30, 3, -128, -5, 9};
    int8_t *const in = row_memory((size_t)(pixels * in_c)), *const out = row_memory((size_t)(pixels * out_c));
    const int8_t *const gate = row_memory((size_t)in_c);
    void *const scratch = row_memory(ak_pointwise_s8_scratch_bytes(&p));
    row_begin();
    ak_pointwise_scaled_s8(&p, &scale, in, gate, out, scratch);
    row_print(name, "mac", (uint32_t)(pixels * in_c * out_c), row_end(), 0);
}

static void pair(const char *name, int32_t pixels, int32_t in_c, int32_t mid_c, int32_t out_c)
{
    const ak_pointwise_t expand = layer(pixels, in_c, mid_c, AK_PACKING_HILO_4X2);
    const ak_pointwise_t project = layer(pixels, mid_c, out_c, AK_PACKING_HILO_4X2);
    const ak_pointwise_pair_t p = {expand.weights, project.weights, expand.out, project.out,    pixels,
                                   in_c,           mid_c,           out_c,      expand.packing, project.packing};
    int8_t *const in = row_memory((size_t)(pixels * in_c)), *const out = row_memory((size_t)(pixels * out_c));
    void *const scratch = row_memory(ak_pointwise_pair_s8_scratch_bytes(&p));
    row_begin();
    ak_pointwise_pair_s8(&p, in, out, scratch);
    row_print(name, "mac", (uint32_t)(pixels * mid_c * (in_c + out_c)), row_end(), 0);
}

static void conv2d(const char *name, int32_t side, int32_t in_c, int32_t out_c, uint8_t kernel, uint8_t stride,
                   ak_packing_t packing, uint32_t limit)
{
    const ak_pointwise_t weights = layer(1, kernel * kernel * in_c, out_c, packing);
    const ak_conv2d_t p = {weights.weights, weights.out, side,   side, in_c,
                           out_c,           kernel,      stride, -7,   (uint8_t)packing};
    const int32_t out_side = (side + 2 * (kernel / 2) - kernel) / stride + 1, pixels = out_side * out_side;
    int8_t *const in = row_memory((size_t)(side * side * in_c)), *const out = row_memory((size_t)(pixels * out_c));
    void *const scratch = row_memory(ak_conv2d_s8_scratch_bytes(&p));
    row_begin();
    ak_conv2d_s8(&p, in, out, scratch);
    row_print(name, "mac", (uint32_t)(pixels * kernel * kernel * in_c * out_c), row_end(), limit);
}

static void fully_connected(const char *name, int32_t in_c, int32_t out_c, ak_packing_t packing, uint32_t limit)
{
    const ak_pointwise_t weights = layer(1, in_c, out_c, packing);
    const ak_fully_connected_t p = {weights.weights, weights.out, in_c, out_c, (uint8_t)packing};
    int8_t *const in = row_memory((size_t)in_c), *const out = row_memory((size_t)out_c);
    void *const scratch = row_memory(ak_fully_connected_s8_scratch_bytes(&p));
    row_begin();
    ak_fully_connected_s8(&p, in, out, scratch);
    row_print(name, "mac", (uint32_t)(in_c * out_c), row_end(), limit);
}

void dense_rows(void)
{
    const ak_packing_t plain = AK_PACKING_PLAIN_4X2, hilo = AK_PACKING_HILO_4X2;
    pointwise("pointwise_20x20x48->48", 400, 48, 48, hilo, 105);
    pointwise("pointwise_20x20x48->48_plain", 400, 48, 48, plain, 105);
    pointwise("pointwise_10x10x80->240", 100, 80, 240, hilo, 95);
    pointwise("pointwise_10x10x80->240_plain", 100, 80, 240, plain, 95);
    pointwise("pointwise_5x5x432->144", 25, 432, 144, hilo, 95);
    pointwise("pointwise_5x5x432->144_plain", 25, 432, 144, plain, 95);
    scaled("pointwise_scaled_10x10x80->80", 100, 80, 80);
    pair("pointwise_pair_10x10x80->240->80", 100, 80, 240, 80);
    conv2d("conv2d_160x160x3->24_k3_s2", 160, 3, 24, 3, 2, hilo, 130);
    conv2d("conv2d_160x160x3->24_k3_s2_plain", 160, 3, 24, 3, 2, plain, 0); /* sums of 27 products always fit hi/lo */
    conv2d("conv2d_40x40x16->16_k3_s1", 40, 16, 16, 3, 1, hilo, 0);
    fully_connected("fully_connected_144->1000", 144, 1000, hilo, 130);
    fully_connected("fully_connected_144->1000_plain", 144, 1000, plain, 130);
}
