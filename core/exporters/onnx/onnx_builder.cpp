#include "core/exporters/onnx/onnx_builder.h"

namespace atomnet
{

static_assert(Q_BYTE_ORDER == Q_LITTLE_ENDIAN, "raw_data is little endian");

namespace
{

constexpr int irVersion = 7, opset = 14;

std::string utf8(const QString &text)
{
    return text.toStdString();
}

} // namespace

OnnxBuilder::OnnxBuilder(const FileNotes &notes)
{
    m_model.set_ir_version(irVersion);
    m_model.set_producer_name("AtomNet Designer");
    auto *set = m_model.add_opset_import();
    set->set_domain("");
    set->set_version(opset);
    for (const auto &[key, value] : notes.entries()) {
        auto *entry = m_model.add_metadata_props();
        entry->set_key(utf8(key));
        entry->set_value(utf8(value));
    }
    m_graph = m_model.mutable_graph();
    m_graph->set_name(notes.design.isEmpty() ? "network" : utf8(notes.design));
}

void OnnxBuilder::addPort(const QString &name, const std::vector<qint64> &shape, bool output)
{
    auto *port = output ? m_graph->add_output() : m_graph->add_input();
    port->set_name(utf8(name));
    auto *type = port->mutable_type()->mutable_tensor_type();
    type->set_elem_type(onnx::TensorProto::FLOAT);
    for (const qint64 side : shape)
        type->mutable_shape()->add_dim()->set_dim_value(side);
}

onnx::TensorProto *OnnxBuilder::tensor(const QString &name, int type,
                                       const std::vector<qint64> &shape, const void *values,
                                       std::size_t bytes)
{
    onnx::TensorProto *stored = m_graph->add_initializer();
    stored->set_name(utf8(name));
    stored->set_data_type(type);
    for (const qint64 side : shape)
        stored->add_dims(side);
    stored->set_raw_data(values, bytes);
    return stored;
}

QString OnnxBuilder::store(const QString &name, const std::vector<qint64> &shape,
                           const std::vector<float> &values)
{
    tensor(name, onnx::TensorProto::FLOAT, shape, values.data(), values.size() * sizeof(float));
    return name;
}

QString OnnxBuilder::store(const QString &name, const std::vector<qint64> &shape,
                           const std::vector<qint8> &values)
{
    tensor(name, onnx::TensorProto::INT8, shape, values.data(), values.size());
    return name;
}

QString OnnxBuilder::store(const QString &name, const std::vector<qint64> &shape,
                           const std::vector<qint32> &values)
{
    tensor(name, onnx::TensorProto::INT32, shape, values.data(), values.size() * sizeof(qint32));
    return name;
}

QString OnnxBuilder::node(const char *type, const QString &name, const QStringList &inputs,
                          const QString &output)
{
    m_node = m_graph->add_node();
    m_node->set_op_type(type);
    m_node->set_name(utf8(name));
    for (const QString &input : inputs)
        m_node->add_input(utf8(input));
    m_node->add_output(utf8(output));
    return output;
}

onnx::AttributeProto *OnnxBuilder::newAttribute(const char *name,
                                                onnx::AttributeProto::AttributeType type)
{
    onnx::AttributeProto *attribute = m_node->add_attribute();
    attribute->set_name(name);
    attribute->set_type(type);
    return attribute;
}

void OnnxBuilder::attribute(const char *name, qint64 value)
{
    newAttribute(name, onnx::AttributeProto::INT)->set_i(value);
}

void OnnxBuilder::attribute(const char *name, float value)
{
    newAttribute(name, onnx::AttributeProto::FLOAT)->set_f(value);
}

void OnnxBuilder::attribute(const char *name, const std::vector<qint64> &values)
{
    auto *list = newAttribute(name, onnx::AttributeProto::INTS);
    for (const qint64 value : values)
        list->add_ints(value);
}

QString OnnxBuilder::activation(KeyAct act, const QString &name, const QString &input,
                                const QString &output)
{
    switch (act) {
    case KeyAct::Relu:
        return node("Relu", name, {input}, output);
    case KeyAct::Relu6:
        if (!m_clipped) {
            store(QStringLiteral("relu6.min"), {}, std::vector<float>{0});
            store(QStringLiteral("relu6.max"), {}, std::vector<float>{6});
            m_clipped = true;
        }
        return node("Clip", name, {input, QStringLiteral("relu6.min"), QStringLiteral("relu6.max")},
                    output);
    case KeyAct::HSwish:
        return node("HardSwish", name, {input}, output);
    case KeyAct::HSigmoid:
        node("HardSigmoid", name, {input}, output);
        attribute("alpha", 1.0F / 6.0F);
        attribute("beta", 0.5F);
        return output;
    case KeyAct::None:
    case KeyAct::Unknown:
        break;
    }
    Q_ASSERT(false);
    return input;
}

void OnnxBuilder::convolutionAttributes(const ExchangeOperator &op, int groups)
{
    const qint64 pad = op.kernel / 2;
    attribute("group", qint64(groups));
    attribute("kernel_shape", {op.kernel, op.kernel});
    attribute("pads", {pad, pad, pad, pad});
    attribute("strides", {op.stride, op.stride});
}

QByteArray OnnxBuilder::bytes() const
{
    return QByteArray::fromStdString(m_model.SerializeAsString());
}

} // namespace atomnet
