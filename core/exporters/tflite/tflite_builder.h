#pragma once

#include "core/quant/quantized_network.h"

#include "core/formats/tflite_generated.h"

#include <QByteArray>
#include <QString>

#include <vector>

// Putting a TFLite file together, schema version 3. The same calls give the same bytes.
namespace atomnet
{

/// How the numbers of a tensor are meant: one scale, or one for each index of `axis`.
struct TfLiteQuant {
    std::vector<float> scales; ///< empty: not quantised
    int zeroPoint = 0, axis = 0;
};

class TfLiteBuilder
{
public:
    /// Tensors; each returns its index. Values: stored ones.
    int activation(const QString &name, const std::vector<int> &shape, const TensorQuant &quant);
    int stored(const QString &name, const std::vector<int> &shape, const std::vector<qint8> &values,
               const TfLiteQuant &quant);
    int stored(const QString &name, const std::vector<int> &shape,
               const std::vector<qint32> &values, const TfLiteQuant &quant = {});

    void conv(const std::vector<int> &inputs, int output, bool same, int stride);
    void depthwise(const std::vector<int> &inputs, int output, bool same, int stride);
    void pad(int input, int pads, int output);
    void hardSwish(int input, int output);
    /// Sum, clamped to 0 .. 6 when `relu6`.
    void add(int a, int b, int output, bool relu6);
    void mul(int a, int b, int output);
    void mean(int input, int axes, int output);
    void reshape(int input, int shape, const std::vector<int> &sides, int output);
    void softmax(int input, int output);

    /// The finished file.
    [[nodiscard]] QByteArray finish(const std::vector<int> &inputs, const std::vector<int> &outputs,
                                    const QString &description);

private:
    int tensor(const QString &name, const std::vector<int> &shape, tflite::TensorType type,
               quint32 buffer, const TfLiteQuant &quant);
    quint32 buffer(const void *values, std::size_t bytes);
    void append(tflite::BuiltinOperator type, int version, const std::vector<int> &inputs,
                int output, tflite::BuiltinOptions optionsType = tflite::BuiltinOptions_NONE,
                flatbuffers::Offset<void> options = 0);

    struct Code {
        tflite::BuiltinOperator type;
        int version;
    };
    flatbuffers::FlatBufferBuilder m_bytes{1 << 20};
    std::vector<Code> m_codes;
    std::vector<flatbuffers::Offset<tflite::Tensor>> m_tensors;
    std::vector<flatbuffers::Offset<tflite::Buffer>> m_buffers{
        tflite::CreateBuffer(m_bytes)}; ///< [0]: none
    std::vector<flatbuffers::Offset<tflite::Operator>> m_operators;
};

} // namespace atomnet
