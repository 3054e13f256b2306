/* SPDX-License-Identifier: MIT */
#include "firmware/profiler/ap_operator.h"

#include <string.h>

#include "firmware/protocol/ap_operator_rules.h"
#include "firmware/protocol/ap_pattern.h"

static int32_t pixels_of(const ap_operator_t *op)
{
    return (int32_t)((uint32_t)op->in_h * op->in_w);
}

/* (in + 2 * (k / 2) - k) / stride + 1 of an odd k. */
static uint16_t out_side(uint16_t in, uint8_t stride)
{
    return (uint16_t)((in - 1) / (stride ? stride : 1) + 1);
}

static uint64_t dense_weights(uint64_t inputs, uint64_t outputs)
{
    return ((inputs + 3) & ~(uint64_t)3) * ((outputs + 1) & ~(uint64_t)1);
}

/* What kernels say of themselves, from parameters that are filled as far as sizes and offsets need.
 */
static void fill_parameters(const ap_operator_t *op, ap_call_t *call);

static uint64_t scratch_of(const ap_operator_t *op, const ap_call_t *call)
{
    switch (op->kind) {
    case AP_OP_CONV:
        return ak_conv2d_s8_scratch_bytes(&call->p.conv);
    case AP_OP_DEPTHWISE:
        return ak_depthwise_s8_scratch_bytes(&call->p.depthwise);
    case AP_OP_POINTWISE:
        return ak_pointwise_s8_scratch_bytes(&call->p.pointwise);
    case AP_OP_POINTWISE_PAIR:
        return ak_pointwise_pair_s8_scratch_bytes(&call->p.pair);
    case AP_OP_FULLY_CONNECTED:
        return ak_fully_connected_s8_scratch_bytes(&call->p.fully_connected);
    default:
        return 0;
    }
}

void ap_operator_sizes(const ap_operator_t *op, ap_operator_sizes_t *sizes)
{
    const uint64_t in_c = op->in_c, out_c = op->out_c, area = (uint64_t)op->kernel * op->kernel;
    ap_call_t call;
    fill_parameters(op, &call);
    memset(sizes, 0, sizeof *sizes);
    sizes->out_h = op->kind == AP_OP_MEAN ? 1 : out_side(op->in_h, op->stride);
    sizes->out_w = op->kind == AP_OP_MEAN ? 1 : out_side(op->in_w, op->stride);
    sizes->in = (uint64_t)op->in_h * op->in_w * in_c;
    sizes->out = (uint64_t)sizes->out_h * sizes->out_w * out_c;
    sizes->scratch = scratch_of(op, &call);
    switch (op->kind) {
    case AP_OP_CONV:
        sizes->weights = dense_weights(area * in_c, out_c);
        break;
    case AP_OP_DEPTHWISE:
        sizes->weights = area * ((in_c + 3) & ~(uint64_t)3);
        break;
    case AP_OP_POINTWISE:
    case AP_OP_FULLY_CONNECTED:
        sizes->weights = dense_weights(in_c, out_c);
        break;
    case AP_OP_POINTWISE_PAIR:
        sizes->weights = dense_weights(in_c, op->mid_c);
        sizes->weights2 = dense_weights(op->mid_c, out_c);
        break;
    case AP_OP_ADD:
        sizes->in2 = sizes->in;
        break;
    case AP_OP_SCALE:
        sizes->in2 = in_c;
        break;
    default:
        break;
    }
}

static ap_status_t refuse(ap_status_t status, uint16_t *detail, ap_operator_field_t field)
{
    *detail = (uint16_t)field;
    return status;
}

typedef struct {
    uint64_t begin, bytes;
} span_t;

static int fits(span_t span, uint32_t limit)
{
    return span.begin + span.bytes <= limit;
}

static int touch(span_t a, span_t b)
{
    return a.begin < b.begin + b.bytes && b.begin < a.begin + a.bytes;
}

