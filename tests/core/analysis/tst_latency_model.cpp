#include "core/analysis/latency_model.h"
#include "core/lowering/lower.h"
#include "core/model/presets.h"
#include "latency_examples.h"

#include <QtTest>

#include <cmath>

using namespace atomnet;

namespace
{

const LatencyModel &shipped()
{
    static const std::shared_ptr<const LatencyModel> model =
        shippedLatencyModel(QStringLiteral("stm32h743"), QStringLiteral("x-cube-ai-7.2"));
    return *model;
}

AtomKey depthwise(int outSide, int c, int kernel, int stride)
{
    AtomKey key;
    key.kind = AtomKind::Depthwise;
    key.inC = key.outC = key.groups = c;
    key.outH = key.outW = outSide;
    key.inH = key.inW = (outSide - 1) * stride + kernel;
    key.kernelH = key.kernelW = quint16(kernel);
    key.strideH = key.strideW = quint16(stride);
    return key;
}

AtomKey sameShape(AtomKind kind, int side, int c)
{
    AtomKey key;
    key.kind = kind;
    key.inH = key.inW = key.outH = key.outW = side;
    key.inC = key.outC = c;
    if (kind == AtomKind::Mean) key.outH = key.outW = 1;
    return key;
}

double width(const Estimate &estimate)
{
    return double(estimate.high - estimate.low) / 2 / double(estimate.value);
}

} // namespace

