#include "core/analysis/arena_plan.h"
#include "core/analysis/runtime_footprint.h"
#include "core/analysis/sram.h"
#include "core/lowering/lower.h"
#include "core/model/presets.h"

#include <QtTest>

#include <cmath>

using namespace atomnet;

namespace
{

Network oneBlock(Block block, Shape input)
{
    Network n;
    n.input = input;
    n.stages.push_back({{}, QStringLiteral("s1"), {std::move(block)}, {}});
    n.head.classes = 10;
    return n;
}

SramUsage usageOf(const Network &network, Runtime runtime)
{
    const auto graph = lower(network, runtime);
    return graph ? sramUsage(*graph) : SramUsage{};
}

/// Percent that the rule is off what X-CUBE-AI reported; both in bytes.
double errorOf(const Preset &preset)
{
    const SramUsage usage = usageOf(preset.network, Runtime::XCubeAi72);
    return (double(usage.value) / double(preset.reported.sramBytes) - 1) * 100;
}

const QStringList judged{
    QStringLiteral("atomnet-256kb"),     QStringLiteral("atomnet-256kb-max"),
    QStringLiteral("atomnet-320kb"),     QStringLiteral("atomnet-512kb-large"),
    QStringLiteral("atomnet-512kb-max"),
};

} // namespace

class TestSram : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void xCubeAiReportedPeaks_data();
    void xCubeAiReportedPeaks();
    void xCubeAiMeanErrorIsSmall();
    void xCubeAiPartsFollowTheRule();
    void xCubeAiIsAnEstimate();
    void convNextProjectsOutOfAWideTensor();
    void atomNet1PartsAreTheLiveSet();
    void atomNet1IsArenaDataAndStack();
    void atomNet1ArenaIsPlanned();
    void peakIsTheLargestLayer_data();
    void peakIsTheLargestLayer();
};

void TestSram::xCubeAiReportedPeaks_data()
{
    QTest::addColumn<QString>("preset");
    QTest::addColumn<double>("error");
    QTest::newRow("256KB") << "atomnet-256kb" << 0.2;
    QTest::newRow("256KB-Max") << "atomnet-256kb-max" << 0.4;
    QTest::newRow("320KB") << "atomnet-320kb" << -0.1;
    QTest::newRow("512KB") << "atomnet-512kb" << 4.1;
    QTest::newRow("512KB-Large") << "atomnet-512kb-large" << -0.6;
    QTest::newRow("512KB-Max") << "atomnet-512kb-max" << -0.6;
}

void TestSram::xCubeAiReportedPeaks()
{
    QFETCH(QString, preset);
    QFETCH(double, error);
    const Preset *published = presetById(preset);
    QVERIFY(published);
    const double actual = errorOf(*published);
    QVERIFY2(std::abs(actual - error) < 0.06, qPrintable(QString::number(actual)));
}

void TestSram::xCubeAiMeanErrorIsSmall()
{
    double sum = 0;
    for (const QString &id : judged) {
        const double error = std::abs(errorOf(*presetById(id)));
        QVERIFY2(error <= 11, qPrintable(id));
        sum += error;
    }
    QVERIFY(sum / double(judged.size()) <= 5);
}