/* Tensors that may lie on each other when the output begins at most `most` behind the input. */
static int spoils(span_t in, span_t out, int32_t most)
{
    if (!touch(in, out)) return 0;
    const int64_t offset = (int64_t)out.begin - (int64_t)in.begin;
    if (most == AK_NO_OVERLAP) return 1;
    return most == AK_IN_PLACE_ONLY ? offset != 0 : offset > most;
}

static int32_t max_offset(const ap_operator_t *op, const ap_call_t *call)
{
    switch (op->kind) {
    case AP_OP_CONV:
        return ak_conv2d_s8_max_offset(&call->p.conv);
    case AP_OP_DEPTHWISE:
        return ak_depthwise_s8_max_offset(&call->p.depthwise);
    case AP_OP_POINTWISE:
        return ak_pointwise_s8_max_offset(&call->p.pointwise);
    case AP_OP_POINTWISE_PAIR:
        return ak_pointwise_pair_s8_max_offset(&call->p.pair);
    case AP_OP_ADD:
        return ak_add_s8_max_offset(&call->p.add);
    case AP_OP_SCALE:
        return ak_mul_s8_max_offset(&call->p.scale);
    case AP_OP_FULLY_CONNECTED:
        return INT32_MAX;
    default:
        return AK_NO_OVERLAP;
    }
}

ap_status_t ap_operator_check(const ap_operator_t *op, uint32_t arena_bytes, uint32_t window_bytes,
                              uint16_t *detail)
{
    ap_operator_sizes_t size;
    ap_operator_sizes(op, &size);
    const span_t in = {op->in_offset, size.in}, in2 = {op->in2_offset, size.in2},
                 out = {op->out_offset, size.out};
    const span_t scratch = {op->scratch_offset, size.scratch};
    const span_t ram = {op->weights_ram, op->weight_place ? size.weights + size.weights2 : 0};
    const span_t weights = {op->weights_offset, size.weights},
                 weights2 = {op->weights2_offset, size.weights2};
    const int channels =
        ap_operator_uses(op->kind, AP_FIELD_PACKING); /* each with bias and multiplier */
    if (channels && op->out_c > AP_MAX_CHANNELS)
        return refuse(AP_DOES_NOT_FIT, detail, AP_FIELD_OUT_C);
    if (op->mid_c > AP_MAX_CHANNELS) return refuse(AP_DOES_NOT_FIT, detail, AP_FIELD_MID_C);
    if (!fits(in, arena_bytes)) return refuse(AP_DOES_NOT_FIT, detail, AP_FIELD_IN_OFFSET);
    if (!fits(in2, arena_bytes)) return refuse(AP_DOES_NOT_FIT, detail, AP_FIELD_IN2_OFFSET);
    if (!fits(out, arena_bytes)) return refuse(AP_DOES_NOT_FIT, detail, AP_FIELD_OUT_OFFSET);
    if (op->scratch_bytes != size.scratch)
        return refuse(AP_BAD_FIELD, detail, AP_FIELD_SCRATCH_BYTES);
    if (!fits(scratch, arena_bytes))
        return refuse(AP_DOES_NOT_FIT, detail, AP_FIELD_SCRATCH_OFFSET);
    if (!fits(weights, window_bytes))
        return refuse(AP_DOES_NOT_FIT, detail, AP_FIELD_WEIGHTS_OFFSET);
    if (!fits(weights2, window_bytes))
        return refuse(AP_DOES_NOT_FIT, detail, AP_FIELD_WEIGHTS2_OFFSET);
    if (!fits(ram, arena_bytes)) return refuse(AP_DOES_NOT_FIT, detail, AP_FIELD_WEIGHTS_RAM);
    ap_call_t call;
    fill_parameters(op, &call);
    const int32_t most = max_offset(op, &call);
    if (spoils(in, out, most) || spoils(in2, out, op->kind == AP_OP_ADD ? most : AK_NO_OVERLAP))
        return refuse(AP_BAD_FIELD, detail, AP_FIELD_OUT_OFFSET);
    if (touch(scratch, in) || touch(scratch, in2) || touch(scratch, out))
        return refuse(AP_BAD_FIELD, detail, AP_FIELD_SCRATCH_OFFSET);
    if (touch(ram, in) || touch(ram, in2) || touch(ram, out) || touch(ram, scratch))
        return refuse(AP_BAD_FIELD, detail, AP_FIELD_WEIGHTS_RAM);
    return AP_OK;
}

