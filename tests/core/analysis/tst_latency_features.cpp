#include "core/analysis/latency_features.h"

#include <QRandomGenerator>
#include <QtTest>

#include <cmath>

using namespace atomnet;

namespace
{

AtomKey key(AtomKind kind, int side, int c, int outC)
{
    AtomKey key;
    key.kind = kind;
    key.inH = key.inW = key.outH = key.outW = side;
    key.inC = c;
    key.outC = outC;
    return key;
}

} // namespace

class TestLatencyFeatures : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void everyFeatureHasItsOwnName()
    {
        for (int i = 0; i < featureCount; ++i) {
            const QString name = toString(Feature(i));
            QVERIFY(!name.isEmpty());
            QCOMPARE(featureFrom(name), std::optional(Feature(i)));
        }
        QVERIFY(!featureFrom(u"").has_value());
        QVERIFY(!featureFrom(u"One").has_value());
        QVERIFY(!featureFrom(u"made_up").has_value());
    }

    void everyKindHasFeaturesAndNoneTwice()
    {
        for (int kind = 1; kind < atomKindCount; ++kind) {
            for (const bool ofInstructions : {false, true}) {
                std::vector<Feature> features = featuresOf(AtomKind(kind), ofInstructions);
                QVERIFY2(!features.empty(), qPrintable(toString(AtomKind(kind))));
                std::sort(features.begin(), features.end());
                QVERIFY(std::adjacent_find(features.begin(), features.end()) == features.end());
            }
        }
    }

    void ourOwnKernelsRoundUpAndTellPackingsApart()
    {
        AtomKey pair = key(AtomKind::PointwisePair, 2, 5, 3);
        pair.squeeze = 6;
        QCOMPARE(featureValue(Feature::PaddedMacs, pair), 4.0 * (8 * 6 + 8 * 4));
        pair.variant = 0x21; // expand plain, project hi/lo
        QCOMPARE(featureValue(Feature::PlainMacs, pair), 4.0 * 6 * 5);
        pair.variant = 0x11;
        QCOMPARE(featureValue(Feature::PlainMacs, pair), 4.0 * 6 * (5 + 3));
        pair.act = KeyAct::HSwish;
        QCOMPARE(featureValue(Feature::TableValues, pair), 4.0 * 6);
        QCOMPARE(featureValue(Feature::UnalignedInValues, pair), 20.0);

        AtomKey depthwise = key(AtomKind::Depthwise, 5, 8, 8);
        depthwise.kernelH = depthwise.kernelW = 3;
        depthwise.padT = depthwise.padB = depthwise.padL = depthwise.padR = 1;
        depthwise.groups = 8;
        QCOMPARE(featureValue(Feature::PaddedValues, depthwise), 7.0 * 7 * 8);
        QCOMPARE(featureValue(Feature::EvenOutMacs, depthwise), 6.0 * 6 * 8 * 9);
        QCOMPARE(featureValue(Feature::StridedOutValues, depthwise), 0.0);
        depthwise.strideH = depthwise.strideW = 2;
        depthwise.outH = depthwise.outW = 3;
        QCOMPARE(featureValue(Feature::EvenOutRows, depthwise), 3.0 * 8); // a row a pass
        QCOMPARE(featureValue(Feature::StridedOutValues, depthwise), 3.0 * 4 * 8);
        QCOMPARE(featureValue(Feature::UnalignedInValues, depthwise), 0.0);
    }

    void valuesAreFiniteAndNeverNegative()
    {
        QRandomGenerator random(7);
        for (int round = 0; round < 20000; ++round) {
            const auto size = [&] { return 1 + int(random.bounded(1u << random.bounded(1, 17))); };
            AtomKey k = key(AtomKind(random.bounded(1, atomKindCount)), size(), size(), size());
            k.outH = size();
            k.outW = size();
            k.inW = size();
            k.groups = random.bounded(2) ? 1 : k.inC;
            k.squeeze = size() - 1;
            k.kernelH = k.kernelW = quint16(random.bounded(1, 256));
            QVERIFY(isMeasurable(k));
            for (int i = 0; i < featureCount; ++i) {
                const double value = featureValue(Feature(i), k);
                QVERIFY2(std::isfinite(value) && value >= 0, qPrintable(toString(Feature(i))));
            }
        }
    }

    void keysWithoutSizeAreNotMeasurable()
    {
        QVERIFY(isMeasurable(key(AtomKind::Add, 1, 1, 1)));
        QVERIFY(!isMeasurable(key(AtomKind::Add, 0, 8, 8)));
        QVERIFY(!isMeasurable(key(AtomKind::Add, 4, -8, 8)));
        QVERIFY(!isMeasurable(key(AtomKind::Add, 4, 8, 0)));
        AtomKey k = key(AtomKind::Conv, 4, 8, 8);
        k.groups = 0;
        QVERIFY(!isMeasurable(k));
    }

    /// The straight lines stay near the root of m = 1 - exp(-ratio * m), for every ratio.
    void missShareFollowsRandomReplacement()
    {
        QCOMPARE(missShare(0), 0.0);
        QCOMPARE(missShare(1), 0.0);
        double before = 0;
        for (double ratio = 1.01; ratio < 12; ratio += 0.01) {
            double root = 1;
            for (int i = 0; i < 2000; ++i)
                root = 1 - std::exp(-ratio * root);
            const double share = missShare(ratio);
            QVERIFY2(std::abs(share - root) < 0.025, qPrintable(QString::number(ratio)));
            QVERIFY(share >= before && share <= 1);
            before = share;
        }
    }

    /// Two tensors of 16 x 16 pixels take 512 lines, all there are; channels in powers of two share
    /// fewer sets.
    void stridedWalksMissWhenTheirLinesDoNotFit_data()
    {
        QTest::addColumn<int>("side");
        QTest::addColumn<int>("channels");
        QTest::addColumn<bool>("misses");
        QTest::newRow("fits exactly") << 16 << 160 << false;
        QTest::newRow("too large") << 17 << 160 << true;
        QTest::newRow("64 channels fit half as much") << 12 << 64 << true;
        QTest::newRow("72 channels do not conflict") << 12 << 72 << false;
        QTest::newRow("128 channels, fits exactly") << 8 << 128 << false;
        QTest::newRow("128 channels") << 9 << 128 << true;
        QTest::newRow("512 channels, fits exactly") << 4 << 512 << false;
        QTest::newRow("512 channels") << 5 << 512 << true;
        QTest::newRow("narrow pixels share lines") << 30 << 8 << false;
        QTest::newRow("narrow and too large") << 40 << 8 << true;
    }
    void stridedWalksMissWhenTheirLinesDoNotFit()
    {
        QFETCH(int, side);
        QFETCH(int, channels);
        const double values =
            featureValue(Feature::StridedMisses, key(AtomKind::Scale, side, channels, channels));
        QTEST(values > 0, "misses");
        QVERIFY(values <= double(side) * side * channels);
    }

    void padsKnowTheirBorderAndAlignment()
    {
        AtomKey pad = key(AtomKind::Pad, 10, 24, 24);
        pad.outH = pad.outW = 12;
        QCOMPARE(featureValue(Feature::BorderValues, pad), 44.0 * 24);
        QCOMPARE(featureValue(Feature::UnalignedRows, pad), 10.0); // rows start at 24 bytes
        QCOMPARE(featureValue(Feature::InSpill, pad), 0.0); // 12 * 12 * 24 bytes fit the cache
        pad.inC = pad.outC = 256;
        QCOMPARE(featureValue(Feature::UnalignedRows, pad), 0.0);
        QVERIFY(featureValue(Feature::InSpill, pad) > 0);
        QVERIFY(featureValue(Feature::InSpill, pad) < featureValue(Feature::InValues, pad));
    }

    void convolutionsCountTheirWork()
    {
        AtomKey conv = key(AtomKind::Conv, 10, 3, 16);
        conv.kernelH = conv.kernelW = 3;
        QCOMPARE(featureValue(Feature::Macs, conv), 100.0 * 16 * 27 + 16);
        QCOMPARE(featureValue(Feature::Weights, conv), 16.0 * 27);
        QCOMPARE(featureValue(Feature::LoopRemainder, conv), 100.0 * 16 * 11);
        QCOMPARE(featureValue(Feature::UnalignedPixels, conv), 100.0);
        conv.inC = 16;
        QCOMPARE(featureValue(Feature::LoopRemainder, conv), 0.0);
        QCOMPARE(featureValue(Feature::UnalignedPixels, conv), 0.0);
        QCOMPARE(featureValue(Feature::WeightsFewPixels, conv), 16.0 * 144 * 100);
        QCOMPARE(featureValue(Feature::WeightsManyPixels, conv), 16.0 * 144);
        conv.outH = 4;
        QCOMPARE(featureValue(Feature::WeightsManyPixels, conv),
                 16.0 * 144 * 0.5); // 40 pixels: half way
    }
};

QTEST_APPLESS_MAIN(TestLatencyFeatures)
#include "tst_latency_features.moc"
