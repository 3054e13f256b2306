#include "core/quant/quantize.h"
#include "tests/core/quant/reference_network.h"

#include <QtTest>

#include <limits>

using namespace atomnet;
using namespace atomnet::test;

namespace
{

/// Samples given one by one; the value after the last is an error.
class ListedSamples final : public SampleSource
{
public:
    explicit ListedSamples(std::vector<std::vector<float>> samples) : m_samples(std::move(samples))
    {
    }
    int count() const override { return int(m_samples.size()); }
    int label(int) const override { return -1; }
    Result<std::vector<float>> sample(int index) const override
    {
        if (m_samples[std::size_t(index)].empty())
            return fail(ErrorCode::Io, QStringLiteral("cannot be read"), QStringLiteral("b.png"));
        return m_samples[std::size_t(index)];
    }

private:
    std::vector<std::vector<float>> m_samples;
};

std::vector<float> goodSample(const AtomGraph &graph, quint64 seed = 1)
{
    return seededSamples(graph.tensors.front().shape, 1, seed)->sample(0).value();
}

/// A design with at least one shortcut, so that additions are there.
AtomGraph graphWithAdd(QRandomGenerator &random)
{
    for (;;) {
        const AtomGraph graph = randomGraph(random, 2'000'000);
        for (const Atom &atom : graph.atoms)
            if (atom.key.kind == AtomKind::Add) return graph;
    }
}

} // namespace

