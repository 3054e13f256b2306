#include "core/analysis/flash.h"
#include "core/lowering/lower.h"
#include "core/model/presets.h"

#include <QtTest>

#include <cmath>

using namespace atomnet;

namespace
{

qint64 constantsOf(const Preset &preset, Runtime runtime)
{
    const auto graph = lower(preset.network, runtime);
    qint64 sum = 0;
    if (graph)
        for (const Atom &atom : graph->atoms)
            sum += layerFlashBytes(runtime, atom.key);
    return sum;
}

AtomKey key(AtomKind kind, qint32 inC, qint32 outC, int kernel, KeyAct act = KeyAct::Relu)
{
    AtomKey k;
    k.kind = kind;
    k.inC = inC;
    k.outC = outC;
    k.groups = kind == AtomKind::Depthwise ? inC : 1;
    k.kernelH = k.kernelW = quint16(kernel);
    k.act = act;
    return k;
}

} // namespace

class TestFlash : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void weightsAndBiasesOfALayer_data();
    void weightsAndBiasesOfALayer();
    void codeIsARange();
    void reportedFlashIsReproduced_data();
    void reportedFlashIsReproduced();
    void reportedFlashBelowTheWeightsCannotBe_data();
    void reportedFlashBelowTheWeightsCannotBe();
};

void TestFlash::weightsAndBiasesOfALayer_data()
{
    QTest::addColumn<AtomKey>("key");
    QTest::addColumn<qint64>("xCubeAi");
    QTest::addColumn<qint64>("atomNet1");
    QTest::newRow("pointwise") << key(AtomKind::Pointwise, 80, 480, 1) << qint64(40320)
                               << qint64(40320 + 4 * 480);
    QTest::newRow("depthwise") << key(AtomKind::Depthwise, 24, 24, 3) << qint64(24 * 13)
                               << qint64(24 * 17);
    QTest::newRow("conv with hswish") << key(AtomKind::Conv, 3, 8, 3, KeyAct::HSwish)
                                      << qint64(27 * 8 + 32) << qint64(27 * 8 + 64 + 256);
    QTest::newRow("dense") << key(AtomKind::FullyConnected, 144, 1000, 1, KeyAct::None)
                           << qint64(148000) << qint64(152000);
    AtomKey pair = key(AtomKind::PointwisePair, 16, 16, 1, KeyAct::HSwish);
    pair.squeeze = 96;
    QTest::newRow("pair") << pair << qint64(2 * 16 * 96 + 4 * 112)
                          << qint64(2 * 16 * 96 + 8 * 112 + 256);
    QTest::newRow("pad") << key(AtomKind::Pad, 16, 16, 1, KeyAct::None) << qint64(0) << qint64(0);
    QTest::newRow("add") << key(AtomKind::Add, 16, 16, 1, KeyAct::None) << qint64(0) << qint64(0);
}

void TestFlash::weightsAndBiasesOfALayer()
{
    QFETCH(AtomKey, key);
    QFETCH(qint64, xCubeAi);
    QFETCH(qint64, atomNet1);
    QCOMPARE(layerFlashBytes(Runtime::XCubeAi72, key), xCubeAi);
    QCOMPARE(layerFlashBytes(Runtime::AtomNet1, key), atomNet1);
}

void TestFlash::codeIsARange()
{
    for (const Runtime runtime : allRuntimes) {
        const RuntimeCode code = runtimeCode(runtime);
        QVERIFY(code.low < code.value && code.value < code.high);
    }
    QCOMPARE(runtimeCode(Runtime::XCubeAi72).value, qint64(175'000));
}

void TestFlash::reportedFlashIsReproduced_data()
{
    QTest::addColumn<QString>("id");
    QTest::newRow("256KB") << "atomnet-256kb";
    QTest::newRow("256KB-Max") << "atomnet-256kb-max";
    QTest::newRow("320KB") << "atomnet-320kb";
}

void TestFlash::reportedFlashIsReproduced()
{
    QFETCH(QString, id);
    const Preset *preset = presetById(id);
    QVERIFY(preset);
    const qint64 constants = constantsOf(*preset, Runtime::XCubeAi72);
    const RuntimeCode code = runtimeCode(Runtime::XCubeAi72);
    // Reported as whole kB.
    QVERIFY(preset->reported.flashBytes >= constants + code.low - 500);
    QVERIFY(preset->reported.flashBytes <= constants + code.high + 500);
}

void TestFlash::reportedFlashBelowTheWeightsCannotBe_data()
{
    QTest::addColumn<QString>("id");
    QTest::newRow("512KB") << "atomnet-512kb";
    QTest::newRow("512KB-Large") << "atomnet-512kb-large";
    QTest::newRow("512KB-Max") << "atomnet-512kb-max";
}

void TestFlash::reportedFlashBelowTheWeightsCannotBe()
{
    QFETCH(QString, id);
    const Preset *preset = presetById(id);
    QVERIFY(preset);
    QVERIFY(constantsOf(*preset, Runtime::XCubeAi72) > preset->reported.flashBytes);
}

QTEST_APPLESS_MAIN(TestFlash)
#include "tst_flash.moc"
