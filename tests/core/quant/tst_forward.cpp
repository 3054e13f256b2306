#include "core/quant/forward.h"
#include "core/quant/samples.h"
#include "core/quant/tile_pool.h"
#include "tests/core/quant/reference_network.h"

#include <QtTest>

#include <atomic>
#include <cmath>

using namespace atomnet;
using namespace atomnet::test;

namespace
{

/// Largest distance, as a share of the largest magnitude.
double distance(std::span<const float> values, const std::vector<double> &expected)
{
    double largest = 1e-30, apart = 0;
    for (std::size_t i = 0; i < values.size(); ++i) {
        largest = std::max(largest, std::fabs(expected[i]));
        apart = std::max(apart, std::fabs(double(values[i]) - expected[i]));
    }
    return apart / largest;
}

std::vector<float> inputFor(const AtomGraph &graph, quint64 seed)
{
    return seededSamples(graph.tensors.front().shape, 1, seed)->sample(0).value();
}

} // namespace

class TestForward : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    /// At every point that a watcher sees.
    void equalsThePlainDefinitionOnRandomDesigns()
    {
        QRandomGenerator random(1);
        for (int run = 0; run < 40; ++run) {
            const AtomGraph graph = randomGraph(random, 3'000'000);
            const FloatWeights weights = randomWeights(graph, random);
            const std::vector<WeightUnit> units = weightUnits(graph);
            const std::vector<float> input = inputFor(graph, quint64(run));
            const FloatTrace expected = floatReference(graph, weights, input);

            std::size_t tensors = 0, preActivations = 0;
            const auto watch = [&](const ForwardPoint &point, std::span<float> values) {
                const std::vector<double> *right = nullptr;
                int unit = -1;
                for (std::size_t u = 0; u < units.size(); ++u)
                    if (units[u].atom == point.atom && units[u].part == point.part) unit = int(u);
                if (point.preActivation) {
                    right = &expected.preActivations[std::size_t(unit)];
                    ++preActivations;
                } else if (point.atom < 0) {
                    right = &expected.tensors.front();
                } else {
                    const Atom &atom = graph.atoms[std::size_t(point.atom)];
                    const bool hidden = atom.key.kind == AtomKind::PointwisePair && point.part == 0;
                    if (hidden) return; // its pre-activation was compared
                    right = &expected.tensors[std::size_t(atom.output)];
                    ++tensors;
                }
                QCOMPARE(values.size(), right->size());
                QCOMPARE(values.size() % std::size_t(point.channels), std::size_t(0));
                const double apart = distance(values, *right);
                QVERIFY2(apart < 1e-4, qPrintable(QString::number(apart)));
            };
            const std::vector<float> logits = FloatForward(graph, weights).run(input, watch);
            QCOMPARE(tensors, graph.atoms.size());
            QCOMPARE(preActivations, units.size());
            QVERIFY(distance(logits, expected.tensors.back()) < 1e-4);
        }
    }

    void threadsDoNotChangeABit()
    {
        const AtomGraph graph = presetGraph(QStringLiteral("atomnet-256kb"));
        const FloatWeights weights = seededWeights(weightUnits(graph), 1);
        const std::vector<float> input = inputFor(graph, 1);
        const std::vector<float> one = FloatForward(graph, weights, 1).run(input);
        QCOMPARE(FloatForward(graph, weights, 2).run(input), one);
        QCOMPARE(FloatForward(graph, weights, 3).run(input), one);
    }

    void aWatcherMayChangeWhatFollows()
    {
        QRandomGenerator random(5);
        const AtomGraph graph = randomGraph(random, 1'000'000);
        const FloatWeights weights = randomWeights(graph, random);
        const FloatForward forward(graph, weights);
        const std::vector<float> input = inputFor(graph, 1);
        const std::vector<float> zeros(input.size(), 0.0F);
        const auto erase = [](const ForwardPoint &point, std::span<float> values) {
            if (point.atom < 0) std::fill(values.begin(), values.end(), 0.0F);
        };
        QCOMPARE(forward.run(input, erase), forward.run(zeros));
        QVERIFY(forward.run(input) != forward.run(zeros));
    }

    void pointsComeInOrder()
    {
        const AtomGraph graph = presetGraph(QStringLiteral("atomnet-256kb"));
        const FloatWeights weights = seededWeights(weightUnits(graph), 1);
        std::vector<std::array<int, 3>> seen; // atom, part, behind the activation
        (void)FloatForward(graph, weights)
            .run(inputFor(graph, 1), [&](const ForwardPoint &point, std::span<float>) {
                seen.push_back({point.atom, point.part, point.preActivation ? 0 : 1});
            });
        QCOMPARE(seen.front(), (std::array<int, 3>{-1, 0, 1}));
        QVERIFY(std::is_sorted(seen.begin(), seen.end()));
        QVERIFY(std::adjacent_find(seen.begin(), seen.end()) == seen.end());
    }

    void aPoolRunsEveryTileOnce()
    {
        for (const int threads : {1, 2, 5}) {
            TilePool pool(threads);
            for (const int tiles : {0, 1, 2, 3, 100}) {
                std::vector<std::atomic<int>> runs(std::size_t(tiles) + 1);
                pool.run(tiles, [&](int tile) { ++runs[std::size_t(tile)]; });
                for (int tile = 0; tile < tiles; ++tile)
                    QCOMPARE(runs[std::size_t(tile)].load(), 1);
                QCOMPARE(runs[std::size_t(tiles)].load(), 0);
            }
        }
    }
};

QTEST_GUILESS_MAIN(TestForward)
#include "tst_forward.moc"