class TestQuantize : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void methodsHaveNames()
    {
        for (const RangeMethod method :
             {RangeMethod::MinMax, RangeMethod::Percentile, RangeMethod::Mse})
            QVERIFY(rangeMethodFrom(toString(method)) == method);
        QCOMPARE(toString(RangeMethod::MinMax), QStringLiteral("min-max"));
        QVERIFY(!rangeMethodFrom(u"minmax"));
    }

    /// Images that it was not calibrated with come out nearly as in float.
    void int8StaysNearFloat_data()
    {
        QTest::addColumn<RangeMethod>("ranges");
        QTest::newRow("min-max") << RangeMethod::MinMax;
        QTest::newRow("percentile") << RangeMethod::Percentile;
        QTest::newRow("mse") << RangeMethod::Mse;
    }

    void int8StaysNearFloat()
    {
        QFETCH(RangeMethod, ranges);
        QRandomGenerator random(1);
        double sum = 0;
        constexpr int runs = 12;
        for (int run = 0; run < runs; ++run) {
            const AtomGraph graph = randomGraph(random, 1'000'000);
            FloatWeights weights = seededWeights(weightUnits(graph), random.generate64());
            for (UnitWeights &unit : weights.units)
                for (float &bias : unit.bias)
                    bias = float(random.bounded(0.02) - 0.01);
            const auto samples = seededSamples(graph.tensors.front().shape, 16, 1);
            QuantizeOptions options;
            options.ranges = ranges;
            const auto network = quantize(graph, weights, *samples, options);
            QVERIFY(network);
            const std::vector<float> input = goodSample(graph, 99);
            const double db =
                sqnrDb(floatReference(graph, weights, input).tensors.back(),
                       int8Reference(*network, input).tensors.back(), network->tensors.back());
            QVERIFY2(db > 25, qPrintable(QString::number(db)));
            sum += db;
        }
        QVERIFY2(sum / runs > 38, qPrintable(QString::number(sum / runs)));
    }

    void twoRunsAreEqual()
    {
        QRandomGenerator random(2);
        const AtomGraph graph = graphWithAdd(random);
        const FloatWeights weights = randomWeights(graph, random);
        const auto samples = seededSamples(graph.tensors.front().shape, 5, 1);
        const auto first = quantize(graph, weights, *samples, {});
        QVERIFY(first && first == quantize(graph, weights, *samples, {}));
        QuantizeOptions other;
        other.ranges = RangeMethod::Mse;
        const auto mse = quantize(graph, weights, *samples, other);
        QVERIFY(mse && mse == quantize(graph, weights, *samples, other));
    }

    void noSamplesAreRefused()
    {
        QRandomGenerator random(3);
        const AtomGraph graph = randomGraph(random, 100'000);
        const auto network = quantize(graph, randomWeights(graph, random), ListedSamples({}), {});
        QVERIFY(!network);
        QCOMPARE(network.error().code, ErrorCode::BadInput);
    }

    void errorsOfTheSamplesAreHandedOn()
    {
        QRandomGenerator random(4);
        const AtomGraph graph = randomGraph(random, 100'000);
        const auto network = quantize(graph, randomWeights(graph, random),
                                      ListedSamples({goodSample(graph), {}}), {});
        QVERIFY(!network);
        QCOMPARE(network.error().code, ErrorCode::Io);
        QCOMPARE(network.error().where, QStringLiteral("b.png"));
    }

    void samplesOfAnotherSizeAreRefused()
    {
        QRandomGenerator random(5);
        const AtomGraph graph = randomGraph(random, 100'000);
        std::vector<float> sample = goodSample(graph);
        sample.push_back(0);
        const auto network =
            quantize(graph, randomWeights(graph, random), ListedSamples({sample}), {});
        QVERIFY(!network);
        QCOMPARE(network.error().code, ErrorCode::BadInput);
        QCOMPARE(network.error().where, QStringLiteral("calibration sample 1"));
    }

    void brokenSamplesAreNamed()
    {
        QRandomGenerator random(6);
        const AtomGraph graph = randomGraph(random, 100'000);
        std::vector<float> bad = goodSample(graph);
        bad.back() = std::numeric_limits<float>::quiet_NaN();
        const auto network = quantize(graph, randomWeights(graph, random),
                                      ListedSamples({goodSample(graph), bad}), {});
        QVERIFY(!network);
        QCOMPARE(network.error().code, ErrorCode::BadInput);
        QCOMPARE(network.error().where, QStringLiteral("calibration sample 2"));
    }

    void layersThatGiveNoNumbersAreNamed()
    {
        QRandomGenerator random(7);
        const AtomGraph graph = graphWithAdd(random);
        const std::vector<WeightUnit> units = weightUnits(graph);
        for (std::size_t u = 0; u < units.size(); u += 3) {
            for (const float value : {std::numeric_limits<float>::quiet_NaN(), 1e30F}) {
                FloatWeights weights = randomWeights(graph, random);
                weights.units[u].bias[0] = value;
                const auto network =
                    quantize(graph, weights, ListedSamples({goodSample(graph)}), {});
                QVERIFY(!network);
                QCOMPARE(network.error().code, ErrorCode::BadInput);
                QCOMPARE(network.error().where, units[u].name);
            }
        }
    }

    void cancellingStopsIt()
    {
        QRandomGenerator random(8);
        const AtomGraph graph = randomGraph(random, 100'000);
        const auto samples = seededSamples(graph.tensors.front().shape, 4, 1);
        for (int patience = 0; patience < 6; ++patience) { // the last while correcting biases
            int asked = 0;
            RunControl control;
            control.isCancelled = [&] { return asked++ >= patience; };
            const auto network =
                quantize(graph, randomWeights(graph, random), *samples, {}, control);
            QVERIFY(!network);
            QCOMPARE(network.error().code, ErrorCode::Cancelled);
            QCOMPARE(asked, patience + 1);
        }
    }

    void progressGrowsToOne()
    {
        QRandomGenerator random(9);
        const AtomGraph graph = randomGraph(random, 100'000);
        const auto samples = seededSamples(graph.tensors.front().shape, 4, 1);
        for (const bool correct : {true, false})
            for (const RangeMethod ranges : {RangeMethod::MinMax, RangeMethod::Mse}) {
                std::vector<double> shares;
                RunControl control;
                control.reportProgress = [&](double share) { shares.push_back(share); };
                QuantizeOptions options;
                options.biasCorrection = correct;
                options.ranges = ranges;
                QVERIFY(quantize(graph, randomWeights(graph, random), *samples, options, control));
                QVERIFY(std::is_sorted(shares.begin(), shares.end()));
                QVERIFY(shares.front() > 0 && shares.back() > 0.999 && shares.back() <= 1);
            }
    }
};

QTEST_GUILESS_MAIN(TestQuantize)
#include "tst_quantize.moc"
