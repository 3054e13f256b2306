#include "core/exporters/tflite/tflite_builder.h"

#include <algorithm>

namespace atomnet
{

static_assert(Q_BYTE_ORDER == Q_LITTLE_ENDIAN, "buffers are little endian");

using namespace tflite;

namespace
{

constexpr quint32 schemaVersion = 3;
constexpr std::size_t bufferAlignment = 16;
constexpr int largestOldCode = 127; ///< the field of old readers is one byte

} // namespace

quint32 TfLiteBuilder::buffer(const void *values, std::size_t bytes)
{
    m_bytes.ForceVectorAlignment(bytes, 1, bufferAlignment);
    const auto data = m_bytes.CreateVector(static_cast<const quint8 *>(values), bytes);
    m_buffers.push_back(CreateBuffer(m_bytes, data));
    return quint32(m_buffers.size() - 1);
}

int TfLiteBuilder::tensor(const QString &name, const std::vector<int> &shape, TensorType type,
                          quint32 buffer, const TfLiteQuant &quant)
{
    flatbuffers::Offset<QuantizationParameters> parameters = 0;
    if (!quant.scales.empty()) {
        const std::vector<qint64> zeroPoints(quant.scales.size(), quant.zeroPoint);
        const auto scales = m_bytes.CreateVector(quant.scales);
        const auto zeros = m_bytes.CreateVector(
            reinterpret_cast<const int64_t *>(zeroPoints.data()), zeroPoints.size());
        QuantizationParametersBuilder builder(m_bytes);
        builder.add_scale(scales);
        builder.add_zero_point(zeros);
        builder.add_quantized_dimension(quant.axis);
        parameters = builder.Finish();
    }
    const auto sides = m_bytes.CreateVector(shape);
    const auto text = m_bytes.CreateString(name.toStdString());
    m_tensors.push_back(CreateTensor(m_bytes, sides, type, buffer, text, parameters));
    return int(m_tensors.size() - 1);
}

int TfLiteBuilder::activation(const QString &name, const std::vector<int> &shape,
                              const TensorQuant &quant)
{
    return tensor(name, shape, TensorType_INT8, 0, {{quant.scale}, quant.zeroPoint, 0});
}

int TfLiteBuilder::stored(const QString &name, const std::vector<int> &shape,
                          const std::vector<qint8> &values, const TfLiteQuant &quant)
{
    return tensor(name, shape, TensorType_INT8, buffer(values.data(), values.size()), quant);
}

int TfLiteBuilder::stored(const QString &name, const std::vector<int> &shape,
                          const std::vector<qint32> &values, const TfLiteQuant &quant)
{
    return tensor(name, shape, TensorType_INT32,
                  buffer(values.data(), values.size() * sizeof(qint32)), quant);
}

void TfLiteBuilder::append(BuiltinOperator type, int version, const std::vector<int> &inputs,
                           int output, BuiltinOptions optionsType,
                           flatbuffers::Offset<void> options)
{
    auto code =
        std::find_if(m_codes.begin(), m_codes.end(), [=](const Code &c) { return c.type == type; });
    if (code == m_codes.end()) code = m_codes.insert(code, {type, version});
    const auto in = m_bytes.CreateVector(inputs);
    const auto out = m_bytes.CreateVector(std::vector<int>{output});
    m_operators.push_back(
        CreateOperator(m_bytes, quint32(code - m_codes.begin()), in, out, optionsType, options));
}

// The versions are those in which each operator learned int8 (and per-channel scales).

void TfLiteBuilder::conv(const std::vector<int> &inputs, int output, bool same, int stride)
{
    const auto options =
        CreateConv2DOptions(m_bytes, same ? Padding_SAME : Padding_VALID, stride, stride);
    append(BuiltinOperator_CONV_2D, 3, inputs, output, BuiltinOptions_Conv2DOptions,
           options.Union());
}

void TfLiteBuilder::depthwise(const std::vector<int> &inputs, int output, bool same, int stride)
{
    const auto options = CreateDepthwiseConv2DOptions(m_bytes, same ? Padding_SAME : Padding_VALID,
                                                      stride, stride, 1);
    append(BuiltinOperator_DEPTHWISE_CONV_2D, 3, inputs, output,
           BuiltinOptions_DepthwiseConv2DOptions, options.Union());
}

void TfLiteBuilder::pad(int input, int pads, int output)
{
    append(BuiltinOperator_PAD, 2, {input, pads}, output, BuiltinOptions_PadOptions,
           CreatePadOptions(m_bytes).Union());
}

void TfLiteBuilder::hardSwish(int input, int output)
{
    append(BuiltinOperator_HARD_SWISH, 1, {input}, output, BuiltinOptions_HardSwishOptions,
           CreateHardSwishOptions(m_bytes).Union());
}

void TfLiteBuilder::add(int a, int b, int output, bool relu6)
{
    const auto options = CreateAddOptions(m_bytes, relu6 ? ActivationFunctionType_RELU6
                                                         : ActivationFunctionType_NONE);
    append(BuiltinOperator_ADD, 2, {a, b}, output, BuiltinOptions_AddOptions, options.Union());
}

void TfLiteBuilder::mul(int a, int b, int output)
{
    append(BuiltinOperator_MUL, 2, {a, b}, output, BuiltinOptions_MulOptions,
           CreateMulOptions(m_bytes).Union());
}

void TfLiteBuilder::mean(int input, int axes, int output)
{
    append(BuiltinOperator_MEAN, 2, {input, axes}, output, BuiltinOptions_ReducerOptions,
           CreateReducerOptions(m_bytes, true).Union());
}

void TfLiteBuilder::reshape(int input, int shape, const std::vector<int> &sides, int output)
{
    const auto options = CreateReshapeOptions(m_bytes, m_bytes.CreateVector(sides));
    append(BuiltinOperator_RESHAPE, 1, {input, shape}, output, BuiltinOptions_ReshapeOptions,
           options.Union());
}

void TfLiteBuilder::softmax(int input, int output)
{
    append(BuiltinOperator_SOFTMAX, 2, {input}, output, BuiltinOptions_SoftmaxOptions,
           CreateSoftmaxOptions(m_bytes, 1.0F).Union());
}

QByteArray TfLiteBuilder::finish(const std::vector<int> &inputs, const std::vector<int> &outputs,
                                 const QString &description)
{
    std::vector<flatbuffers::Offset<OperatorCode>> codes;
    for (const Code &code : m_codes)
        codes.push_back(CreateOperatorCode(m_bytes, qint8(std::min(int(code.type), largestOldCode)),
                                           0, code.version, code.type));
    const auto tensors = m_bytes.CreateVector(m_tensors);
    const auto in = m_bytes.CreateVector(inputs), out = m_bytes.CreateVector(outputs);
    const auto operators = m_bytes.CreateVector(m_operators);
    const auto name = m_bytes.CreateString("main");
    const std::vector<flatbuffers::Offset<SubGraph>> graphs{
        CreateSubGraph(m_bytes, tensors, in, out, operators, name)};
    const auto allCodes = m_bytes.CreateVector(codes);
    const auto allGraphs = m_bytes.CreateVector(graphs);
    const auto text = m_bytes.CreateString(description.toStdString());
    const auto buffers = m_bytes.CreateVector(m_buffers);
    FinishModelBuffer(m_bytes,
                      CreateModel(m_bytes, schemaVersion, allCodes, allGraphs, text, buffers));
    return {reinterpret_cast<const char *>(m_bytes.GetBufferPointer()),
            qsizetype(m_bytes.GetSize())};
}

} // namespace atomnet
