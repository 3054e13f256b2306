#include "core/exporters/exchange/operators.h"
#include "core/exporters/tflite/tflite_builder.h"
#include "core/exporters/writers.h"

namespace atomnet
{

namespace
{

std::vector<int> nhwc(const Shape &shape)
{
    return {1, shape.h, shape.w, shape.c};
}

/// SAME looks at the same windows as padding k/2 on all sides.
bool sameIsEnough(int side, const ExchangeOperator &op)
{
    const int pad = op.kernel / 2, out = convOutSide(side, op.kernel, op.stride);
    if (out != (side + op.stride - 1) / op.stride) return false;
    const int total = std::max((out - 1) * op.stride + op.kernel - side, 0);
    return total / 2 == pad;
}

/// Writes the operators one by one. Fully connected layers are 1 x 1 convolutions: those may have
/// one scale a channel in every version. relu and relu6 need no operator: their zero point is -128
/// (and relu6's largest value 6), so that requantising clamps; 2.2 ignores an activation fused into
/// a depthwise convolution.
class TfLiteWriter
{
public:
    explicit TfLiteWriter(const QuantizedNetwork &network)
        : m_network(network)
        , m_graph(exchangeGraph(network.graph, network.units))
        , m_quants(valueQuants(m_graph, network))
    {
    }

    QByteArray write(const QString &description, bool softmax)
    {
        std::vector<int> inputs;
        m_tensors.assign(m_graph.values.size(), -1);
        for (std::size_t v = 0; v < m_graph.values.size(); ++v)
            if (m_graph.values[v].isInput)
                inputs.push_back(m_tensors[v] = activation(int(v), m_graph.values[v].name));
        const ExchangeOperator &last = m_graph.operators.back();
        const bool flat = last.kind == AtomKind::FullyConnected;
        m_graph.values[std::size_t(last.output)].name =
            flat ? QStringLiteral("logits.map") : QStringLiteral("logits");
        for (const ExchangeOperator &op : m_graph.operators)
            write(op);
        int result = m_tensors[std::size_t(last.output)];
        if (flat) result = flatten(result, last);
        if (softmax) {
            const std::vector<int> shape = flat ? std::vector<int>{1, m_graph.output(last).shape.c}
                                                : nhwc(m_graph.output(last).shape);
            const int probabilities =
                m_builder.activation(QStringLiteral("probabilities"), shape, {1.0F / 256, -128});
            m_builder.softmax(result, probabilities);
            result = probabilities;
        }
        return m_builder.finish(inputs, {result}, description);
    }

private:
    int activation(int value, const QString &name)
    {
        return m_builder.activation(name, nhwc(m_graph.values[std::size_t(value)].shape),
                                    m_quants[std::size_t(value)]);
    }

    int outputOf(const ExchangeOperator &op)
    {
        return m_tensors[std::size_t(op.output)] = activation(op.output, m_graph.output(op).name);
    }

    int inputOf(const ExchangeOperator &op, int which = 0) const
    {
        return m_tensors[std::size_t(op.inputs[std::size_t(which)])];
    }

    void write(const ExchangeOperator &op)
    {
        switch (op.kind) {
        case AtomKind::Add:
            m_builder.add(inputOf(op), inputOf(op, 1), outputOf(op), false);
            break;
        case AtomKind::Scale:
            m_builder.mul(inputOf(op), inputOf(op, 1), outputOf(op));
            break;
        case AtomKind::Mean:
            if (m_meanAxes < 0)
                m_meanAxes =
                    m_builder.stored(QStringLiteral("mean.axes"), {2}, std::vector<qint32>{1, 2});
            m_builder.mean(inputOf(op), m_meanAxes, outputOf(op));
            break;
        default:
            writeUnit(op);
        }
    }