void TestSram::xCubeAiPartsFollowTheRule()
{
    Block block;
    block.type = BlockType::ConvNext;
    block.out = 16;
    block.expand = 3;
    block.se = SqueezeExcite{};
    const SramUsage usage = usageOf(oneBlock(block, {20, 20, 16}), Runtime::XCubeAi72);
    constexpr qint64 map = 20 * 20 * 16, padded = 22 * 22 * 16, wide = 3 * map;
    // pad, dw, se, expand, project, add, pool, classifier
    QCOMPARE(usage.layers.size(), std::size_t(8));
    QCOMPARE(usage.layers[0], (SramParts{map, map, 0, padded - map, 0}));
    QCOMPARE(usage.layers[1], (SramParts{map, 0, map, padded - map, 0}));
    QCOMPARE(usage.layers[2], (SramParts{map, 0, map, 0, 11 * 16 + 5 * 8}));
    // The wider of both, the held tensor, and once more.
    QCOMPARE(usage.layers[3].total(), wide + 2 * map + 4 * 16 + 10 * 48);
    QCOMPARE(usage.layers[4].total(), wide + 2 * map + 4 * 48 + 10 * 16);
    QCOMPARE(usage.layers[4].held, map);
    QCOMPARE(usage.layers[5], (SramParts{map, 0, map, 0, 0}));
    QCOMPARE(usage.layers[6], (SramParts{map, 16, 0, 0, 0}));
    QCOMPARE(usage.layers[7], (SramParts{16, 10, 0, 0, 0}));

    Block sep;
    sep.type = BlockType::Sep;
    sep.out = 24;
    sep.stride = 2;
    const SramUsage strided = usageOf(oneBlock(sep, {20, 20, 16}), Runtime::XCubeAi72);
    constexpr qint64 small = 10 * 10 * 16;
    QCOMPARE(strided.layers[0], (SramParts{map, 0, 0, padded - map, 0}));
    QCOMPARE(strided.layers[1], (SramParts{map, small / 2, 0, padded - map, 0}));
    QCOMPARE(strided.layers[2], (SramParts{small, 10 * 10 * 8, 0, 0, 4 * 16 + 10 * 24}));

    Block conv;
    conv.type = BlockType::Conv;
    conv.out = 8;
    conv.stride = 2;
    const SramUsage stem = usageOf(oneBlock(conv, {32, 32, 3}), Runtime::XCubeAi72);
    QCOMPARE(stem.layers[0], (SramParts{32 * 32 * 3, 0, 0, 0, 0}));
}

void TestSram::xCubeAiIsAnEstimate()
{
    Block conv;
    conv.type = BlockType::Conv;
    conv.out = 8;
    conv.stride = 1;
    const SramUsage usage = usageOf(oneBlock(conv, {50, 50, 3}), Runtime::XCubeAi72);
    QVERIFY(usage.estimated);
    QCOMPARE(usage.value, qint64(50 * 50 * 8 + 8));
    QCOMPARE(usage.low, usage.value - usage.value * 15 / 100);
    QCOMPARE(usage.high, usage.value + usage.value * 15 / 100);
    for (const TensorLife &life : usage.tensors)
        QVERIFY(!life.offset);
}

void TestSram::convNextProjectsOutOfAWideTensor()
{
    Block block;
    block.type = BlockType::ConvNext;
    block.out = 16;
    block.expand = 6;
    const SramUsage usage = usageOf(oneBlock(block, {20, 20, 16}), Runtime::XCubeAi72);
    constexpr qint64 map = 20 * 20 * 16;
    const SramParts &project = usage.layers[3];
    QCOMPARE(project.total(), 9 * map + 4 * 96 + 10 * 16);
    QCOMPARE(project.input, 6 * map);
    QCOMPARE(project.held, map);
}

void TestSram::atomNet1PartsAreTheLiveSet()
{
    Block block;
    block.type = BlockType::ConvNext;
    block.out = 16;
    block.expand = 6;
    const SramUsage usage = usageOf(oneBlock(block, {20, 20, 16}), Runtime::AtomNet1);
    constexpr qint64 map = 20 * 20 * 16;
    const auto graph = lower(oneBlock(block, {20, 20, 16}), Runtime::AtomNet1);
    QVERIFY(graph);
    const ArenaPlan plan = planArena(*graph);
    const std::vector<qint64> &scratch = plan.scratchBytes;
    // dw, pair, add, pool, classifier: the expanded tensor never exists, and only the depthwise
    // needs a place of its own, for its input is held.
    QCOMPARE(usage.layers[0], (SramParts{map, map, 0, 0, scratch[0]}));
    QCOMPARE(usage.layers[1].input, map);
    QVERIFY(usage.layers[1].output <= 8 * 16); // runs a tile ahead at most
    QCOMPARE(usage.layers[1].held, map);
    QCOMPARE(usage.layers[1].scratch, scratch[1]);
    QCOMPARE(usage.layers[2].input, 2 * map);
    QVERIFY(usage.layers[2].output < map);
    QCOMPARE(usage.layers[3], (SramParts{map, 16, 0, 0, 0}));
    QVERIFY(usage.value < 3 * map);
    QCOMPARE(usage.low, usage.value);
    QCOMPARE(usage.high, usage.value);
    QVERIFY(!usage.estimated);
}

