#include "core/quant/fixed_point.h"
#include "core/quant/int8_simulation.h"
#include "core/quant/quantize.h"
#include "tests/core/quant/reference_network.h"

#include <QtTest>

#include <cmath>

using namespace atomnet;
using namespace atomnet::test;

namespace
{

QuantizedNetwork quantized(const AtomGraph &graph, const FloatWeights &weights, bool correct)
{
    QuantizeOptions options;
    options.biasCorrection = correct;
    const auto samples = seededSamples(graph.tensors.front().shape, 4, 1);
    return quantize(graph, weights, *samples, options).value();
}

/// Means of each channel of one unit over all samples: float, int8.
struct Means {
    std::vector<double> asFloat, asInt8;
};

void addMeans(std::vector<double> &means, const std::vector<double> &values, double share)
{
    const double pixels = double(values.size() / means.size());
    for (std::size_t i = 0; i < values.size(); ++i)
        means[i % means.size()] += values[i] * share / pixels;
}

/// By unit, on the samples that were calibrated with.
std::vector<Means> meansOf(const FloatWeights &weights, const QuantizedNetwork &network)
{
    const auto samples = seededSamples(network.graph.tensors.front().shape, 4, 1);
    std::vector<Means> means;
    for (const WeightUnit &unit : network.units) {
        const std::vector<double> zeros(std::size_t(unit.out), 0.0);
        means.push_back({zeros, zeros});
    }
    for (int i = 0; i < samples->count(); ++i) {
        const std::vector<float> input = samples->sample(i).value();
        const FloatTrace asFloat = floatReference(network.graph, weights, input);
        const Int8Trace asInt8 = int8Reference(network, input);
        for (std::size_t u = 0; u < means.size(); ++u) {
            addMeans(means[u].asFloat, asFloat.preActivations[u], 0.25);
            addMeans(means[u].asInt8, asInt8.preActivations[u], 0.25);
        }
    }
    return means;
}

} // namespace

class TestInt8Simulation : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void equalsTheKernelsArithmetic()
    {
        QRandomGenerator random(1);
        qint64 values = 0, different = 0;
        for (int run = 0; run < 30; ++run) {
            const AtomGraph graph = randomGraph(random, 1'000'000);
            QuantizedNetwork network = quantized(graph, randomWeights(graph, random), false);
            const auto samples = seededSamples(graph.tensors.front().shape, 3, 7);
            Int8Simulation simulation(network);
            for (int i = 0; i < samples->count(); ++i)
                simulation.addSample(samples->sample(i).value());
            for (int atom = 0; atom < int(graph.atoms.size()); ++atom)
                simulation.runAtom(atom, {});
            for (int i = 0; i < samples->count(); ++i) {
                const Int8Trace expected = int8Reference(network, samples->sample(i).value());
                const std::vector<qint8> &logits = simulation.output(i);
                QCOMPARE(logits.size(), expected.tensors.back().size());
                for (std::size_t o = 0; o < logits.size(); ++o) {
                    ++values;
                    if (logits[o] != expected.tensors.back()[o]) ++different;
                    QVERIFY(std::abs(logits[o] - expected.tensors.back()[o]) <= 2);
                }
            }
        }
        // Multipliers are rounded there and not here: a tie may fall to the other side.
        QVERIFY2(different * 100 < values, qPrintable(QString::number(different)));
    }

    /// The promise: behind the correction no channel's mean is off, whatever was rounded before it.
    void meansBecomeThoseOfTheFloatNetwork()
    {
        QRandomGenerator random(2);
        double before = 0, after = 0;
        for (int run = 0; run < 15; ++run) {
            const AtomGraph graph = randomGraph(random, 700'000);
            const FloatWeights weights = randomWeights(graph, random);
            for (const bool correct : {false, true}) {
                const QuantizedNetwork network = quantized(graph, weights, correct);
                const std::vector<Means> means = meansOf(weights, network);
                for (std::size_t u = 0; u < means.size(); ++u)
                    for (std::size_t o = 0; o < means[u].asFloat.size(); ++o) {
                        const double step = double(network.quants[u].convolved.scale);
                        const double apart =
                            std::fabs(means[u].asFloat[o] - means[u].asInt8[o]) / step;
                        (correct ? after : before) += apart;
                        // Half a step of the bias is what rounding it may leave.
                        const double half = requantScales(network.quants[u])[o] / 2;
                        if (correct)
                            QVERIFY2(apart < half + 0.1, qPrintable(QString::number(apart)));
                    }
            }
        }
        QVERIFY2(after * 20 < before, qPrintable(QStringLiteral("%1 %2").arg(before).arg(after)));
    }

    void threadsDoNotChangeABit()
    {
        QRandomGenerator random(3);
        const AtomGraph graph = randomGraph(random, 3'000'000);
        const FloatWeights weights = randomWeights(graph, random);
        std::vector<QuantizedNetwork> networks(2, quantized(graph, weights, false));
        const auto samples = seededSamples(graph.tensors.front().shape, 5, 7);
        for (int threads = 1; threads <= 2; ++threads) {
            QuantizedNetwork &network = networks[std::size_t(threads - 1)];
            Int8Simulation simulation(network, threads);
            for (int i = 0; i < samples->count(); ++i)
                simulation.addSample(samples->sample(i).value());
            std::size_t unit = 0;
            for (int atom = 0; atom < int(graph.atoms.size()); ++atom) {
                std::vector<std::vector<double>> means;
                for (; unit < network.units.size() && network.units[unit].atom == atom; ++unit)
                    means.emplace_back(std::size_t(network.units[unit].out), 0.1);
                simulation.runAtom(atom, means);
            }
        }
        QVERIFY(networks[0] == networks[1]);
    }

    void aSamplesBytesCoverWhatLivesTogether()
    {
        const AtomGraph graph = presetGraph(QStringLiteral("atomnet-512kb-max"));
        // Behind the first depthwise: its input, output.
        QVERIFY(Int8Simulation::bytesPerSample(graph) >= 112 * 112 * (24 + 32));
        QVERIFY(Int8Simulation::bytesPerSample(graph) < 4 << 20);
    }
};

QTEST_GUILESS_MAIN(TestInt8Simulation)
#include "tst_int8_simulation.moc"
