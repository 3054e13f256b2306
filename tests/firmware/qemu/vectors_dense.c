/* Convolution, pointwise, pair, fully connected.
 *
 * SPDX-License-Identifier: MIT */
#include "firmware/kernels/ak_conv2d.h"
#include "firmware/kernels/ak_fully_connected.h"
#include "firmware/kernels/ak_pack.h"
#include "firmware/kernels/ak_pointwise.h"
#include "firmware/kernels/ak_pointwise_pair.h"
#include "tests/firmware/qemu/vectors.h"

typedef struct {
    int8_t *weights;
    ak_output_t out;
    uint8_t packing;
} layer_t;

/* Plain in one of three cases, else the best packing. */
static layer_t random_layer(random_t *random, int32_t inputs, int32_t outputs)
{
    const size_t count = (size_t)inputs * (size_t)outputs;
    int8_t *const raw = vectors_memory(count);
    random_fill(random, raw, count, -127, 127);
    if (random_between(random, 1, 8) == 1) /* the largest sums there are */
        for (size_t i = 0; i < count; ++i) raw[i] = raw[i] < 0 ? -127 : 127;
    layer_t layer;
    layer.out = random_output(random, outputs, 128 * 127 * inputs);
    int32_t *const bias = (int32_t *)layer.out.bias;
    layer.packing = (uint8_t)(random_between(random, 1, 3) == 1 ? AK_PACKING_PLAIN_4X2
                                                                : ak_best_packing(inputs, outputs, raw, bias));
    layer.weights = vectors_memory(ak_pack_pointwise_bytes(inputs, outputs));
    ak_pack_pointwise((ak_packing_t)layer.packing, inputs, outputs, raw, bias, layer.weights);
    return layer;
}

/* Input and output in one memory, the output `offset` behind the input's start. */
typedef struct {
    int8_t *memory, *in, *out;
    size_t bytes;
} tensors_t;

static tensors_t random_tensors(random_t *random, int32_t in_bytes, int32_t out_bytes, int32_t offset)
{
    const int32_t in_at = offset < 0 ? -offset : 0, out_at = offset < 0 ? 0 : offset;
    const int32_t in_end = in_at + in_bytes, out_end = out_at + out_bytes;
    tensors_t t;
    t.bytes = (size_t)(in_end > out_end ? in_end : out_end);
    t.memory = vectors_memory(t.bytes);
    t.in = t.memory + in_at;
    t.out = t.memory + out_at;
    random_fill(random, t.in, (size_t)in_bytes, -128, 127);
    return t;
}

static uint32_t result(ak_status_t status, tensors_t t)
{
    return status == AK_OK ? vectors_crc(t.memory, t.bytes) : (uint32_t)status;
}

static uint32_t conv2d(random_t *random)
{
    ak_conv2d_t p = {0};
    p.in_h = random_size(random, 14);
    p.in_w = random_size(random, 14);
    p.in_c = random_size(random, 12);
    p.out_c = random_size(random, 20);
    p.kernel = (uint8_t)(2 * random_between(random, 0, 3) + 1);
    p.stride = (uint8_t)random_between(random, 1, 4);
    p.in_zero_point = (int8_t)random_between(random, -128, 127);
    const layer_t layer = random_layer(random, p.kernel * p.kernel * p.in_c, p.out_c);
    p.weights = layer.weights;
    p.out = layer.out;
    p.packing = layer.packing;
    const int32_t pad = 2 * (p.kernel / 2) - p.kernel;
    const int32_t pixels = ((p.in_h + pad) / p.stride + 1) * ((p.in_w + pad) / p.stride + 1);
    const tensors_t t =
        random_tensors(random, p.in_h * p.in_w * p.in_c, pixels * p.out_c, ak_conv2d_s8_max_offset(&p));
    void *const scratch = vectors_memory(ak_conv2d_s8_scratch_bytes(&p));
    return result(ak_conv2d_s8(&p, t.in, t.out, scratch), t);
}