class TestLatencyModel : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase()
    {
        QVERIFY(shippedLatencyModel(QStringLiteral("stm32h743"), QStringLiteral("x-cube-ai-7.2")));
    }

    void otherBoardsAndRuntimesHaveNone()
    {
        QVERIFY(!shippedLatencyModel(QStringLiteral("stm32h743"), QStringLiteral("atomnet-1")));
        QVERIFY(!shippedLatencyModel(QStringLiteral("stm32f412"), QStringLiteral("x-cube-ai-7.2")));
        QVERIFY(!shippedLatencyModel({}, {}));
    }

    void theShippedModelSaysWhereItComesFrom()
    {
        QCOMPARE(shipped().clockHz, qint64(400'000'000));
        QVERIFY(shipped().unit == SampleUnit::Nanoseconds);
        QVERIFY(shipped().fittedOn.contains(QStringLiteral("samples")));
        QCOMPARE(shipped().fingerprint.size(), qsizetype(16));
    }

    void theShippedModelIsAsGoodAsItsDataAllow_data()
    {
        QTest::addColumn<AtomKind>("kind");
        QTest::addColumn<int>("keys");
        QTest::addColumn<double>("most");
        QTest::newRow("conv") << AtomKind::Conv << 161 << 0.06;
        QTest::newRow("depthwise") << AtomKind::Depthwise << 1804 << 0.05;
        QTest::newRow("pointwise") << AtomKind::Pointwise << 6489 << 0.09;
        QTest::newRow("pad") << AtomKind::Pad << 2295 << 0.09;
        QTest::newRow("add") << AtomKind::Add << 498 << 0.02;
        QTest::newRow("scale") << AtomKind::Scale << 424 << 0.04;
        QTest::newRow("squeeze-excite") << AtomKind::SqueezeExcite << 534 << 0.02;
        QTest::newRow("fully connected") << AtomKind::FullyConnected << 11 << 0.02;
    }
    void theShippedModelIsAsGoodAsItsDataAllow()
    {
        QFETCH(AtomKind, kind);
        QFETCH(double, most);
        const KindModel *model = shipped().kind(kind);
        QVERIFY(model);
        QTEST(model->keys, "keys");
        QVERIFY(model->cvMeanError > 0 && model->cvMeanError <= most);
        QVERIFY(model->cvMedianError <= model->cvMeanError);
        QVERIFY(model->halfWidth90 >= model->cvMedianError);
    }

    /// No layer of the published networks is missing, and no estimate is empty or upside down.
    void everyAtomOfThePresetsIsEstimated()
    {
        QVERIFY(presets().size() == 8);
        for (const Preset &preset : presets()) {
            const Result<AtomGraph> graph = lower(preset.network, Runtime::XCubeAi72);
            QVERIFY(graph);
            for (const Atom &atom : graph->atoms) {
                const std::optional<Estimate> found = estimate(shipped(), atom.key);
                QVERIFY2(found, qPrintable(describe(atom.key)));
                QVERIFY2(found->low >= 0 && found->low < found->value && found->value < found->high,
                         qPrintable(describe(atom.key)));
                // Twice the map, twice the channels: never faster.
                AtomKey larger = atom.key;
                larger.inH *= 2;
                larger.inW *= 2;
                larger.outH *= 2;
                larger.outW *= 2;
                if (atom.key.kind != AtomKind::FullyConnected)
                    QVERIFY2(estimate(shipped(), larger)->value > found->value,
                             qPrintable(describe(larger)));
                AtomKey wider = atom.key;
                wider.inC *= 2;
                wider.outC *= 2;
                if (wider.groups > 1) wider.groups *= 2;
                wider.squeeze *= 2;
                QVERIFY2(estimate(shipped(), wider)->value > found->value,
                         qPrintable(describe(wider)));
            }
        }
    }

    /// Without a single measurement the designer is within the interval it states. AtomNet-512KB is
    /// left out: its published definition takes 10 % longer than reported even when every operator
    /// is a measured one.
    void theReportedLatenciesLieInTheSummedIntervals_data()
    {
        QTest::addColumn<QString>("id");
        for (const Preset &preset : presets())
            if (preset.reported.latencyNs && preset.id != QStringLiteral("atomnet-512kb"))
                QTest::newRow(qPrintable(preset.id)) << preset.id;
    }
    void theReportedLatenciesLieInTheSummedIntervals()
    {
        QFETCH(QString, id);
        const Preset *preset = presetById(id);
        QVERIFY(preset);
        const Result<AtomGraph> graph = lower(preset->network, Runtime::XCubeAi72);
        QVERIFY(graph);
        double low = 0, high = 0;
        for (const Atom &atom : graph->atoms) {
            const std::optional<Estimate> found = estimate(shipped(), atom.key);
            QVERIFY(found);
            low += double(found->low);
            high += double(found->high);
        }
        const double reported = double(*preset->reported.latencyNs);
        QVERIFY2(reported > low && reported < high,
                 qPrintable(QStringLiteral("%1 ms is not within %2 to %3 ms")
                                .arg(reported / 1e6)
                                .arg(low / 1e6)
                                .arg(high / 1e6)));
    }

    void seenShapesAreNotExtrapolated()
    {
        const std::optional<Estimate> found = estimate(shipped(), depthwise(20, 96, 3, 1));
        QVERIFY(found && !found->extrapolated);
        QVERIFY(width(*found) < 0.05);
    }

    /// A 5x5 takes more than a 3x3; measured networks tell 3.1 times, which the data behind the
    /// model cannot know.
    void unseenKernelsHaveAWideHonestInterval()
    {
        const std::optional<Estimate> three = estimate(shipped(), depthwise(14, 64, 3, 1));
        const std::optional<Estimate> five = estimate(shipped(), depthwise(14, 64, 5, 1));
        const std::optional<Estimate> seven = estimate(shipped(), depthwise(14, 64, 7, 1));
        const std::optional<Estimate> one = estimate(shipped(), depthwise(14, 64, 1, 1));
        QVERIFY(three && five && seven && one);
        QVERIFY(!three->extrapolated && five->extrapolated && seven->extrapolated &&
                one->extrapolated);
        QVERIFY(std::abs(double(five->value) / double(three->value) - 25.0 / 9) < 0.001);
        QVERIFY(std::abs(double(seven->value) / double(three->value) - 49.0 / 9) < 0.001);
        QVERIFY(std::abs(width(*five) - 0.4) < 0.001);
        QVERIFY(3.1 * double(three->value) < double(five->high));
        QVERIFY(std::abs(double(one->low) / double(three->value) - 1.0 / 9) < 0.001);
        QVERIFY(std::abs(double(one->high) / double(three->value) - 1) < 0.001);
    }

    void outsideTheSeenRangeTheIntervalWidens()
    {
        const std::optional<Estimate> inside = estimate(shipped(), pointwise(20, 96, 96));
        const std::optional<Estimate> wide = estimate(shipped(), pointwise(20, 4096, 4096));
        const std::optional<Estimate> large = estimate(shipped(), pointwise(1000, 96, 96));
        QVERIFY(inside && wide && large);
        QVERIFY(!inside->extrapolated && wide->extrapolated && large->extrapolated);
        QVERIFY(width(*wide) > 0.2499 && width(*large) > 0.2499);
        QVERIFY(width(*wide) >= 2.9 * width(*inside));
        // Classifiers were measured with 1000 outputs only.
        QVERIFY(!estimate(shipped(),
                          [] {
                              AtomKey fc = pointwise(1, 320, 1000);
                              fc.kind = AtomKind::FullyConnected;
                              return fc;
                          }())
                     ->extrapolated);
        QVERIFY(estimate(shipped(),
                         [] {
                             AtomKey fc = pointwise(1, 320, 10);
                             fc.kind = AtomKind::FullyConnected;
                             return fc;
                         }())
                    ->extrapolated);
    }

    /// The pool is concluded from squeeze-excite modules: below the module, above nothing, wide,
    /// and marked.
    void thePoolIsBoundedByTheModuleThatContainsIt()
    {
        const KindModel *mean = shipped().kind(AtomKind::Mean);
        QVERIFY(mean);
        QCOMPARE(mean->derivedFrom, std::optional(AtomKind::SqueezeExcite));
        const std::optional<Estimate> pool = estimate(shipped(), sameShape(AtomKind::Mean, 5, 128));
        AtomKey module = sameShape(AtomKind::SqueezeExcite, 5, 128);
        module.squeeze = 32;
        const std::optional<Estimate> whole = estimate(shipped(), module);
        const std::optional<Estimate> add = estimate(shipped(), sameShape(AtomKind::Add, 5, 128));
        QVERIFY(pool && whole && add);
        QVERIFY(pool->extrapolated);
        QVERIFY(pool->high < whole->value);
        QVERIFY(pool->value > 300'000 &&
                pool->value < 700'000); // ns: 0.1 to 0.25 % of AtomNet-256KB
        QVERIFY(width(*pool) > 0.4);
    }

    /// Far outside of what is possible: still positive, ordered, and small enough to be summed.
    void absurdKeysStayInBounds()
    {
        for (int kind = 1; kind < atomKindCount; ++kind)
            for (const int size : {1, 2, 65536, std::numeric_limits<int>::max()}) {
                AtomKey key = sameShape(AtomKind(kind), size, size);
                key.squeeze = size;
                key.kernelH = key.kernelW = size > 2 ? 65535 : 1;
                const std::optional<Estimate> found = estimate(shipped(), key);
                if (!found) continue;
                QVERIFY(found->low >= 0 && found->low <= found->value);
                QVERIFY(found->value >= 1 && found->value <= found->high);
                QVERIFY(found->high <= maxEstimate);
            }
        AtomKey nothing = sameShape(AtomKind::Add, 0, 8);
        QVERIFY(!estimate(shipped(), nothing));
    }

    void kindsWithoutModelAreNotEstimated()
    {
        QVERIFY(!estimate(shipped(), sameShape(AtomKind::PointwisePair, 8, 8)));
        QVERIFY(!estimate(LatencyModel(), pointwise(8, 8, 8)));
    }
};

QTEST_APPLESS_MAIN(TestLatencyModel)
#include "tst_latency_model.moc"
