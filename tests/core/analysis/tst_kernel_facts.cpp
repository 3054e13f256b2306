#include "core/analysis/kernel_facts.h"
#include "core/lowering/lower.h"
#include "core/model/presets.h"

#include <QtTest>

using namespace atomnet;

namespace
{

qint64 round4(qint64 value)
{
    return (value + 3) & ~qint64(3);
}

AtomKey keyOf(AtomKind kind, Shape in, Shape out, int kernel = 1, int stride = 1)
{
    AtomKey key;
    key.kind = kind;
    key.act = KeyAct::Relu;
    key.inH = in.h;
    key.inW = in.w;
    key.inC = in.c;
    key.outH = out.h;
    key.outW = out.w;
    key.outC = out.c;
    key.groups = kind == AtomKind::Depthwise ? in.c : 1;
    key.kernelH = key.kernelW = quint16(kernel);
    key.strideH = key.strideW = quint16(stride);
    return key;
}

AtomKey pairKey(Shape in, int middle, int out)
{
    AtomKey key = keyOf(AtomKind::PointwisePair, in, {in.h, in.w, out});
    key.squeeze = middle;
    return key;
}

} // namespace

class TestKernelFacts : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void scratchHoldsAFewPixelsOrRows_data();
    void scratchHoldsAFewPixelsOrRows();
    void kernelsSayHowOutputsOverlap();
    void overlapFollowsTheReadPosition_data();
    void overlapFollowsTheReadPosition();
    void packedHoldsWeightsBiasesAndMultipliers_data();
    void packedHoldsWeightsBiasesAndMultipliers();
    void tablesAreCounted();
    void everyFactOfTheAtomNetsIsAligned();
};

void TestKernelFacts::scratchHoldsAFewPixelsOrRows_data()
{
    QTest::addColumn<AtomKey>("key");
    QTest::addColumn<qint64>("most");
    QTest::newRow("pointwise") << keyOf(AtomKind::Pointwise, {10, 10, 81}, {10, 10, 24})
                               << 8 * round4(81);
    QTest::newRow("pair") << pairKey({10, 10, 24}, 146, 24) << 8 * round4(24) + 8 * round4(146);
    QTest::newRow("stem") << keyOf(AtomKind::Conv, {160, 160, 3}, {80, 80, 24}, 3, 2)
                          << 12 * round4(27); // as bytes, and as 16 bits
    QTest::newRow("depthwise 3x3")
        << keyOf(AtomKind::Depthwise, {80, 80, 24}, {80, 80, 24}, 3) << qint64(4 * 4 * 82 * 2);
    QTest::newRow("depthwise 5x5 stride 2")
        << keyOf(AtomKind::Depthwise, {20, 21, 7}, {10, 11, 7}, 5, 2) << qint64(4 * 6 * 25 * 2);
}

void TestKernelFacts::scratchHoldsAFewPixelsOrRows()
{
    QFETCH(AtomKey, key);
    QFETCH(qint64, most);
    QVERIFY(scratchBytes(key) > 0);
    QVERIFY2(scratchBytes(key) <= most, qPrintable(QString::number(scratchBytes(key))));
}

void TestKernelFacts::kernelsSayHowOutputsOverlap()
{
    const Shape map{20, 20, 16};
    const Overlap none, inPlace{Overlap::Kind::InPlace, 0}, same{Overlap::Kind::UpTo, 0};
    for (const int stride : {1, 2})
        QVERIFY(overlapOf(keyOf(AtomKind::Depthwise, map, map, 3, stride), 0) == inPlace);
    QVERIFY(overlapOf(keyOf(AtomKind::Add, map, map), 0) == same);
    QVERIFY(overlapOf(keyOf(AtomKind::Add, map, map), 1) == same);
    QVERIFY(overlapOf(keyOf(AtomKind::Scale, map, map), 0) == same);
    QVERIFY(overlapOf(keyOf(AtomKind::Scale, map, map), 1) == none); // the gate
    QVERIFY(overlapOf(keyOf(AtomKind::Mean, map, {1, 1, 16}), 0) == none);
    QVERIFY(overlapOf(keyOf(AtomKind::FullyConnected, {1, 1, 16}, {1, 1, 10}), 0) == none);
    for (const AtomKey &key : {keyOf(AtomKind::Pointwise, map, map), pairKey(map, 64, 16),
                               keyOf(AtomKind::Conv, map, {10, 10, 32}, 3, 2)})
        QVERIFY(overlapOf(key, 0).kind == Overlap::Kind::UpTo);
}