static ak_mul_t random_scale(random_t *random, int32_t pixels, int32_t channels)
{
    ak_mul_t scale;
    scale.pixels = pixels;
    scale.channels = channels;
    scale.multiplier = random_between(random, 1 << 24, 0x7FFFFFFF);
    scale.in_zero_point = (int8_t)random_between(random, -128, 127);
    scale.gate_zero_point = -128;
    scale.zero_point = (int8_t)random_between(random, -128, 127);
    scale.shift = (uint8_t)random_between(random, 0, 14);
    return scale;
}

static uint32_t pointwise(random_t *random)
{
    ak_pointwise_t p = {0};
    p.pixels = random_size(random, 40);
    p.in_c = random_size(random, 100);
    p.out_c = random_size(random, 60);
    const layer_t layer = random_layer(random, p.in_c, p.out_c);
    p.weights = layer.weights;
    p.out = layer.out;
    p.packing = layer.packing;
    const tensors_t t =
        random_tensors(random, p.pixels * p.in_c, p.pixels * p.out_c, ak_pointwise_s8_max_offset(&p));
    void *const scratch = vectors_memory(ak_pointwise_s8_scratch_bytes(&p));
    if (random_between(random, 1, 3) > 1) return result(ak_pointwise_s8(&p, t.in, t.out, scratch), t);
    const ak_mul_t scale = random_scale(random, p.pixels, p.in_c);
    int8_t *const gate = vectors_memory((size_t)p.in_c);
    random_fill(random, gate, (size_t)p.in_c, -128, 127);
    return result(ak_pointwise_scaled_s8(&p, &scale, t.in, gate, t.out, scratch), t);
}

static uint32_t pointwise_pair(random_t *random)
{
    ak_pointwise_pair_t p = {0};
    p.pixels = random_size(random, 20);
    p.in_c = random_size(random, 50);
    p.mid_c = random_size(random, 120);
    p.out_c = random_size(random, 50);
    const layer_t expand = random_layer(random, p.in_c, p.mid_c), project = random_layer(random, p.mid_c, p.out_c);
    p.expand_weights = expand.weights;
    p.project_weights = project.weights;
    p.expand = expand.out;
    p.project = project.out;
    p.expand_packing = expand.packing;
    p.project_packing = project.packing;
    const tensors_t t =
        random_tensors(random, p.pixels * p.in_c, p.pixels * p.out_c, ak_pointwise_pair_s8_max_offset(&p));
    void *const scratch = vectors_memory(ak_pointwise_pair_s8_scratch_bytes(&p));
    if (random_between(random, 1, 3) > 1) return result(ak_pointwise_pair_s8(&p, t.in, t.out, scratch), t);
    const ak_mul_t scale = random_scale(random, p.pixels, p.in_c);
    int8_t *const gate = vectors_memory((size_t)p.in_c);
    random_fill(random, gate, (size_t)p.in_c, -128, 127);
    return result(ak_pointwise_pair_scaled_s8(&p, &scale, t.in, gate, t.out, scratch), t);
}

static uint32_t fully_connected(random_t *random)
{
    ak_fully_connected_t p = {0};
    p.in_c = random_size(random, 700);
    p.out_c = random_size(random, 100);
    const layer_t layer = random_layer(random, p.in_c, p.out_c);
    p.weights = layer.weights;
    p.out = layer.out;
    p.packing = layer.packing;
    const tensors_t t = random_tensors(random, p.in_c, p.out_c, random_between(random, 0, p.in_c / 4) * 4);
    void *const scratch = vectors_memory(ak_fully_connected_s8_scratch_bytes(&p));
    return result(ak_fully_connected_s8(&p, t.in, t.out, scratch), t);
}

const vectors_family_t vectors_dense[] = {{"conv2d", conv2d},
                                          {"pointwise", pointwise},
                                          {"pointwise_pair", pointwise_pair},
                                          {"fully_connected", fully_connected},
                                          {0, 0}};