void TestSram::atomNet1IsArenaDataAndStack()
{
    for (const Preset &preset : presets()) {
        const auto graph = lower(preset.network, Runtime::AtomNet1);
        QVERIFY(graph);
        const SramUsage usage = sramUsage(*graph);
        const ArenaPlan plan = planArena(*graph);
        QVERIFY(usage.breakdown);
        QCOMPARE(usage.breakdown->arena, plan.arenaBytes);
        QCOMPARE(usage.breakdown->arenaLowerBound, plan.lowerBound);
        QCOMPARE(usage.breakdown->data, dataBytes(*graph));
        QCOMPARE(usage.breakdown->stack, stackBytes(*graph));
        QCOMPARE(usage.value, plan.arenaBytes + dataBytes(*graph) + stackBytes(*graph));
    }
    QVERIFY(!usageOf(presets().front().network, Runtime::XCubeAi72).breakdown);
}

void TestSram::atomNet1ArenaIsPlanned()
{
    const Preset *preset = presetById(QStringLiteral("atomnet-256kb"));
    QVERIFY(preset);
    const auto graph = lower(preset->network, Runtime::AtomNet1);
    QVERIFY(graph);
    const SramUsage usage = sramUsage(*graph);
    const ArenaPlan plan = planArena(*graph);
    QCOMPARE(usage.tensors.size(), graph->tensors.size());
    for (const TensorLife &life : usage.tensors) {
        QVERIFY(life.offset);
        QCOMPARE(*life.offset, plan.tensorOffsets[std::size_t(life.tensor)]);
        QVERIFY(*life.offset + life.bytes <= plan.arenaBytes);
    }
    // The depthwise on 80x80x24 works in place, with a ring of rows beside.
    QCOMPARE(usage.layers[std::size_t(usage.peakLayer)].total(), plan.arenaBytes);
    QCOMPARE(plan.arenaBytes, 80 * 80 * 24 + plan.scratchBytes[std::size_t(usage.peakLayer)]);
}

void TestSram::peakIsTheLargestLayer_data()
{
    QTest::addColumn<QString>("id");
    for (const Preset &preset : presets())
        QTest::newRow(qPrintable(preset.id)) << preset.id;
}

void TestSram::peakIsTheLargestLayer()
{
    QFETCH(QString, id);
    for (const Runtime runtime : allRuntimes) {
        const auto graph = lower(presetById(id)->network, runtime);
        QVERIFY(graph);
        const SramUsage usage = sramUsage(*graph);
        QCOMPARE(usage.layers.size(), graph->atoms.size());
        const qint64 peak = usage.layers[std::size_t(usage.peakLayer)].total();
        for (const SramParts &parts : usage.layers) {
            QVERIFY(parts.input > 0 && parts.output >= 0 && parts.held >= 0);
            QVERIFY(parts.pad >= 0 && parts.scratch >= 0);
            QVERIFY(parts.total() <= peak);
        }
        QVERIFY(usage.value >= peak);
        const std::vector<int> alive = tensorsAlive(*graph, usage.peakLayer);
        const Atom &atom = graph->atoms[std::size_t(usage.peakLayer)];
        QVERIFY(std::find(alive.begin(), alive.end(), atom.inputs[0]) != alive.end());
        QVERIFY(std::find(alive.begin(), alive.end(), atom.output) != alive.end());
    }
}

QTEST_APPLESS_MAIN(TestSram)
#include "tst_sram.moc"