static ak_output_t output_of(const ap_operator_t *op, int has_act, int8_t zero_point, uint8_t shift)
{
    enum { HSWISH = 3, HSIGMOID = 4 };
    ak_output_t out = {ap_biases, ap_multipliers, NULL, zero_point, shift};
    if (has_act && op->act == HSWISH) out.table = ap_hswish_table;
    if (has_act && op->act == HSIGMOID) out.table = ap_hsigmoid_table;
    return out;
}

static ak_add_t add_of(const ap_operator_t *op)
{
    const int32_t a = ap_multipliers[0] >> 5, b = ap_multipliers[1] >> 5; /* below 2^20 */
    const int32_t half = op->shift ? (int32_t)1 << (op->shift - 1) : 0;
    const int32_t out =
        op->out_zero_point * (int32_t)((uint32_t)1 << op->shift); /* shift <= 22: within 2^29 */
    return (ak_add_t){(int32_t)((uint32_t)pixels_of(op) * op->in_c),
                      out + half - op->in_zero_point * a - op->in2_zero_point * b, a, b, op->shift};
}

static int run_conv(const ap_call_t *c)
{
    return (int)ak_conv2d_s8(&c->p.conv, c->in, c->out, c->scratch);
}
static int run_depthwise(const ap_call_t *c)
{
    return (int)ak_depthwise_s8(&c->p.depthwise, c->in, c->out, c->scratch);
}
static int run_pointwise(const ap_call_t *c)
{
    return (int)ak_pointwise_s8(&c->p.pointwise, c->in, c->out, c->scratch);
}
static int run_pair(const ap_call_t *c)
{
    return (int)ak_pointwise_pair_s8(&c->p.pair, c->in, c->out, c->scratch);
}
static int run_add(const ap_call_t *c)
{
    return (int)ak_add_s8(&c->p.add, c->in, c->in2, c->out);
}
static int run_scale(const ap_call_t *c)
{
    return (int)ak_mul_s8(&c->p.scale, c->in, c->in2, c->out);
}
static int run_mean(const ap_call_t *c)
{
    return (int)ak_mean_s8(&c->p.mean, c->in, c->out);
}
static int run_fully_connected(const ap_call_t *c)
{
    return (int)ak_fully_connected_s8(&c->p.fully_connected, c->in, c->out, c->scratch);
}

/* All but where tensors and weights lie. Shapes that do not fit any arena may wrap here: they are
 * refused before a kernel sees them, by sizes that do not. */
static void fill_parameters(const ap_operator_t *op, ap_call_t *call)
{
    const int32_t in_h = op->in_h, in_w = op->in_w, in_c = op->in_c, out_c = op->out_c;
    const int8_t in_zero = op->in_zero_point, out_zero = op->out_zero_point;
    const ak_output_t out = output_of(op, 1, out_zero, op->shift);
    memset(call, 0, sizeof *call);
    switch (op->kind) {
    case AP_OP_CONV:
        call->kernel = run_conv;
        call->p.conv = (ak_conv2d_t){NULL,  out,        in_h,       in_w,    in_c,
                                     out_c, op->kernel, op->stride, in_zero, op->packing};
        break;
    case AP_OP_DEPTHWISE:
        call->kernel = run_depthwise;
        call->p.depthwise = (ak_depthwise_t){NULL,       out,        in_h,    in_w,       in_c,
                                             op->kernel, op->stride, in_zero, op->packing};
        break;
    case AP_OP_POINTWISE:
        call->kernel = run_pointwise;
        call->p.pointwise = (ak_pointwise_t){NULL, out, pixels_of(op), in_c, out_c, op->packing};
        break;
    case AP_OP_POINTWISE_PAIR:
        call->kernel = run_pair;
        call->p.pair = (ak_pointwise_pair_t){NULL,
                                             NULL,
                                             output_of(op, 1, op->mid_zero_point, op->shift),
                                             output_of(op, 0, out_zero, op->shift2),
                                             pixels_of(op),
                                             in_c,
                                             op->mid_c,
                                             out_c,
                                             op->packing,
                                             op->packing2};
        break;
    case AP_OP_ADD:
        call->kernel = run_add;
        call->p.add = add_of(op);
        break;
    case AP_OP_SCALE:
        call->kernel = run_scale;
        call->p.scale = (ak_mul_t){pixels_of(op),      in_c,     ap_multipliers[0], in_zero,
                                   op->in2_zero_point, out_zero, op->shift};
        break;
    case AP_OP_MEAN:
        call->kernel = run_mean;
        call->p.mean = (ak_mean_t){pixels_of(op),
                                   in_c,
                                   (int32_t)(0u - (uint32_t)pixels_of(op) * (uint32_t)in_zero),
                                   ap_multipliers[0],
                                   out_zero,
                                   op->shift};
        break;
    default:
        call->kernel = run_fully_connected;
        call->p.fully_connected = (ak_fully_connected_t){NULL, out, in_c, out_c, op->packing};
        break;
    }
}