void TestKernelFacts::overlapFollowsTheReadPosition_data()
{
    QTest::addColumn<AtomKey>("key");
    QTest::newRow("pointwise grows") << keyOf(AtomKind::Pointwise, {40, 40, 8}, {40, 40, 48});
    QTest::newRow("pointwise shrinks") << keyOf(AtomKind::Pointwise, {40, 40, 48}, {40, 40, 8});
    QTest::newRow("odd pixels and channels") << keyOf(AtomKind::Pointwise, {3, 7, 5}, {3, 7, 9});
    QTest::newRow("pair") << pairKey({40, 40, 24}, 144, 24);
    QTest::newRow("stem") << keyOf(AtomKind::Conv, {160, 160, 3}, {80, 80, 24}, 3, 2);
    QTest::newRow("conv 5x5") << keyOf(AtomKind::Conv, {30, 30, 16}, {30, 30, 16}, 5);
}

void TestKernelFacts::overlapFollowsTheReadPosition()
{
    QFETCH(AtomKey, key);
    const Overlap overlap = overlapOf(key, 0);
    QVERIFY(overlap.kind == Overlap::Kind::UpTo);
    QCOMPARE(overlap.maxOffset % 4, qint64(0));
    // The last output cannot lie behind the last input by more than one tile.
    const qint64 in = key.in().bytes(), out = key.out().bytes();
    QVERIFY(overlap.maxOffset <= in - out + 4 * qint64(key.outC) + 4);
    // Both together need little more than the larger of them: a few rows of the kernel.
    const qint64 span = std::max(in, out - std::min(qint64(0), overlap.maxOffset + out - in));
    const qint64 rows = qint64(key.kernelH) * key.inW * key.inC;
    const qint64 ahead = std::max(qint64(0), std::min(qint64(0), in - out) - overlap.maxOffset);
    QVERIFY2(ahead <= rows + 8 * qint64(key.inC + key.outC), qPrintable(QString::number(ahead)));
    QVERIFY(span >= std::max(in, out));
}

void TestKernelFacts::packedHoldsWeightsBiasesAndMultipliers_data()
{
    QTest::addColumn<AtomKey>("key");
    const Shape map{20, 20, 48};
    QTest::newRow("pointwise") << keyOf(AtomKind::Pointwise, map, {20, 20, 96});
    QTest::newRow("odd pointwise") << keyOf(AtomKind::Pointwise, {20, 20, 47}, {20, 20, 95});
    QTest::newRow("pair") << pairKey(map, 288, 48);
    QTest::newRow("depthwise") << keyOf(AtomKind::Depthwise, map, map, 3);
    QTest::newRow("conv") << keyOf(AtomKind::Conv, {160, 160, 3}, {80, 80, 24}, 3, 2);
    QTest::newRow("dense") << keyOf(AtomKind::FullyConnected, {1, 1, 144}, {1, 1, 1000});
}

void TestKernelFacts::packedHoldsWeightsBiasesAndMultipliers()
{
    QFETCH(AtomKey, key);
    // weightBytesOf() has weights and 4-byte biases; multipliers are as large as biases.
    const qint64 exact = weightBytesOf(key) + 4 * biasesOf(key);
    const qint64 packed = packedBytes(key);
    QCOMPARE(packed % 4, qint64(0));
    QVERIFY(packed >= exact);
    // Channels are padded to multiples of 4, rows of weights to a few bytes.
    QVERIFY2(packed <= exact + exact / 5 + 64, qPrintable(QString::number(packed)));
    QCOMPARE(packedBytes(keyOf(AtomKind::Add, {20, 20, 16}, {20, 20, 16})), qint64(0));
}

void TestKernelFacts::tablesAreCounted()
{
    AtomKey key = keyOf(AtomKind::Pointwise, {8, 8, 8}, {8, 8, 8});
    for (const auto &[act, tables] : {std::pair{KeyAct::None, 0},
                                      {KeyAct::Relu, 0},
                                      {KeyAct::Relu6, 0},
                                      {KeyAct::HSwish, 1},
                                      {KeyAct::HSigmoid, 1}}) {
        key.act = act;
        QCOMPARE(actTables(key), tables);
    }
}

void TestKernelFacts::everyFactOfTheAtomNetsIsAligned()
{
    for (const Preset &preset : presets()) {
        const auto graph = lower(preset.network, Runtime::AtomNet1);
        QVERIFY(graph);
        for (const Atom &atom : graph->atoms) {
            QCOMPARE(scratchBytes(atom.key) % 4, qint64(0));
            QCOMPARE(packedBytes(atom.key) % 4, qint64(0));
            for (const int which : {0, 1})
                QCOMPARE(overlapOf(atom.key, which).maxOffset % 4, qint64(0));
        }
    }
}

QTEST_APPLESS_MAIN(TestKernelFacts)
#include "tst_kernel_facts.moc"
