#include "tests/core/inference/quantised_example.h"

#include "core/analysis/report.h"
#include "core/lowering/lower.h"
#include "core/model/validate.h"
#include "core/quant/quantize.h"
#include "tests/core/model/random_network.h"

#include <algorithm>
#include <cmath>
#include <tuple>

namespace atomnet::test
{

namespace
{

template <class T>
T valueOf(Result<T> result)
{
    if (!result) qFatal("%s", qPrintable(result.error().message()));
    return *std::move(result);
}

/// Values that fit: 1 to `most`.
int small(int value, int most)
{
    return 1 + (value - 1) % most;
}

Example plannedExample(const Network &network, quint64 seed)
{
    Example e;
    e.network = network;
    e.graph = valueOf(lower(network, Runtime::AtomNet1));
    e.units = weightUnits(e.graph);
    e.samples = seededSamples(network.input, 8, seed);
    e.plan = planArena(e.graph);
    for (const Atom &atom : e.graph.atoms)
        e.layerNames << layerName(stageNames(network), atom);
    return e;
}

/// Numbers without meaning that a quantised network may have.
class Arbitrary
{
public:
    explicit Arbitrary(QRandomGenerator &random) : m_random(random) {}

    TensorQuant tensor() { return {float(between(0.02, 0.1)), int8(-128)}; }

    /// Before a table or a clamp, and behind it.
    std::pair<TensorQuant, TensorQuant> output(KeyAct act)
    {
        TensorQuant convolved = tensor();
        if (act == KeyAct::Relu || act == KeyAct::Relu6) convolved.zeroPoint = -128;
        if (act == KeyAct::HSwish) return {convolved, tensor()};
        if (act == KeyAct::HSigmoid) return {convolved, {1.0F / 256, -128}};
        return {convolved, convolved};
    }

    /// Weights and biases for which outputs spread over most of int8.
    UnitQuant unit(const WeightUnit &unit, const TensorQuant &input)
    {
        UnitQuant quant;
        quant.input = input;
        std::tie(quant.convolved, quant.output) = output(unit.act);
        for (qint64 i = 0; i < unit.weightCount(); ++i)
            quant.weights.push_back(qint8(int8(-127)));
        for (int o = 0; o < unit.out; ++o) {
            const double factor =
                between(0.5, 1.5) * 40 / (74 * 74 * std::sqrt(double(unit.inputsPerOutput())));
            quant.scales.push_back(
                float(factor * double(quant.convolved.scale) / double(input.scale)));
            quant.bias.push_back(qint32(between(-60, 60) / factor));
        }
        return quant;
    }

private:
    double between(double least, double most)
    {
        return least + m_random.generateDouble() * (most - least);
    }
    int int8(int least) { return least + int(m_random.bounded(quint32(128 - least))); }

    QRandomGenerator &m_random;
};

} // namespace

Network smallNetwork(QRandomGenerator &random)
{
    Network network;
    const auto from1To = [&random](int most) { return 1 + int(random.bounded(quint32(most))); };
    network.name = QStringLiteral("small");
    network.input = {4 + from1To(14), 4 + from1To(14), from1To(4)};
    Shape shape = network.input;
    for (int s = 0, stages = from1To(2); s < stages; ++s) {
        Stage stage;
        stage.name = QStringLiteral("s%1").arg(s);
        for (int b = 0, blocks = from1To(3); b < blocks; ++b) {
            Block block = randomBlock(random, shape);
            block.out = small(block.out, 21);
            // Shortcuts need equal shapes, which chance alone rarely gives.
            if (b > 0 && random.bounded(2u) == 0) {
                block.out = shape.c;
                block.stride = 1;
            }
            block.expand = std::min(block.expand, 3.0);
            if (block.type == BlockType::Conv || block.type == BlockType::Sep) block.expand = 1;
            if (block.se && block.se->channels) block.se->channels = small(*block.se->channels, 9);
            block.repeat = small(block.repeat, 2);
            stage.blocks.push_back(block);
            shape = outputShape(block, shape);
        }
        network.stages.push_back(stage);
    }
    if (random.bounded(2u) == 0) network.head.conv = HeadLayer{from1To(24), Activation::HSwish, {}};
    if (random.bounded(2u) == 0) network.head.hidden = HeadLayer{from1To(24), Activation::Relu, {}};
    network.head.classes = from1To(12);
    assignIds(network);
    return valueOf(validate(network).map([&network] { return network; }));
}

Network everyBlock()
{
    Network network;
    network.name = QStringLiteral("every block");
    network.input = {16, 12, 3};
    const SqueezeExcite se;
    const auto block = [](BlockType type, int out, int kernel, int stride, double expand,
                          Activation act) {
        Block result;
        result.type = type;
        result.out = out;
        result.kernel = kernel;
        result.stride = stride;
        result.expand = expand;
        result.act = act;
        return result;
    };
    Block squeezed = block(BlockType::MbConv, 16, 5, 1, 2, Activation::HSwish);
    squeezed.se = se;
    squeezed.repeat = 2;
    Block pair = block(BlockType::ConvNext, 16, 7, 1, 2, Activation::Relu6);
    network.stages = {
        {{}, QStringLiteral("stem"), {block(BlockType::Conv, 9, 3, 2, 1, Activation::HSwish)}, {}},
        {{},
         QStringLiteral("1 & only"),
         {block(BlockType::Sep, 16, 3, 2, 1, Activation::Relu), squeezed, pair},
         {}}};
    network.head.conv = HeadLayer{20, Activation::HSwish, {}};
    network.head.hidden = HeadLayer{13, Activation::Relu, {}};
    network.head.classes = 5;
    assignIds(network);
    return network;
}

Example quantisedExample(const Network &network, quint64 seed)
{
    Example e = plannedExample(network, seed);
    e.weights = seededWeights(e.units, seed);
    e.quantized = valueOf(quantize(e.graph, e.weights, *e.samples, {}));
    return e;
}

Example arbitraryExample(const Network &network, QRandomGenerator &random)
{
    Example e = plannedExample(network, random.generate());
    QuantizedNetwork &q = e.quantized;
    q.graph = e.graph;
    q.units = e.units;
    q.quants.resize(e.units.size());
    q.tensors.resize(e.graph.tensors.size());
    Arbitrary arbitrary(random);
    q.tensors.front() = arbitrary.tensor();
    for (int a = 0; a < int(e.graph.atoms.size()); ++a) {
        TensorQuant output = arbitrary.tensor();
        TensorQuant input = q.inputOf(a);
        for (const int part : {0, 1}) {
            const int unit = q.unitOf(a, part);
            if (unit < 0) continue;
            q.quants[std::size_t(unit)] = arbitrary.unit(e.units[std::size_t(unit)], input);
            output = input = q.quants[std::size_t(unit)].output; // of a pair, what the second reads
        }
        q.tensors[std::size_t(e.graph.atoms[std::size_t(a)].output)] = output;
    }
    return e;
}

Program programOf(const Example &example, const ProgramOptions &options)
{
    return valueOf(makeProgram(example.quantized, example.plan, example.layerNames, options));
}

std::vector<qint8> int8Sample(const Example &example, int index)
{
    std::vector<qint8> result;
    for (const float value : valueOf(example.samples->sample(index)))
        result.push_back(quantise(value, example.quantized.tensors.front()));
    return result;
}

} // namespace atomnet::test