static void set_weights(const ap_operator_t *op, const int8_t *weights, const int8_t *weights2,
                        ap_call_t *call)
{
    switch (op->kind) {
    case AP_OP_CONV:
        call->p.conv.weights = weights;
        break;
    case AP_OP_DEPTHWISE:
        call->p.depthwise.weights = weights;
        break;
    case AP_OP_POINTWISE:
        call->p.pointwise.weights = weights;
        break;
    case AP_OP_POINTWISE_PAIR:
        call->p.pair.expand_weights = weights;
        call->p.pair.project_weights = weights2;
        break;
    case AP_OP_FULLY_CONNECTED:
        call->p.fully_connected.weights = weights;
        break;
    default:
        break;
    }
}

void ap_operator_fill(const ap_operator_t *op, uint8_t *arena)
{
    ap_operator_sizes_t size;
    ap_operator_sizes(op, &size);
    ap_fill(op->seed, arena + op->in_offset, (size_t)size.in);
    if (size.in2) ap_fill(op->seed ^ 0x80000000u, arena + op->in2_offset, (size_t)size.in2);
}

void ap_operator_load(const ap_operator_t *op, uint8_t *arena, const uint8_t *window)
{
    if (!op->weight_place) return;
    ap_operator_sizes_t size;
    ap_operator_sizes(op, &size);
    uint8_t *const ram = arena + op->weights_ram;
    memcpy(ram, window + op->weights_offset, (size_t)size.weights);
    if (size.weights2)
        memcpy(ram + size.weights, window + op->weights2_offset, (size_t)size.weights2);
}

void ap_operator_prepare(const ap_operator_t *op, uint8_t *arena, const uint8_t *window,
                         ap_call_t *call)
{
    ap_operator_sizes_t size;
    ap_operator_sizes(op, &size);
    fill_parameters(op, call);
    call->in = (const int8_t *)arena + op->in_offset;
    call->in2 = (const int8_t *)arena + op->in2_offset;
    call->out = (int8_t *)arena + op->out_offset;
    call->scratch = arena + op->scratch_offset;
    const int8_t *const ram = (const int8_t *)arena + op->weights_ram;
    const int8_t *const flash = (const int8_t *)window;
    if (op->weight_place)
        set_weights(op, ram, ram + size.weights, call);
    else
        set_weights(op, flash + op->weights_offset, flash + op->weights2_offset, call);
}

int ap_operator_run(const ap_operator_t *op, uint8_t *arena, const uint8_t *window)
{
    ap_call_t call;
    ap_operator_load(op, arena, window);
    ap_operator_prepare(op, arena, window, &call);
    return call.kernel(&call);
}

uint32_t ap_operator_crc(const ap_operator_t *op, const uint8_t *arena)
{
    ap_operator_sizes_t size;
    ap_operator_sizes(op, &size);
    return ap_crc32(0, arena + op->out_offset, (size_t)size.out);
}
