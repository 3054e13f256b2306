#pragma once

#include "core/exporters/exchange/operators.h"
#include "core/formats/onnx.pb.h"

// Putting an ONNX file together, opset 14.
namespace atomnet
{

class OnnxBuilder
{
public:
    explicit OnnxBuilder(const FileNotes &notes);

    void addInput(const QString &name, const std::vector<qint64> &shape)
    {
        addPort(name, shape, false);
    }
    void addOutput(const QString &name, const std::vector<qint64> &shape)
    {
        addPort(name, shape, true);
    }

    /// Stored tensors; an empty shape is a scalar. Each returns its name.
    QString store(const QString &name, const std::vector<qint64> &shape,
                  const std::vector<float> &values);
    QString store(const QString &name, const std::vector<qint64> &shape,
                  const std::vector<qint8> &values);
    QString store(const QString &name, const std::vector<qint64> &shape,
                  const std::vector<qint32> &values);

    /// Appends a node with one output and returns that output's name. The node is called `name`.
    QString node(const char *type, const QString &name, const QStringList &inputs,
                 const QString &output);
    /// Attributes of the node appended last.
    void attribute(const char *name, qint64 value);
    void attribute(const char *name, float value);
    void attribute(const char *name, const std::vector<qint64> &values);

    /// relu, relu6 (clip), hswish or hsigmoid behind `input`; `act` is one of them.
    QString activation(KeyAct act, const QString &name, const QString &input,
                       const QString &output);
    /// Kernel, stride, pads k/2 and groups of the convolution appended last.
    void convolutionAttributes(const ExchangeOperator &op, int groups);

    [[nodiscard]] QByteArray bytes() const;

private:
    onnx::TensorProto *tensor(const QString &name, int type, const std::vector<qint64> &shape,
                              const void *values, std::size_t bytes);
    void addPort(const QString &name, const std::vector<qint64> &shape, bool output);
    onnx::AttributeProto *newAttribute(const char *name, onnx::AttributeProto::AttributeType type);

    onnx::ModelProto m_model;
    onnx::GraphProto *m_graph = nullptr;
    onnx::NodeProto *m_node = nullptr;
    bool m_clipped = false;
};

/// 1 x channels x height x width.
[[nodiscard]] inline std::vector<qint64> nchw(const Shape &shape)
{
    return {1, shape.c, shape.h, shape.w};
}
[[nodiscard]] inline std::vector<qint64> weightShape(const WeightUnit &unit)
{
    return {unit.out, unit.in, unit.kernel, unit.kernel};
}

} // namespace atomnet
