#include "core/analysis/flash.h"
#include "core/analysis/kernel_facts.h"
#include "core/analysis/runtime_footprint.h"
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
    void codeIsOfTheKernelsUsed();
    void atomNetsFitTheirFlash_data();
    void atomNetsFitTheirFlash();
    void reportedFlashIsReproduced_data();
    void reportedFlashIsReproduced();
    void reportedFlashBelowTheWeightsCannotBe_data();
    void reportedFlashBelowTheWeightsCannotBe();
};

void TestFlash::weightsAndBiasesOfALayer_data()
{
    QTest::addColumn<AtomKey>("key");
    QTest::addColumn<qint64>("xCubeAi");
    QTest::addColumn<int>("tables");
    QTest::newRow("pointwise") << key(AtomKind::Pointwise, 80, 480, 1) << qint64(40320) << 0;
    QTest::newRow("depthwise") << key(AtomKind::Depthwise, 24, 24, 3) << qint64(24 * 13) << 0;
    QTest::newRow("conv with hswish")
        << key(AtomKind::Conv, 3, 8, 3, KeyAct::HSwish) << qint64(27 * 8 + 32) << 1;
    QTest::newRow("dense") << key(AtomKind::FullyConnected, 144, 1000, 1, KeyAct::None)
                           << qint64(148000) << 0;
    AtomKey pair = key(AtomKind::PointwisePair, 16, 16, 1, KeyAct::HSwish);
    pair.squeeze = 96;
    QTest::newRow("pair") << pair << qint64(2 * 16 * 96 + 4 * 112) << 1;
    QTest::newRow("add") << key(AtomKind::Add, 16, 16, 1, KeyAct::None) << qint64(0) << 0;
}

void TestFlash::weightsAndBiasesOfALayer()
{
    QFETCH(AtomKey, key);
    QFETCH(qint64, xCubeAi);
    QFETCH(int, tables);
    QCOMPARE(layerFlashBytes(Runtime::XCubeAi72, key), xCubeAi);
    const qint64 ours = layerFlashBytes(Runtime::AtomNet1, key);
    QCOMPARE(ours, packedBytes(key) + 256 * tables + recordBytes(key));
    // Multipliers are as large as biases; a few bytes of padding and the call's structures.
    const qint64 least = xCubeAi + 4 * biasesOf(key) + 256 * tables;
    QVERIFY(ours >= least + 8 && ours <= least + least / 5 + 160);
}

void TestFlash::codeIsARange()
{
    const Preset *preset = presetById(QStringLiteral("atomnet-256kb"));
    QVERIFY(preset);
    for (const Runtime runtime : allRuntimes) {
        const auto graph = lower(preset->network, runtime);
        QVERIFY(graph);
        const qint64 constants = constantsOf(*preset, runtime);
        const RuntimeCode code = runtimeCode(*graph, constants);
        QVERIFY(code.low < code.value && code.value < code.high);
        if (runtime == Runtime::XCubeAi72) {
            QCOMPARE(code.value, qint64(175'000));
            continue;
        }
        // Within 0.5 % of the whole, and a fraction of what X-CUBE-AI takes.
        QCOMPARE(code.high - code.value, (constants + code.value) / 200);
        QVERIFY(code.value < 24 * 1024);
        QCOMPARE(runtimeCode(*graph, 0).high - code.value, qint64(1024));
    }
}

void TestFlash::codeIsOfTheKernelsUsed()
{
    AtomGraph graph;
    graph.runtime = Runtime::AtomNet1;
    graph.atoms.resize(1);
    graph.atoms[0].key = key(AtomKind::Pointwise, 16, 16, 1);
    const qint64 one = codeBytes(graph);
    graph.atoms.push_back(graph.atoms[0]);
    QCOMPARE(codeBytes(graph), one);
    graph.atoms.back().key = key(AtomKind::Depthwise, 16, 16, 3);
    QVERIFY(codeBytes(graph) > one);
    QVERIFY(stackBytes(graph) > 0 && stackBytes(graph) < 2048);
}

void TestFlash::atomNetsFitTheirFlash_data()
{
    QTest::addColumn<qint64>("kib");
    QTest::newRow("atomnet-256kb") << qint64(845);
    QTest::newRow("atomnet-256kb-max") << qint64(882);
}

void TestFlash::atomNetsFitTheirFlash()
{
    QFETCH(qint64, kib);
    const Preset *preset = presetById(QString::fromLatin1(QTest::currentDataTag()));
    QVERIFY(preset);
    const auto graph = lower(preset->network, Runtime::AtomNet1);
    QVERIFY(graph);
    const qint64 constants = constantsOf(*preset, Runtime::AtomNet1);
    const qint64 flash = constants + runtimeCode(*graph, constants).value;
    QVERIFY2(flash <= kib * 1024, qPrintable(QString::number(flash)));
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
    const auto graph = lower(preset->network, Runtime::XCubeAi72);
    QVERIFY(graph);
    const RuntimeCode code = runtimeCode(*graph, constants);
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
