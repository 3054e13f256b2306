#include "core/quant/fixed_point.h"
#include "core/quant/quantize.h"
#include "tests/core/quant/reference_network.h"

#include <QtTest>

#include <cmath>

using namespace atomnet;
using namespace atomnet::test;

namespace
{

constexpr double tolerance = 1.00001; // scales are floats

QuantizedNetwork quantized(const AtomGraph &graph, const FloatWeights &weights,
                           const QuantizeOptions &options = {})
{
    const auto samples = seededSamples(graph.tensors.front().shape, 2, 1);
    auto network = quantize(graph, weights, *samples, options);
    if (!network) qFatal("%s", qPrintable(network.error().message()));
    return *std::move(network);
}

void checkQuant(const TensorQuant &quant)
{
    QVERIFY(std::isnormal(quant.scale) && quant.scale > 0);
    QVERIFY(quant.zeroPoint >= -128 && quant.zeroPoint <= 127); // 0 is a value of its own
}

void checkUnit(const WeightUnit &unit, const UnitQuant &quant)
{
    checkQuant(quant.convolved);
    checkQuant(quant.output);
    QCOMPARE(qint64(quant.weights.size()), unit.weightCount());
    QVERIFY(std::none_of(quant.weights.begin(), quant.weights.end(),
                         [](qint8 weight) { return weight == -128; }));
    const bool table = unit.act == KeyAct::HSwish || unit.act == KeyAct::HSigmoid;
    if (!table) QCOMPARE(quant.output, quant.convolved);
    if (unit.act == KeyAct::Relu) QCOMPARE(quant.output.zeroPoint, -128);
    if (unit.act == KeyAct::Relu6) QCOMPARE(quant.output, (TensorQuant{6.0F / 255, -128}));
    if (unit.act == KeyAct::HSigmoid) QCOMPARE(quant.output, (TensorQuant{1.0F / 256, -128}));
    if (unit.act == KeyAct::HSwish) QVERIFY(quant.convolved.scale <= 128 * quant.output.scale);

    const qint64 reach = maxAccumulator(quant);
    QVERIFY(reach < qint64(1) << 31);
    for (const double scale : requantScales(quant)) {
        QVERIFY(scale >= std::max(0x1p-20, 0x1p-8 / double(unit.inputsPerOutput())));
        if (unit.act != KeyAct::Relu6) QVERIFY(scale < 0.5);
    }
    (void)fixedScales(requantScales(quant), reach); // asserts what it needs
}

void checkRules(const QuantizedNetwork &network)
{
    const AtomGraph &graph = network.graph;
    QCOMPARE(network.tensors.size(), graph.tensors.size());
    QCOMPARE(network.quants.size(), network.units.size());
    for (const TensorQuant &quant : network.tensors)
        checkQuant(quant);
    for (std::size_t u = 0; u < network.units.size(); ++u) {
        const WeightUnit &unit = network.units[u];
        const UnitQuant &quant = network.quants[u];
        checkUnit(unit, quant);
        QCOMPARE(quant.input,
                 unit.part == 1 ? network.quants[u - 1].output : network.inputOf(unit.atom));
        if (network.unitOf(unit.atom, unit.part + 1) < 0)
            QCOMPARE(quant.output, network.outputOf(unit.atom));
    }
    const auto isFixed = [](const TensorQuant &quant) {
        return quant == TensorQuant{6.0F / 255, -128} || quant == TensorQuant{1.0F / 256, -128};
    };
    for (std::size_t a = 0; a < graph.atoms.size(); ++a) {
        const AtomKind kind = graph.atoms[a].key.kind;
        const TensorQuant &out = network.outputOf(int(a));
        const double ratio = double(network.inputOf(int(a)).scale) / double(out.scale);
        if (kind == AtomKind::Add)
            for (const int which : {0, 1}) {
                const TensorQuant &in = network.inputOf(int(a), which);
                const double share = double(in.scale) / double(out.scale);
                QVERIFY(share <= 16 * tolerance);
                QVERIFY(share >= 1 / (64 * tolerance) || isFixed(in));
            }
        if (kind == AtomKind::Scale)
            QVERIFY(ratio * double(network.inputOf(int(a), 1).scale) < 0.5);
        if (kind == AtomKind::Mean) QVERIFY(ratio <= 64 * tolerance);
    }
}

} // namespace