    void writeUnit(const ExchangeOperator &op)
    {
        const WeightUnit &unit = m_network.units[std::size_t(op.unit)];
        const UnitQuant &quant = m_network.quants[std::size_t(op.unit)];
        const Shape in = m_graph.input(op).shape;
        const bool same = sameIsEnough(in.h, op) && sameIsEnough(in.w, op);
        const int input = same || op.kernel == 1 ? inputOf(op) : padded(op);

        const QString weightName = op.name + QStringLiteral(".weight");
        int weights = 0;
        if (unit.depthwise)
            weights = m_builder.stored(
                weightName, {1, unit.kernel, unit.kernel, unit.out},
                transposed(quant.weights.data(), unit.out, unit.kernel * unit.kernel),
                {quant.scales, 0, 3});
        else
            weights = m_builder.stored(weightName, {unit.out, unit.kernel, unit.kernel, unit.in},
                                       quant.weights, {quant.scales, 0, 0});
        std::vector<float> biasScales;
        for (const float scale : quant.scales)
            biasScales.push_back(quant.input.scale * scale);
        const int bias = m_builder.stored(op.name + QStringLiteral(".bias"), {unit.out}, quant.bias,
                                          {biasScales, 0, 0});

        const bool table = op.act == KeyAct::HSwish || op.act == KeyAct::HSigmoid;
        const int convolved =
            table ? m_builder.activation(op.name + QStringLiteral(".convolved"),
                                         nhwc(m_graph.output(op).shape), quant.convolved)
                  : outputOf(op);
        if (unit.depthwise)
            m_builder.depthwise({input, weights, bias}, convolved, same, op.stride);
        else
            m_builder.conv({input, weights, bias}, convolved, same, op.stride);
        if (op.act == KeyAct::HSwish) m_builder.hardSwish(convolved, outputOf(op));
        if (op.act == KeyAct::HSigmoid) hardSigmoid(op, convolved);
    }

    /// k/2 on all sides, filled with the zero point.
    int padded(const ExchangeOperator &op)
    {
        const qint32 pad = op.kernel / 2;
        const Shape in = m_graph.input(op).shape;
        const int pads = m_builder.stored(op.name + QStringLiteral(".pads"), {4, 2},
                                          std::vector<qint32>{0, 0, pad, pad, pad, pad, 0, 0});
        const int output = m_builder.activation(op.name + QStringLiteral(".padded"),
                                                nhwc({in.h + 2 * pad, in.w + 2 * pad, in.c}),
                                                m_quants[std::size_t(op.inputs[0])]);
        m_builder.pad(inputOf(op), pads, output);
        return output;
    }

    /// clamp(x + 3, 0, 6) / 6, which the format has no operator for.
    void hardSigmoid(const ExchangeOperator &op, int input)
    {
        if (m_three < 0) {
            const std::vector<qint8> top{127};
            m_three = m_builder.stored(QStringLiteral("three"), {1}, top, {{3.0F / 255}, -128, 0});
            m_sixth =
                m_builder.stored(QStringLiteral("sixth"), {1}, top, {{1.0F / 6 / 255}, -128, 0});
        }
        const int clamped =
            m_builder.activation(op.name + QStringLiteral(".clamped"),
                                 nhwc(m_graph.output(op).shape), {6.0F / 255, -128});
        m_builder.add(input, m_three, clamped, true);
        m_builder.mul(clamped, m_sixth, outputOf(op));
    }

    int flatten(int map, const ExchangeOperator &last)
    {
        const int classes = m_graph.output(last).shape.c;
        const int shape =
            m_builder.stored(QStringLiteral("logits.shape"), {2}, std::vector<qint32>{1, classes});
        const int output = m_builder.activation(QStringLiteral("logits"), {1, classes},
                                                m_quants[std::size_t(last.output)]);
        m_builder.reshape(map, shape, {1, classes}, output);
        return output;
    }

    TfLiteBuilder m_builder;
    const QuantizedNetwork &m_network;
    ExchangeGraph m_graph;
    std::vector<TensorQuant> m_quants;
    std::vector<int> m_tensors; ///< by value
    int m_meanAxes = -1, m_three = -1, m_sixth = -1;
};

} // namespace

Result<QByteArray> writeTfLite(const Network &network, const Prepared &prepared,
                               const ExportRequest &request)
{
    const QuantizedNetwork &quantized = prepared.quantized;
    if (auto fits = checkFileSize(quantized.units, 1); !fits)
        return tl::make_unexpected(fits.error());
    const QString description =
        QStringLiteral("%1, by AtomNet Designer%2")
            .arg(network.name, quantized.trained ? QString() : QStringLiteral(", untrained"));
    return TfLiteWriter(quantized).write(description, request.softmax);
}

} // namespace atomnet
