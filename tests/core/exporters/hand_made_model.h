#pragma once

#include "core/exporters/cproject/c_model.h"

#include <cmath>

// A model without a design: six calls on hand-placed tensors, so that the writer is tested apart
// from the quantiser.
namespace atomnet::test
{

inline QByteArray littleEndian(const std::vector<qint32> &values)
{
    return QByteArray(reinterpret_cast<const char *>(values.data()), qsizetype(4 * values.size()));
}

/// 8x8x4 -> depthwise -> mean as gate -> mul -> add the input -> mean -> softmax.
inline CModel handMadeModel()
{
    CModel model;
    model.title = QStringLiteral("hand-made");
    model.designHash = "0123456789abcdef";
    model.input = {8, 8, 4};
    QByteArray weights;
    for (int i = 0; i < 36; ++i)
        weights += char(i * 37 % 255 - 127);
    std::vector<qint32> exponents;
    for (int d = 0; d < 256; ++d)
        exponents.push_back(qint32(std::lround(std::exp(-d * 0.05) * (1 << 20))));
    QByteArray table;
    for (int i = 0; i < 256; ++i)
        table += char(std::max(i - 128, -100));
    Program &program = model.program;
    using Type = Constant::Type;
    program.constants = {
        {Type::Int8, QStringLiteral("dw_weights"), weights},
        {Type::Int32, QStringLiteral("dw_bias"), littleEndian({-900, 12, 0, 77})},
        {Type::Int32, QStringLiteral("dw_multiplier"),
         littleEndian({1900000000, 1500000000, 1100000000, 2000000000})},
        {Type::Int8, QStringLiteral("dw_table"), table},
        {Type::UInt32, QStringLiteral("softmax_exponents"), littleEndian(exponents)}};
    const auto step = [&program](int atom, const char *name, Call call, qint64 in, qint64 in2,
                                 qint64 out, qint64 bytes, qint64 scratch) {
        program.steps.push_back(
            {atom, QLatin1String(name), std::move(call), {in, in2}, out, bytes, scratch});
    };
    const OutputStage stage{.bias = 1, .multiplier = 2, .table = 3, .zeroPoint = -3, .shift = 9};
    step(0, "dw", DepthwiseCall{{8, 8, 4}, 3, 1, 5, 3, 0, stage}, 0, -1, 256, 256, 768);
    const MeanCall mean{64, 4, 64 * 3, 1 << 26, 7, 0};
    step(1, "gate \"1\"", mean, 256, -1, 512, 4, 0);
    step(2, "mul", MulCall{64, 4, 1 << 24, -3, -128, 1, 0}, 256, 512, 256, 256, 0);
    step(3, "add", AddCall{256, 1 << 15, 60000, 50000, 16}, 0, 256, 0, 256, 0);
    step(4, "pool */", mean, 0, -1, 600, 4, 0);
    step(-1, "softmax", SoftmaxCall{4, 4}, 600, -1, 600, 4, 0);
    program.arenaBytes = 768 + 320;
    program.inputBytes = 256;
    program.outputOffset = 600;
    program.outputBytes = 4;
    program.input = {0.02f, 5};
    program.output = {1.0f / 256, -128};
    model.softmax = true;
    return model;
}

} // namespace atomnet::test
