/* SPDX-License-Identifier: MIT */
#include "rows.h"

#include "firmware/kernels/ak_add.h"
#include "firmware/kernels/ak_depthwise.h"
#include "firmware/kernels/ak_mean.h"
#include "firmware/kernels/ak_mul.h"
#include "firmware/kernels/ak_pack.h"

/* In place, as networks have it. */
static void depthwise(const char *name, int32_t side, int32_t channels, uint8_t kernel, uint8_t stride, int table,
                      uint32_t limit)
{
    ak_output_t out = row_output(channels);
    if (table) out.table = row_memory(256);
    const ak_depthwise_t p = {row_memory(ak_pack_depthwise_bytes(kernel, channels)),
                              out,
                              side,
                              side,
                              channels,
                              kernel,
                              stride,
                              -7,
                              AK_PACKING_DEPTHWISE};
    const int32_t out_side = (side + 2 * (kernel / 2) - kernel) / stride + 1;
    int8_t *const in = row_memory((size_t)(side * side * channels));
    void *const scratch = row_memory(ak_depthwise_s8_scratch_bytes(&p));
    row_begin();
    ak_depthwise_s8(&p, in, in, scratch);
    row_print(name, "mac", (uint32_t)(out_side * out_side * channels * kernel * kernel), row_end(), limit);
}

static void add(const char *name, int32_t count, uint32_t limit)
{
    const ak_add_t p = {count, 1 << 20, 2000000, 1500000, 21};
    int8_t *const a = row_memory((size_t)count), *const b = row_memory((size_t)count);
    row_begin();
    ak_add_s8(&p, a, b, a);
    row_print(name, "element", (uint32_t)count, row_end(), limit);
}

static void mul(const char *name, int32_t pixels, int32_t channels)
{
    const ak_mul_t p = {pixels, channels, 1 << 30, 3, -128, -5, 2};
    int8_t *const in = row_memory((size_t)(pixels * channels));
    const int8_t *const gate = row_memory((size_t)channels);
    row_begin();
    ak_mul_s8(&p, in, gate, in);
    row_print(name, "element", (uint32_t)(pixels * channels), row_end(), 0);
}

static void mean(const char *name, int32_t pixels, int32_t channels, uint32_t limit)
{
    const ak_mean_t p = {pixels, channels, 0, 1 << 26, 0, 0};
    const int8_t *const in = row_memory((size_t)(pixels * channels));
    int8_t *const out = row_memory((size_t)channels);
    row_begin();
    ak_mean_s8(&p, in, out);
    row_print(name, "input", (uint32_t)(pixels * channels), row_end(), limit);
}

void other_rows(void)
{
    depthwise("depthwise_40x40x48_k3_s1", 40, 48, 3, 1, 0, 200);
    depthwise("depthwise_40x40x48_k3_s1_table", 40, 48, 3, 1, 1, 0);
    depthwise("depthwise_20x20x64_k3_s1", 20, 64, 3, 1, 0, 0);
    depthwise("depthwise_10x10x64_k3_s1", 10, 64, 3, 1, 0, 260);
    depthwise("depthwise_5x5x240_k3_s1", 5, 240, 3, 1, 0, 0);
    depthwise("depthwise_80x80x24_k3_s2", 80, 24, 3, 2, 0, 330);
    depthwise("depthwise_10x10x80_k5_s1", 10, 80, 5, 1, 0, 170);
    depthwise("depthwise_20x20x64_k5_s2", 20, 64, 5, 2, 0, 0);
    depthwise("depthwise_10x10x64_k7_s1", 10, 64, 7, 1, 0, 0);
    add("add_20x20x64", 20 * 20 * 64, 800);
    mul("mul_10x10x80", 100, 80);
    mean("mean_5x5x144", 25, 144, 150);
}
