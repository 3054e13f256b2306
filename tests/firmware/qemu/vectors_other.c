/* Depthwise convolution, add, mul, mean, table, softmax.
 *
 * SPDX-License-Identifier: MIT */
#include "firmware/kernels/ak_add.h"
#include "firmware/kernels/ak_depthwise.h"
#include "firmware/kernels/ak_mean.h"
#include "firmware/kernels/ak_mul.h"
#include "firmware/kernels/ak_pack.h"
#include "firmware/kernels/ak_softmax.h"
#include "firmware/kernels/ak_table.h"
#include "tests/firmware/qemu/vectors.h"

static int8_t random_s8(random_t *random) { return (int8_t)random_between(random, -128, 127); }

/* All values, or in one of four cases the extremes alone. */
static int8_t *random_tensor(random_t *random, int32_t count)
{
    int8_t *const tensor = vectors_memory((size_t)count);
    random_fill(random, tensor, (size_t)count, -128, 127);
    if (random_between(random, 1, 4) == 1)
        for (int32_t i = 0; i < count; ++i) tensor[i] = tensor[i] < 0 ? -128 : 127;
    return tensor;
}

static uint32_t result(ak_status_t status, const void *memory, int32_t bytes)
{
    return status == AK_OK ? vectors_crc(memory, (size_t)bytes) : (uint32_t)status;
}

static int32_t out_side(int32_t in, int32_t kernel, int32_t stride)
{
    return (in + 2 * (kernel / 2) - kernel) / stride + 1;
}

static uint32_t depthwise(random_t *random)
{
    ak_depthwise_t p = {0};
    const int large = random_between(random, 1, 8) == 1;
    p.in_h = random_size(random, large ? 40 : 14);
    p.in_w = random_size(random, large ? 40 : 14);
    p.channels = random_size(random, large ? 8 : 20);
    p.kernel = (uint8_t)(random_between(random, 1, 8) == 1 ? 1 : 2 * random_between(random, 1, 3) + 1);
    p.stride = (uint8_t)(random_between(random, 1, 8) == 1 ? random_between(random, 3, 4)
                                                           : random_between(random, 1, 2));
    p.in_zero_point = random_s8(random);
    p.packing = AK_PACKING_DEPTHWISE;
    const int32_t taps = p.kernel * p.kernel, count = taps * p.channels;
    int8_t *const raw = vectors_memory((size_t)count);
    int8_t *const weights = vectors_memory(ak_pack_depthwise_bytes(p.kernel, p.channels));
    random_fill(random, raw, (size_t)count, -127, 127);
    if (random_between(random, 1, 8) == 1)
        for (int32_t i = 0; i < count; ++i) raw[i] = raw[i] < 0 ? -127 : 127;
    p.out = random_output(random, p.channels, 128 * 127 * taps);
    ak_pack_depthwise(AK_PACKING_DEPTHWISE, p.kernel, p.channels, raw, (int32_t *)p.out.bias, weights);
    p.weights = weights;
    const int32_t in_bytes = p.in_h * p.in_w * p.channels;
    int8_t *const in = random_tensor(random, in_bytes);
    const size_t scratch_bytes = ak_depthwise_s8_scratch_bytes(&p);
    void *const scratch = vectors_memory(scratch_bytes);
    const int in_place = random_between(random, 1, 2) == 1;
    const int32_t out_bytes =
        out_side(p.in_h, p.kernel, p.stride) * out_side(p.in_w, p.kernel, p.stride) * p.channels;
    int8_t *const out = in_place ? in : vectors_memory((size_t)out_bytes);
    const uint32_t crc = result(ak_depthwise_s8(&p, in, out, scratch), out, in_place ? in_bytes : out_bytes);
    if (crc < 16) return crc;
    /* The input and the guards of the scratch count too, what the scratch holds does not. */
    for (size_t i = 0; i < scratch_bytes; ++i) ((int8_t *)scratch)[i] = 0;
    return crc ^ vectors_crc(scratch, scratch_bytes) ^ (in_place ? 0 : vectors_crc(in, (size_t)in_bytes));
}

static uint32_t add(random_t *random)
{
    ak_add_t p;
    p.count = random_size(random, 4) + random_size(random, 500);
    p.shift = (uint8_t)random_between(random, 19, 22);
    p.multiplier_a = random_between(random, 0, 1 << 21);
    p.multiplier_b = random_between(random, 0, 1 << 21);
    p.bias = random_between(random, -200, 200) * (1 << p.shift);
    int8_t *const a = random_tensor(random, p.count), *const b = random_tensor(random, p.count);
    int8_t *const apart = vectors_memory((size_t)p.count);
    const int32_t place = random_between(random, 1, 3);
    int8_t *const out = place == 1 ? a : place == 2 ? b : apart;
    return result(ak_add_s8(&p, a, b, out), out, p.count);
}

static uint32_t mul(random_t *random)
{
    ak_mul_t p;
    p.pixels = random_size(random, 30);
    p.channels = random_size(random, 4) + random_size(random, 60);
    p.multiplier = random_between(random, 1 << 20, 0x7FFFFFFF);
    p.in_zero_point = random_s8(random);
    p.gate_zero_point = random_s8(random);
    p.zero_point = random_s8(random);
    p.shift = (uint8_t)random_between(random, 0, 14);
    int8_t *const in = random_tensor(random, p.pixels * p.channels), *const gate = random_tensor(random, p.channels);
    return result(ak_mul_s8(&p, in, gate, in), in, p.pixels * p.channels);
}

static uint32_t mean(random_t *random)
{
    ak_mean_t p;
    p.pixels = random_size(random, 1100);
    p.channels = random_size(random, 9) + random_size(random, 40);
    p.bias = -p.pixels * random_between(random, -128, 127);
    p.zero_point = random_s8(random);
    p.shift = (uint8_t)random_between(random, 0, 6);
    p.multiplier = (1 << 30) / p.pixels;
    int8_t *const in = random_tensor(random, p.pixels * p.channels);
    int8_t *const out = vectors_memory((size_t)p.channels);
    return result(ak_mean_s8(&p, in, out), out, p.channels);
}

static uint32_t table(random_t *random)
{
    const int32_t count = random_size(random, 4) + random_size(random, 900);
    const int8_t *const values = random_tensor(random, 256);
    int8_t *const in = random_tensor(random, count);
    return result(ak_table_s8(values, in, in, count), in, count);
}

static uint32_t softmax(random_t *random)
{
    ak_softmax_t p;
    p.count = random_size(random, 6) + random_size(random, 1000);
    uint32_t *const exponents = vectors_memory(256 * sizeof *exponents);
    exponents[0] = 1 << 20;
    const int32_t ratio = random_between(random, 900, 1023); /* of 1024, from each to the next */
    for (int32_t d = 1; d < 256; ++d) exponents[d] = (uint32_t)(((uint64_t)exponents[d - 1] * (uint32_t)ratio) >> 10);
    p.exponents = exponents;
    int8_t *const in = random_tensor(random, p.count);
    return result(ak_softmax_s8(&p, in, in), in, p.count);
}

const vectors_family_t vectors_other[] = {{"depthwise", depthwise}, {"add", add},         {"mul", mul}, {"mean", mean},
                                          {"table", table},         {"softmax", softmax}, {0, 0}};
