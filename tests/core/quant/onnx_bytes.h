#pragma once

#include "core/formats/onnx.pb.h"
#include "tests/core/quant/weight_bytes.h"

// ONNX models written by hand, as PyTorch exports them.
namespace atomnet::test
{

class OnnxModel
{
public:
    onnx::ModelProto model;
    onnx::GraphProto &graph = *model.mutable_graph();

    OnnxModel()
    {
        model.set_ir_version(7);
        graph.add_input()->set_name("x");
    }

    onnx::TensorProto &store(const NamedTensor &tensor)
    {
        onnx::TensorProto &proto = *graph.add_initializer();
        proto.set_name(tensor.name.toStdString());
        for (const qint64 side : tensor.shape)
            proto.add_dims(side);
        proto.set_data_type(onnx::TensorProto::FLOAT);
        proto.set_raw_data(floatBytes(tensor.values).toStdString());
        return proto;
    }

    onnx::NodeProto &node(const char *type, const QStringList &inputs, const QString &output)
    {
        onnx::NodeProto &node = *graph.add_node();
        node.set_op_type(type);
        for (const QString &input : inputs)
            node.add_input(input.toStdString());
        node.add_output(output.toStdString());
        return node;
    }

    QByteArray bytes() const { return QByteArray::fromStdString(model.SerializeAsString()); }
};

inline void setInt(onnx::NodeProto &node, const char *name, qint64 value)
{
    onnx::AttributeProto &attribute = *node.add_attribute();
    attribute.set_name(name);
    attribute.set_i(value);
}

inline void setFloat(onnx::NodeProto &node, const char *name, float value)
{
    onnx::AttributeProto &attribute = *node.add_attribute();
    attribute.set_name(name);
    attribute.set_f(value);
}

/// trainedTensors() as exported with names and batch norm kept; equal tensors are stored once and
/// aliased.
inline OnnxModel namedModel()
{
    OnnxModel made;
    const auto name = [](const char *text) { return QString::fromLatin1(text); };
    for (const NamedTensor &tensor : trainedTensors())
        if (!tensor.name.endsWith(name("num_batches_tracked")) &&
            tensor.name != name("stages.1.0.0.dw.bn.running_mean"))
            made.store(tensor);
    // -1, -0.75, ... is the stem's shift as well
    made.node("Identity", {name("stages.0.0.0.conv.bn.bias")}, name("again"));
    made.node("Identity", {name("again")}, name("stages.1.0.0.dw.bn.running_mean"));
    QString value = name("x");
    for (const char *unit : {"stages.0.0.0.conv", "stages.1.0.0.dw"}) {
        const QString conv = name(unit) + name(".conv"), norm = name(unit) + name(".bn");
        made.node("Conv", {value, conv + name(".weight")}, conv);
        auto &node = made.node("BatchNormalization",
                               {conv, norm + name(".weight"), norm + name(".bias"),
                                norm + name(".running_mean"), norm + name(".running_var")},
                               norm);
        setFloat(node, "epsilon", 1e-5F);
        made.node("Relu", {norm}, norm + name(".relu"));
        value = norm + name(".relu");
    }
    made.node("GlobalAveragePool", {value}, name("pooled"));
    made.node("Flatten", {name("pooled")}, name("flat"));
    auto &product = made.node(
        "Gemm", {name("flat"), name("head.classifier.weight"), name("head.classifier.bias")},
        name("y"));
    setInt(product, "transB", 1);
    return made;
}

} // namespace atomnet::test
