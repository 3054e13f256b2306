#include "tests/firmware/profiler/example_operators.h"

namespace
{
enum : uint32_t { Second = 4096, Output = 8192, Scratch = 12288 };

ap_operator_t shaped(ap_op_t kind, uint16_t h, uint16_t w, uint16_t inC, uint16_t outC)
{
    ap_operator_t op{};
    op.kind = kind;
    op.in_h = h;
    op.in_w = w;
    op.in_c = inC;
    op.out_c = outC;
    op.shift = 7;
    op.out_zero_point = -9;
    op.out_offset = Output;
    return op;
}

void finish(ap_operator_t &op)
{
    ap_operator_sizes_t size;
    ap_operator_sizes(&op, &size);
    op.scratch_bytes = uint32_t(size.scratch);
    if (op.scratch_bytes) op.scratch_offset = Scratch;
}

ap_operator_t dense(ap_op_t kind, uint16_t h, uint16_t w, uint16_t inC, uint16_t outC,
                    uint8_t packing)
{
    ap_operator_t op = shaped(kind, h, w, inC, outC);
    op.packing = packing;
    op.weights_offset = 64;
    return op;
}
} // namespace

std::vector<ExampleOperator> exampleOperators(uint32_t seed)
{
    std::vector<ExampleOperator> all;
    for (const uint8_t packing : {AK_PACKING_PLAIN_4X2, AK_PACKING_HILO_4X2}) {
        const bool hilo = packing == AK_PACKING_HILO_4X2;
        ap_operator_t op = dense(AP_OP_CONV, 11, 9, 5, 7, packing);
        op.kernel = 3;
        op.stride = 2;
        op.in_zero_point = 4;
        op.act = 3;
        all.push_back({hilo ? "conv hi/lo" : "conv plain", op});
        op = dense(AP_OP_POINTWISE, 7, 5, 18, 13, packing);
        op.act = 1;
        all.push_back({hilo ? "pointwise hi/lo" : "pointwise plain", op});
        op.weight_place = 1;
        op.weights_ram = 2048;
        all.push_back({hilo ? "pointwise hi/lo from RAM" : "pointwise plain from RAM", op});
        op = dense(AP_OP_POINTWISE_PAIR, 6, 5, 10, 9, packing);
        op.mid_c = 22;
        op.packing2 = uint8_t(AK_PACKING_PLAIN_4X2 + AK_PACKING_HILO_4X2 - packing);
        op.shift2 = 6;
        op.mid_zero_point = 3;
        op.act = 4;
        op.weights2_offset = 1024;
        all.push_back({hilo ? "pair hi/lo, plain" : "pair plain, hi/lo", op});
        op.weight_place = 1;
        op.weights_ram = 2048;
        all.push_back({hilo ? "pair hi/lo, plain from RAM" : "pair plain, hi/lo from RAM", op});
        op = dense(AP_OP_FULLY_CONNECTED, 1, 1, 77, 11, packing);
        all.push_back({hilo ? "fully connected hi/lo" : "fully connected plain", op});
    }
    static const char *const names[] = {"depthwise 3, stride 1", "depthwise 3, stride 2",
                                        "depthwise 5, stride 1", "depthwise 5, stride 2",
                                        "depthwise 7, stride 1", "depthwise 7, stride 2"};
    for (int i = 0; i < 6; ++i) {
        ap_operator_t op = shaped(AP_OP_DEPTHWISE, 9, 10, 10, 10);
        op.packing = AK_PACKING_DEPTHWISE;
        op.kernel = uint8_t(3 + i / 2 * 2);
        op.stride = uint8_t(1 + i % 2);
        op.in_zero_point = -3;
        op.out_offset = op.in_offset; // in place
        all.push_back({names[i], op});
    }
    ap_operator_t op = shaped(AP_OP_ADD, 5, 6, 7, 7);
    op.shift = 20;
    op.in_zero_point = 5;
    op.in2_zero_point = -6;
    op.in2_offset = Second;
    all.push_back({"add", op});
    op.kind = AP_OP_SCALE;
    op.shift = 8;
    all.push_back({"scale", op});
    op = shaped(AP_OP_MEAN, 7, 6, 12, 12);
    op.in_zero_point = -2;
    op.shift = 4;
    all.push_back({"mean", op});
    for (ExampleOperator &example : all) {
        finish(example.op);
        example.op.seed = seed;
    }
    return all;
}
