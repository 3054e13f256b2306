#include "core/exporters/onnx/onnx_builder.h"
#include "core/exporters/writers.h"

namespace atomnet
{

namespace
{

const TensorQuant probabilityQuant{1.0F / 256, -128};

/// Writes the operators on dequantised int8 tensors, each result quantised again. Convolutions keep
/// integer weights and biases, so that a runtime computes them in integers. relu and relu6 need no
/// node: their zero point is -128 (and relu6's largest value 6), so that quantising clamps.
class QdqWriter
{
public:
    QdqWriter(OnnxBuilder &builder, const QuantizedNetwork &network)
        : m_builder(builder)
        , m_network(network)
        , m_graph(exchangeGraph(network.graph, network.units))
        , m_quants(valueQuants(m_graph, network))
    {
    }

    void write(bool softmax)
    {
        for (std::size_t v = 0; v < m_graph.values.size(); ++v) {
            const ExchangeValue &value = m_graph.values[v];
            if (!value.isInput) continue;
            m_builder.addInput(value.name, nchw(value.shape));
            quantize(value.name, m_quants[v], quantizedName(value));
        }
        for (const ExchangeOperator &op : m_graph.operators)
            write(op);
        const ExchangeOperator &last = m_graph.operators.back();
        const QString logits = QStringLiteral("logits"),
                      probabilities = QStringLiteral("probabilities");
        const TensorQuant &quant = m_quants[std::size_t(last.output)];
        std::vector<qint64> shape = nchw(m_graph.output(last).shape);
        QString result = quantizedName(m_graph.output(last));
        if (last.kind == AtomKind::FullyConnected) {
            shape.resize(2);
            result = m_builder.node("Flatten", QStringLiteral("head.flatten"), {result},
                                    QStringLiteral("logits.quantized"));
        }
        dequantize(result, quant, logits);
        if (softmax) {
            const QString real = m_builder.node("Softmax", QStringLiteral("softmax"), {logits},
                                                QStringLiteral("softmax.real"));
            m_builder.attribute("axis", qint64(1));
            const QString quantized = QStringLiteral("softmax.quantized");
            quantize(real, probabilityQuant, quantized);
            dequantize(quantized, probabilityQuant, probabilities);
        }
        m_builder.addOutput(softmax ? probabilities : logits, shape);
    }

private:
    static QString quantizedName(const ExchangeValue &value)
    {
        return value.isInput ? value.name + QStringLiteral(".quantized") : value.name;
    }

    /// Scale and zero point, stored under the name of what they belong to.
    QStringList parameters(const QString &name, const TensorQuant &quant)
    {
        return {
            m_builder.store(name + QStringLiteral(".scale"), {}, std::vector<float>{quant.scale}),
            m_builder.store(name + QStringLiteral(".zero_point"), {},
                            std::vector<qint8>{qint8(quant.zeroPoint)})};
    }

    void quantize(const QString &real, const TensorQuant &quant, const QString &quantized)
    {
        m_builder.node("QuantizeLinear", quantized + QStringLiteral(".quantize"),
                       QStringList{real} + parameters(quantized, quant), quantized);
    }

    QString dequantize(const QString &quantized, const TensorQuant &quant, const QString &real)
    {
        return m_builder.node("DequantizeLinear", real + QStringLiteral(".dequantize"),
                              QStringList{quantized} + parameters(real, quant), real);
    }

    /// Input `which` of an operator as float: every reader has a node of its own, as runtimes look
    /// for.
    QString realInput(const ExchangeOperator &op, int which)
    {
        const std::size_t value = std::size_t(op.inputs[std::size_t(which)]);
        return dequantize(quantizedName(m_graph.values[value]), m_quants[value],
                          QStringLiteral("%1.in%2").arg(op.name).arg(which));
    }

    /// Stored integers with one scale a channel, as float.
    template <class T>
    QString perChannel(const QString &name, const std::vector<qint64> &shape,
                       const std::vector<T> &values, const std::vector<float> &scales)
    {
        const std::vector<qint64> channels{qint64(scales.size())};
        const QString integers = m_builder.store(name, shape, values);
        const QString scale = m_builder.store(name + QStringLiteral(".scale"), channels, scales);
        const QString zero = m_builder.store(name + QStringLiteral(".zero_point"), channels,
                                             std::vector<T>(scales.size(), 0));
        m_builder.node("DequantizeLinear", name + QStringLiteral(".dequantize"),
                       {integers, scale, zero}, name + QStringLiteral(".real"));
        m_builder.attribute("axis", qint64(0));
        return name + QStringLiteral(".real");
    }

    void write(const ExchangeOperator &op)
    {
        if (op.unit >= 0) {
            writeUnit(op);
            return;
        }
        QStringList inputs{realInput(op, 0)};
        if (op.inputs[1] >= 0) inputs << realInput(op, 1);
        const char *type = op.kind == AtomKind::Add     ? "Add"
                           : op.kind == AtomKind::Scale ? "Mul"
                                                        : "GlobalAveragePool";
        const QString real =
            m_builder.node(type, op.name, inputs, op.name + QStringLiteral(".real"));
        quantize(real, m_quants[std::size_t(op.output)], m_graph.output(op).name);
    }

    void writeUnit(const ExchangeOperator &op)
    {
        const WeightUnit &unit = m_network.units[std::size_t(op.unit)];
        const UnitQuant &quant = m_network.quants[std::size_t(op.unit)];
        std::vector<float> biasScales;
        for (const float scale : quant.scales)
            biasScales.push_back(quant.input.scale * scale);
        const QString in = realInput(op, 0);
        const QString weight = perChannel(op.name + QStringLiteral(".weight"), weightShape(unit),
                                          channelsFirst(quant.weights, unit), quant.scales);
        const QString bias =
            perChannel(op.name + QStringLiteral(".bias"), {unit.out}, quant.bias, biasScales);
        const QString real =
            m_builder.node("Conv", op.name, {in, weight, bias}, op.name + QStringLiteral(".real"));
        m_builder.convolutionAttributes(op, unit.depthwise ? unit.out : 1);
        const QString output = m_graph.output(op).name;
        if (op.act != KeyAct::HSwish && op.act != KeyAct::HSigmoid) {
            quantize(real, quant.convolved, output);
            return;
        }
        const QString convolved = op.name + QStringLiteral(".convolved"),
                      act = op.name + QStringLiteral(".act");
        quantize(real, quant.convolved, convolved);
        const QString input = dequantize(convolved, quant.convolved, act + QStringLiteral(".in0"));
        quantize(m_builder.activation(op.act, act, input, act + QStringLiteral(".real")),
                 quant.output, output);
    }

    OnnxBuilder &m_builder;
    const QuantizedNetwork &m_network;
    ExchangeGraph m_graph;
    std::vector<TensorQuant> m_quants;
};

} // namespace

Result<QByteArray> writeOnnxQdq(const Network &network, const Prepared &prepared,
                                const ExportRequest &request)
{
    const QuantizedNetwork &quantized = prepared.quantized;
    if (auto fits = checkFileSize(quantized.units, 1); !fits)
        return tl::make_unexpected(fits.error());
    OnnxBuilder builder(
        fileNotes(network.name, quantized.normalisation, quantized.labels, quantized.trained));
    QdqWriter(builder, quantized).write(request.softmax);
    return builder.bytes();
}

} // namespace atomnet