class TestScales : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void rulesHoldOnRandomDesigns()
    {
        QRandomGenerator random(1);
        for (int run = 0; run < 60; ++run) {
            const AtomGraph graph = randomGraph(random, 2'000'000);
            FloatWeights weights = randomWeights(graph, random);
            // Channels of very different size, and some of zeros.
            for (UnitWeights &unit : weights.units)
                for (std::size_t o = 0; o < unit.bias.size(); ++o) {
                    const float factor =
                        random.bounded(5) == 0 ? 0.0F : float(std::exp2(random.bounded(9.0) - 8));
                    const std::size_t inputs = unit.weights.size() / unit.bias.size();
                    for (std::size_t i = 0; i < inputs; ++i)
                        unit.weights[o * inputs + i] *= factor;
                }
            QuantizeOptions options;
            options.ranges = RangeMethod(run % 3);
            options.biasCorrection = run % 2;
            checkRules(quantized(graph, weights, options));
            if (QTest::currentTestFailed()) return;
        }
    }

    void weightsOfZerosAreFine()
    {
        QRandomGenerator random(2);
        for (int run = 0; run < 10; ++run) {
            const AtomGraph graph = randomGraph(random, 1'000'000);
            FloatWeights weights = randomWeights(graph, random);
            for (UnitWeights &unit : weights.units) {
                std::fill(unit.weights.begin(), unit.weights.end(), 0.0F);
                if (run % 2) std::fill(unit.bias.begin(), unit.bias.end(), 0.0F);
            }
            const QuantizedNetwork network = quantized(graph, weights);
            checkRules(network);
            // Nothing but biases: int8 gives the very same logits, within a step.
            const std::vector<float> input(std::size_t(graph.tensors.front().bytes()), 0.5F);
            const auto expected = floatReference(graph, weights, input).tensors.back();
            const auto logits = int8Reference(network, input).tensors.back();
            const TensorQuant &quant = network.tensors.back();
            for (std::size_t i = 0; i < expected.size(); ++i)
                QVERIFY(std::fabs(double(dequantise(logits[i], quant)) - expected[i]) <=
                        2.0 * double(quant.scale));
        }
    }

    void constantInputsAreFine()
    {
        class Constant final : public SampleSource
        {
        public:
            Constant(std::size_t size, float value) : m_values(size, value) {}
            int count() const override { return 3; }
            int label(int) const override { return -1; }
            Result<std::vector<float>> sample(int) const override { return m_values; }

        private:
            std::vector<float> m_values;
        };
        QRandomGenerator random(3);
        for (const float value : {0.0F, 1.0F, -2.5F, 1e-20F}) {
            const AtomGraph graph = randomGraph(random, 1'000'000);
            const FloatWeights weights = randomWeights(graph, random);
            const Constant samples(std::size_t(graph.tensors.front().bytes()), value);
            checkRules(quantize(graph, weights, samples, {}).value());
        }
    }

    void whatATableCannotTellApartTakesNoRange()
    {
        QRandomGenerator random(4);
        int tables = 0;
        for (int run = 0; run < 20; ++run) {
            const AtomGraph graph = randomGraph(random, 1'000'000);
            FloatWeights weights = randomWeights(graph, random);
            for (UnitWeights &unit : weights.units)
                for (float &bias : unit.bias)
                    bias *= 30;
            const QuantizedNetwork network = quantized(graph, weights);
            for (std::size_t u = 0; u < network.units.size(); ++u) {
                const TensorQuant &quant = network.quants[u].convolved;
                const float lowest = dequantise(-128, quant), highest = dequantise(127, quant);
                const KeyAct act = network.units[u].act;
                if (act != KeyAct::HSwish && act != KeyAct::HSigmoid) continue;
                ++tables;
                // Unless another rule widened it, beginning at -3.
                if (lowest < -3.1F) QVERIFY(quant.zeroPoint < -64 || highest > 3);
                if (act == KeyAct::HSigmoid && quant.scale < 6.0F / 255)
                    QVERIFY(lowest >= -3.1F && highest <= 3.1F);
            }
        }
        QVERIFY(tables > 10);
    }

    void absurdWeightsAreRefusedOrQuantised()
    {
        QRandomGenerator random(5);
        int refused = 0;
        for (int run = 0; run < 30; ++run) {
            const AtomGraph graph = randomGraph(random, 500'000);
            FloatWeights weights = randomWeights(graph, random);
            for (UnitWeights &unit : weights.units) {
                const float factor = float(std::exp2(random.bounded(60.0) - 30));
                for (float &weight : unit.weights)
                    weight *= factor;
                for (float &bias : unit.bias)
                    bias *= float(std::exp2(random.bounded(60.0) - 30));
            }
            const auto samples = seededSamples(graph.tensors.front().shape, 2, 1);
            const auto network = quantize(graph, weights, *samples, {});
            if (network) {
                for (const UnitQuant &quant : network->quants)
                    (void)fixedScales(requantScales(quant), maxAccumulator(quant));
            } else {
                ++refused;
                QCOMPARE(network.error().code, ErrorCode::BadInput);
                QVERIFY(!network.error().where.isEmpty());
            }
        }
        QVERIFY(refused > 0 && refused < 30);
    }

    void theNetworkCarriesWhatTheFileSaid()
    {
        QRandomGenerator random(6);
        const AtomGraph graph = randomGraph(random, 500'000);
        FloatWeights weights = randomWeights(graph, random);
        const int channels = int(graph.tensors.front().shape.c);
        QCOMPARE(quantized(graph, weights).normalisation, defaultNormalisation(channels));
        QVERIFY(!quantized(graph, weights).trained);
        weights.trained = true;
        weights.labels = QStringList{QStringLiteral("cat")};
        weights.normalisation = Normalisation{std::vector<float>(std::size_t(channels), 0.1F),
                                              std::vector<float>(std::size_t(channels), 0.2F)};
        const QuantizedNetwork network = quantized(graph, weights);
        QVERIFY(network.trained);
        QCOMPARE(network.labels, weights.labels);
        QCOMPARE(network.normalisation, *weights.normalisation);
    }
};

QTEST_GUILESS_MAIN(TestScales)
#include "tst_scales.moc"
