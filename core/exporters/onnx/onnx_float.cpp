#include "core/exporters/onnx/onnx_builder.h"
#include "core/exporters/writers.h"

namespace atomnet
{

namespace
{

/// Writes the operators as float nodes; batch norm is folded into weights and bias.
class FloatWriter
{
public:
    FloatWriter(OnnxBuilder &builder, const Prepared &prepared)
        : m_builder(builder)
        , m_prepared(prepared)
        , m_graph(exchangeGraph(prepared.graph, prepared.units))
    {
    }

    void write(bool softmax)
    {
        for (const ExchangeValue &value : m_graph.values)
            if (value.isInput) m_builder.addInput(value.name, nchw(value.shape));
        const ExchangeOperator &last = m_graph.operators.back();
        ExchangeValue &result = m_graph.values[std::size_t(last.output)];
        const QString logits = QStringLiteral("logits"),
                      probabilities = QStringLiteral("probabilities");
        result.name = logits;
        for (const ExchangeOperator &op : m_graph.operators)
            write(op);
        std::vector<qint64> shape = nchw(result.shape);
        if (isDense(last)) shape.resize(2);
        if (softmax) {
            m_builder.node("Softmax", QStringLiteral("softmax"), {logits}, probabilities);
            m_builder.attribute("axis", qint64(1));
        }
        m_builder.addOutput(softmax ? probabilities : logits, shape);
    }

private:
    /// The head's layers read vectors; those of squeeze-and-excite keep their 1 x 1 maps.
    [[nodiscard]] static bool isDense(const ExchangeOperator &op)
    {
        return op.role == Role::Hidden || op.role == Role::Classifier;
    }

    void write(const ExchangeOperator &op)
    {
        const QString in = m_graph.input(op).name, out = m_graph.output(op).name;
        switch (op.kind) {
        case AtomKind::Add:
            m_builder.node("Add", op.name, {in, m_graph.input(op, 1).name}, out);
            break;
        case AtomKind::Scale:
            m_builder.node("Mul", op.name, {in, m_graph.input(op, 1).name}, out);
            break;
        case AtomKind::Mean:
            m_builder.node("GlobalAveragePool", op.name, {in}, out);
            break;
        default:
            writeUnit(op, in, out);
        }
    }

    void writeUnit(const ExchangeOperator &op, const QString &in, const QString &out)
    {
        const WeightUnit &unit = m_prepared.units[std::size_t(op.unit)];
        const UnitWeights &numbers = m_prepared.weights.units[std::size_t(op.unit)];
        std::vector<qint64> shape = weightShape(unit);
        if (isDense(op)) shape.resize(2);
        const QString weight = m_builder.store(op.name + QStringLiteral(".weight"), shape,
                                               channelsFirst(numbers.weights, unit));
        const QString bias =
            m_builder.store(op.name + QStringLiteral(".bias"), {unit.out}, numbers.bias);
        const QString linear = op.act == KeyAct::None ? out : op.name + QStringLiteral(".linear");
        if (isDense(op)) {
            m_builder.node("Gemm", op.name, {flat(op, in), weight, bias}, linear);
            m_builder.attribute("transB", qint64(1));
        } else {
            m_builder.node("Conv", op.name, {in, weight, bias}, linear);
            m_builder.convolutionAttributes(op, unit.depthwise ? unit.out : 1);
        }
        if (op.act != KeyAct::None)
            m_builder.activation(op.act, op.name + QStringLiteral(".act"), linear, out);
    }

    QString flat(const ExchangeOperator &op, const QString &in)
    {
        if (m_hasFlattened) return in;
        m_hasFlattened = true;
        return m_builder.node("Flatten", QStringLiteral("head.flatten"), {in},
                              op.name + QStringLiteral(".input"));
    }

    OnnxBuilder &m_builder;
    const Prepared &m_prepared;
    ExchangeGraph m_graph;
    bool m_hasFlattened = false;
};

} // namespace

Result<QByteArray> writeOnnx(const Network &network, const Prepared &prepared,
                             const ExportRequest &request)
{
    if (auto fits = checkFileSize(prepared.units, 4); !fits)
        return tl::make_unexpected(fits.error());
    const FloatWeights &weights = prepared.weights;
    const Normalisation normalisation = weights.normalisation.value_or(
        defaultNormalisation(prepared.graph.tensors.front().shape.c));
    OnnxBuilder builder(fileNotes(network.name, normalisation, weights.labels, weights.trained));
    FloatWriter(builder, prepared).write(request.softmax);
    return builder.bytes();
}

} // namespace atomnet
