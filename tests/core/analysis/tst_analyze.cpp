#include "core/analysis/analyze.h"
#include "core/analysis/verdict.h"
#include "core/lowering/lower.h"
#include "core/model/presets.h"

#include <QtTest>

#include <cmath>

using namespace atomnet;

namespace
{

Board testBoard()
{
    Board board;
    board.id = QStringLiteral("testboard");
    board.name = QStringLiteral("Testboard");
    board.sramBytes = 512 * 1024;
    board.flashBytes = 2048 * 1024;
    board.clockHz = 480'000'000;
    return board;
}

Target target(Board board = testBoard())
{
    return {std::move(board), Runtime::XCubeAi72, 0, 0};
}

/// Conv stem and one SEP: conv, pad, dw, pw, pool, classifier.
Network smallNetwork()
{
    Block conv;
    conv.type = BlockType::Conv;
    conv.out = 8;
    conv.stride = 2;
    conv.act = Activation::Relu;
    Block sep;
    sep.type = BlockType::Sep;
    sep.out = 16;
    sep.act = Activation::HSwish;
    Network n;
    n.input = {32, 32, 3};
    n.stages.push_back({{}, QStringLiteral("s1"), {conv, sep}, {}});
    n.head.classes = 10;
    assignIds(n);
    return n;
}

std::vector<AtomKey> keysOf(const Network &network, Runtime runtime = Runtime::XCubeAi72)
{
    std::vector<AtomKey> keys;
    if (const auto graph = lower(network, runtime))
        for (const Atom &atom : graph->atoms)
            keys.push_back(atom.key);
    return keys;
}

RunCondition condition(const QString &board = QStringLiteral("testboard"),
                       const QString &runtime = QStringLiteral("x-cube-ai-7.2"))
{
    RunCondition c;
    c.board = board;
    c.runtime = runtime;
    c.clockHz = 400'000'000;
    return c;
}

Knowledge knows(std::vector<AtomTable::Row> rows, const RunCondition &c = condition(),
                SampleUnit unit = SampleUnit::Nanoseconds)
{
    return {std::make_shared<const AtomTable>(c, unit, std::move(rows)), nullptr};
}

/// Every operator of the network, 1 ms each, 3 samples within 0.9 to 1.2 ms.
std::vector<AtomTable::Row> allMeasured(const Network &network)
{
    std::vector<AtomTable::Row> rows;
    for (const AtomKey &key : keysOf(network))
        rows.push_back({key, {1'000'000, 900'000, 1'200'000, 3}});
    return rows;
}

Report reportOf(const Network &network, const Target &t, const Knowledge &knowledge)
{
    const auto report = analyze(network, t, knowledge);
    return report ? *report : Report{};
}

} // namespace

class TestAnalyze : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void everythingMeasured();
    void missingNeverCountsAsZero();
    void withoutAnyDataLatencyIsMissing();
    void estimatesFillInAndAreMarked();
    void kernelThatWasNeverMeasuredIsExtrapolated();
    void foreignDataIsNoData_data();
    void foreignDataIsNoData();
    void measuredIntervals_data();
    void measuredIntervals();
    void exactActivationWinsThenUnknown();
    void errorsOfOneKindAddUpKindsInQuadrature();
    void fitIsInclusiveOnUpperBounds_data();
    void fitIsInclusiveOnUpperBounds();
    void reservesShrinkWhatIsAvailable();
    void badReserveIsUsage_data();
    void badReserveIsUsage();
    void virtualBoardsCountInstructionsWithoutLimits();
    void stackCountsUnlessItLiesApart();
    void totalsAreSums();
    void reportedWorkIsReproduced_data();
    void reportedWorkIsReproduced();
    void analyzerRemembersAndStaysRight();
    void cancelStops();
    void namesAndBlocks();
};

void TestAnalyze::everythingMeasured()
{
    const Network network = smallNetwork();
    const Report report = reportOf(network, target(), knows(allMeasured(network)));
    QCOMPARE(report.layers.size(), std::size_t(6));
    QCOMPARE(report.measuredLayers, 6);
    QCOMPARE(report.missingLayers, 0);
    QCOMPARE(report.latency.value, qint64(6'000'000));
    QVERIFY(report.latency.source == Source::Measured);
    QVERIFY(report.latency.high.has_value());
    QCOMPARE(report.measuredShare, 1.0);
    QCOMPARE(report.clockHz, qint64(400'000'000));
    QCOMPARE(report.layers[0].latency.samples, 3u);
    QVERIFY(report.fits);
    QVERIFY(report.reasons.isEmpty());
}

void TestAnalyze::missingNeverCountsAsZero()
{
    const Network network = smallNetwork();
    auto rows = allMeasured(network);
    rows.erase(rows.begin() + 3);
    const Report report = reportOf(network, target(), knows(rows));
    const Latency &missing = report.layers[3].latency;
    QVERIFY(missing.source == Source::Missing);
    QCOMPARE(missing.low, qint64(0));
    QVERIFY(!missing.high);
    QCOMPARE(report.missingLayers, 1);
    QCOMPARE(report.latency.value, qint64(5'000'000)); // "at least"
    QVERIFY(report.latency.low > 0);
    QVERIFY(!report.latency.high);
    QVERIFY(report.latency.source == Source::Missing);
}

void TestAnalyze::withoutAnyDataLatencyIsMissing()
{
    for (const Knowledge &knowledge : {Knowledge{}, knows({})}) {
        const Report report = reportOf(smallNetwork(), target(), knowledge);
        QCOMPARE(report.missingLayers, 6);
        QCOMPARE(report.latency.value, qint64(0));
        QVERIFY(!report.latency.high);
        QCOMPARE(report.measuredShare, 0.0);
        QCOMPARE(report.clockHz, qint64(480'000'000)); // the board's; nothing is scaled by it
        QVERIFY(report.sram.value > 0 && report.flash.value > 0);
    }
}

void TestAnalyze::estimatesFillInAndAreMarked()
{
    const auto board = boardById(QStringLiteral("stm32h743"));
    QVERIFY(board);
    const auto model = shippedLatencyModel(board->id, QStringLiteral("x-cube-ai-7.2"));
    QVERIFY(model);
    const Network network = smallNetwork();
    auto rows = allMeasured(network);
    rows.erase(rows.begin() + 3);
    Knowledge knowledge = knows(rows, condition(board->id));
    knowledge.model = model;
    const Report report = reportOf(network, target(*board), knowledge);
    const Latency &pointwise = report.layers[3].latency;
    QVERIFY(pointwise.source == Source::Estimated);
    const auto estimated = estimate(*model, report.layers[3].atom.key);
    QVERIFY(estimated);
    QCOMPARE(pointwise.value, estimated->value);
    QCOMPARE(pointwise.low, estimated->low);
    QCOMPARE(*pointwise.high, estimated->high);
    QCOMPARE(report.estimatedLayers, 1);
    QVERIFY(report.latency.source == Source::Estimated);
    QVERIFY(report.latency.high.has_value());
    QCOMPARE(report.latency.value, 5'000'000 + estimated->value);
    QVERIFY(report.measuredShare > 0 && report.measuredShare < 1);
}

void TestAnalyze::kernelThatWasNeverMeasuredIsExtrapolated()
{
    const auto board = boardById(QStringLiteral("stm32h743"));
    QVERIFY(board);
    Network network = smallNetwork();
    const Knowledge knowledge{nullptr,
                              shippedLatencyModel(board->id, QStringLiteral("x-cube-ai-7.2"))};
    const auto shareOfError = [](const Latency &latency) {
        return double(*latency.high - latency.low) / double(latency.value);
    };
    const Report narrow = reportOf(network, target(*board), knowledge);
    network.stages[0].blocks[1].kernel = 5;
    const Report wide = reportOf(network, target(*board), knowledge);
    QVERIFY(!narrow.layers[2].latency.extrapolated);
    QVERIFY(wide.layers[2].latency.extrapolated);
    QVERIFY(wide.layers[2].latency.source == Source::Estimated);
    QVERIFY(wide.latency.extrapolated);
    QVERIFY(shareOfError(wide.layers[2].latency) > shareOfError(narrow.layers[2].latency));
}

void TestAnalyze::foreignDataIsNoData_data()
{
    QTest::addColumn<QString>("board");
    QTest::addColumn<QString>("runtime");
    QTest::addColumn<int>("unit");
    QTest::newRow("another board") << "stm32f746"
                                   << "x-cube-ai-7.2" << 0;
    QTest::newRow("another runtime") << "testboard"
                                     << "atomnet-1" << 0;
    QTest::newRow("instructions") << "testboard"
                                  << "x-cube-ai-7.2" << 1;
}

void TestAnalyze::foreignDataIsNoData()
{
    QFETCH(QString, board);
    QFETCH(QString, runtime);
    QFETCH(int, unit);
    const Network network = smallNetwork();
    Knowledge knowledge = knows(allMeasured(network), condition(board, runtime), SampleUnit(unit));
    knowledge.model =
        shippedLatencyModel(QStringLiteral("stm32h743"), QStringLiteral("x-cube-ai-7.2"));
    QVERIFY(knowledge.model);
    const Report report = reportOf(network, target(), knowledge);
    QCOMPARE(report.missingLayers, 6);
}

void TestAnalyze::measuredIntervals_data()
{
    QTest::addColumn<AtomStats>("stats");
    QTest::addColumn<qint64>("low");
    QTest::addColumn<qint64>("high");
    QTest::newRow("range of the samples")
        << AtomStats{1'000'000, 800'000, 1'500'000, 9} << qint64(800'000) << qint64(1'500'000);
    QTest::newRow("at least 1 %") << AtomStats{1'000'000, 999'000, 1'000'500, 9} << qint64(990'000)
                                  << qint64(1'010'000);
    QTest::newRow("at least 1 us")
        << AtomStats{6'000, 6'000, 6'000, 2} << qint64(5'000) << qint64(7'000);
    QTest::newRow("never below 0") << AtomStats{500, 500, 500, 2} << qint64(0) << qint64(1'500);
}

void TestAnalyze::measuredIntervals()
{
    QFETCH(AtomStats, stats);
    QFETCH(qint64, low);
    QFETCH(qint64, high);
    const Network network = smallNetwork();
    const Report report = reportOf(network, target(), knows({{keysOf(network)[3], stats}}));
    const Latency &latency = report.layers[3].latency;
    QVERIFY(latency.source == Source::Measured);
    QCOMPARE(latency.value, stats.median);
    QCOMPARE(latency.low, low);
    QCOMPARE(*latency.high, high);
    QCOMPARE(latency.samples, stats.count);

    // One sample alone takes its kind's typical spread.
    AtomStats single = stats;
    single.count = 1;
    single.low = single.high = single.median = 10'000'000;
    AtomKey other = keysOf(network)[3];
    other.outC += 8;
    const Knowledge knowledge =
        knows({{keysOf(network)[3], single}, {other, {1'000'000, 900'000, 1'100'000, 3}}});
    const Report one = reportOf(network, target(), knowledge);
    const double spread = knowledge.table->spread(AtomKind::Pointwise);
    QCOMPARE(spread, 0.1);
    QCOMPARE(one.layers[3].latency.low, qint64(9'000'000));
    QCOMPARE(*one.layers[3].latency.high, qint64(11'000'000));
}

void TestAnalyze::exactActivationWinsThenUnknown()
{
    const Network network = smallNetwork();
    AtomKey exact = keysOf(network)[3];
    AtomKey unknown = exact, another = exact;
    unknown.act = KeyAct::Unknown;
    another.act = KeyAct::Relu6;
    const AtomStats one{1'000'000, 1'000'000, 1'000'000, 4},
        two{2'000'000, 2'000'000, 2'000'000, 4};
    QCOMPARE(reportOf(network, target(), knows({{exact, one}, {unknown, two}})).latency.value,
             qint64(1'000'000));
    QCOMPARE(reportOf(network, target(), knows({{another, one}, {unknown, two}})).latency.value,
             qint64(2'000'000));
    QCOMPARE(reportOf(network, target(), knows({{another, one}})).missingLayers, 6);
}

void TestAnalyze::errorsOfOneKindAddUpKindsInQuadrature()
{
    Block block;
    block.type = BlockType::Sep;
    block.out = 16;
    block.repeat = 2;
    Network network;
    network.input = {32, 32, 16};
    network.stages.push_back({{}, QStringLiteral("s1"), {block}, {}});
    assignIds(network);
    std::vector<AtomTable::Row> rows;
    for (const AtomKey &key : keysOf(network)) {
        if (key.kind == AtomKind::Pointwise) // twice: +-200 us each
            rows.push_back({key, {1'000'000, 800'000, 1'200'000, 9}});
        else if (key.kind == AtomKind::Depthwise) // twice: -100 us, +150 us each
            rows.push_back({key, {1'000'000, 900'000, 1'150'000, 9}});
    }
    const Report report = reportOf(network, target(), knows(rows));
    QCOMPARE(report.latency.value, qint64(4'000'000));
    // sqrt((2 * 200)^2 + (2 * 100)^2)
    QCOMPARE(report.latency.low, qint64(4'000'000 - 447'214));
    QVERIFY(!report.latency.high);

    for (const AtomKey &key : keysOf(network))
        if (key.kind != AtomKind::Pointwise && key.kind != AtomKind::Depthwise)
            rows.push_back({key, {100'000, 100'000, 100'000, 9}}); // +-1 % or 1 us
    const Report full = reportOf(network, target(), knows(rows));
    // pads 2 * 1 us, pool and classifier 1 us each beside sqrt(400^2 + 300^2) = 500
    QCOMPARE(full.latency.value, qint64(4'400'000));
    QCOMPARE(*full.latency.high, qint64(4'400'000 + 500'006));
}

void TestAnalyze::fitIsInclusiveOnUpperBounds_data()
{
    QTest::addColumn<qint64>("limit");
    QTest::addColumn<QString>("fit");
    QTest::addColumn<qint64>("over");
    QTest::newRow("exactly full") << qint64(1'000) << "tight" << qint64(0);
    QTest::newRow("one byte over") << qint64(999) << "over" << qint64(1);
    QTest::newRow("just above 90 %") << qint64(1'111) << "tight" << qint64(0);
    QTest::newRow("just below 90 %") << qint64(1'112) << "within" << qint64(0);
}

void TestAnalyze::fitIsInclusiveOnUpperBounds()
{
    QFETCH(qint64, limit);
    QFETCH(QString, fit);
    QFETCH(qint64, over);
    for (const bool sram : {true, false}) {
        Report report;
        report.target = target();
        Budget &budget = sram ? report.sram : report.flash;
        budget.value = 870;
        budget.high = 1'000; // the upper bound decides
        budget.estimated = true;
        (sram ? report.target.board.sramBytes : report.target.board.flashBytes) = limit;
        judge(report);
        QCOMPARE(toString(budget.fit), fit);
        QCOMPARE(budget.overBytes, over);
        QCOMPARE(report.fits, over == 0);
        QCOMPARE(report.reasons.size(), over == 0 ? 0 : 1);
        if (over > 0) {
            QVERIFY(report.reasons[0].startsWith(sram ? QStringLiteral("SRAM ")
                                                      : QStringLiteral("Flash ")));
            QVERIFY(report.reasons[0].contains(QStringLiteral("Testboard")));
            QVERIFY(report.reasons[0].endsWith(QStringLiteral("(upper bound of an estimate)")));
        }
    }
}

void TestAnalyze::reservesShrinkWhatIsAvailable()
{
    Target t = target();
    const Report free = reportOf(smallNetwork(), t, {});
    t.reserveSramBytes = t.board.sramBytes - free.sram.high;
    t.reserveFlashBytes = t.board.flashBytes - free.flash.high;
    const Report full = reportOf(smallNetwork(), t, {});
    QVERIFY(full.fits);
    QCOMPARE(full.sram.available, free.sram.high);
    QCOMPARE(full.sram.limit, t.board.sramBytes);
    ++t.reserveSramBytes;
    const Report over = reportOf(smallNetwork(), t, {});
    QVERIFY(!over.fits);
    QCOMPARE(over.sram.overBytes, qint64(1));
    QVERIFY(over.reasons[0].contains(QStringLiteral("reserved")));
}

void TestAnalyze::badReserveIsUsage_data()
{
    QTest::addColumn<qint64>("sram");
    QTest::addColumn<qint64>("flash");
    QTest::newRow("SRAM below 0") << qint64(-1) << qint64(0);
    QTest::newRow("Flash below 0") << qint64(0) << qint64(-1);
    QTest::newRow("SRAM above the limit") << qint64(512 * 1024 + 1) << qint64(0);
    QTest::newRow("Flash above the limit") << qint64(0) << qint64(2048 * 1024 + 1);
}

void TestAnalyze::badReserveIsUsage()
{
    QFETCH(qint64, sram);
    QFETCH(qint64, flash);
    Target t = target();
    t.reserveSramBytes = sram;
    t.reserveFlashBytes = flash;
    const auto report = analyze(smallNetwork(), t, {});
    QVERIFY(!report);
    QVERIFY(report.error().code == ErrorCode::Usage);
}

void TestAnalyze::virtualBoardsCountInstructionsWithoutLimits()
{
    Board board = testBoard();
    board.isVirtual = true;
    board.clockHz = 0;
    board.sramBytes = 1;
    const Network network = smallNetwork();
    std::vector<AtomTable::Row> rows;
    for (const AtomKey &key : keysOf(network))
        rows.push_back({key, {500, 500, 500, 1}});
    RunCondition counted = condition();
    counted.clockHz = 0;
    const Report report =
        reportOf(network, target(board), knows(rows, counted, SampleUnit::Instructions));
    QVERIFY(report.unit == TimeUnit::Instructions);
    QCOMPARE(report.clockHz, qint64(0));
    QCOMPARE(report.latency.value, qint64(3'000));
    QCOMPARE(report.latency.low, qint64(3'000)); // counts have no error
    QCOMPARE(*report.latency.high, qint64(3'000));
    QVERIFY(report.sram.fit == Fit::NoLimit);
    QVERIFY(report.flash.fit == Fit::NoLimit);
    QVERIFY(report.fits);
    // Times are not instructions.
    QCOMPARE(reportOf(network, target(board), knows(rows, counted)).missingLayers, 6);
}

void TestAnalyze::stackCountsUnlessItLiesApart()
{
    Target t = target();
    t.runtime = Runtime::AtomNet1;
    const Report beside = reportOf(smallNetwork(), t, {});
    QVERIFY(beside.sramBreakdown && beside.sramBreakdown->stackCounted);
    const SramBreakdown parts = *beside.sramBreakdown;
    QVERIFY(parts.stack > 0 && parts.arena >= parts.arenaLowerBound);
    QCOMPARE(beside.sram.value, parts.arena + parts.data + parts.stack);
    QVERIFY(!beside.sram.estimated);
    QCOMPARE(beside.sram.high, beside.sram.value);
    t.board.stackApart = true;
    const Report apart = reportOf(smallNetwork(), t, {});
    QVERIFY(apart.sramBreakdown && !apart.sramBreakdown->stackCounted);
    QCOMPARE(apart.sram.value, parts.arena + parts.data);
    QCOMPARE(apart.sram.high, apart.sram.value);
    QCOMPARE(apart.sramBreakdown->stack, parts.stack);
    QVERIFY(!reportOf(smallNetwork(), target(), {}).sramBreakdown); // X-CUBE-AI's is a rule
}

void TestAnalyze::totalsAreSums()
{
    for (const Preset &preset : presets()) {
        for (const Runtime runtime : allRuntimes) {
            Target t = target();
            t.runtime = runtime;
            const Report report = reportOf(preset.network, t, {});
            qint64 macs = 0, elementwise = 0, params = 0, flash = report.flashCodeBytes;
            for (const Layer &layer : report.layers) {
                macs += layer.macs;
                elementwise += layer.macsElementwise;
                params += layer.params;
                flash += layer.flashBytes;
                QCOMPARE(layer.flashCumulativeBytes, flash);
            }
            QCOMPARE(report.macs, macs);
            QCOMPARE(report.macsElementwise, elementwise);
            QCOMPARE(report.params, params);
            QCOMPARE(report.flash.value, flash);
            QCOMPARE(report.flashWeightsBytes, flash - report.flashCodeBytes);
            QVERIFY(report.flash.low <= flash && flash <= report.flash.high);
            QCOMPARE(report.tensors.size(), report.tensorShapes.size());
            QVERIFY(!report.peak.tensors.empty());
        }
    }
}

void TestAnalyze::reportedWorkIsReproduced_data()
{
    QTest::addColumn<QString>("id");
    QTest::addColumn<double>("millions");
    QTest::newRow("256KB") << "atomnet-256kb" << 79.0;
    QTest::newRow("256KB-Max") << "atomnet-256kb-max" << 108.7;
    QTest::newRow("320KB") << "atomnet-320kb" << 109.5;
    QTest::newRow("512KB-Large") << "atomnet-512kb-large" << 230.0;
    QTest::newRow("512KB-Max") << "atomnet-512kb-max" << 358.6;
}

void TestAnalyze::reportedWorkIsReproduced()
{
    QFETCH(QString, id);
    QFETCH(double, millions);
    const Preset *preset = presetById(id);
    QVERIFY(preset);
    QVERIFY(preset->reported.macs);
    const Report report = reportOf(preset->network, target(), {});
    const double work = double(report.macs + report.macsElementwise);
    QVERIFY2(std::abs(work / 1e6 - millions) < 0.06, qPrintable(QString::number(work)));
    QVERIFY(std::abs(work / double(*preset->reported.macs) - 1) <= 0.015);
}

void TestAnalyze::analyzerRemembersAndStaysRight()
{
    const auto board = boardById(QStringLiteral("stm32h743"));
    QVERIFY(board);
    const Knowledge knowledge{nullptr,
                              shippedLatencyModel(board->id, QStringLiteral("x-cube-ai-7.2"))};
    Analyzer analyzer(target(*board), knowledge);
    for (int round = 0; round < 2; ++round) {
        for (const Preset &preset : presets()) {
            const auto remembered = analyzer.analyze(preset.network);
            QVERIFY(remembered);
            QVERIFY(*remembered == reportOf(preset.network, target(*board), knowledge));
        }
    }
    Analyzer moved = std::move(analyzer);
    const auto after = moved.analyze(presets()[0].network);
    QVERIFY(after);
    QVERIFY(*after == reportOf(presets()[0].network, target(*board), knowledge));
}

void TestAnalyze::cancelStops()
{
    Analyzer analyzer(target(), {});
    RunControl control;
    control.isCancelled = [] { return true; };
    const auto report = analyzer.analyze(smallNetwork(), control);
    QVERIFY(!report);
    QVERIFY(report.error().code == ErrorCode::Cancelled);
}

void TestAnalyze::namesAndBlocks()
{
    Network network = smallNetwork();
    network.stages[0].blocks[1].repeat = 2;
    network.stages[0].blocks[1].out = 8;
    network.stages.push_back({{}, QString(), {network.stages[0].blocks[1]}, {}});
    network.stages[1].blocks[0].id = {};
    assignIds(network);
    const Report report = reportOf(network, target(), {});
    QCOMPARE(layerName(report, report.layers[0]), QStringLiteral("s1.1.conv"));
    QCOMPARE(layerName(report, report.layers[2]), QStringLiteral("s1.2.dw"));
    QCOMPARE(layerName(report, report.layers[5]), QStringLiteral("s1.2.2.dw"));
    QCOMPARE(layerName(report, report.layers[8]), QStringLiteral("stage2.1.dw"));
    QCOMPARE(layerName(report, report.layers.back()), QStringLiteral("head.classifier"));
    QCOMPARE(tensorName(report, 0), QStringLiteral("input"));
    QCOMPARE(tensorName(report, 1), QStringLiteral("s1.1.conv"));
    QCOMPARE(tensorName(report, 99), QString());

    const std::vector<BlockFigures> blocks = perBlock(report);
    QCOMPARE(blocks.size(), std::size_t(4)); // conv, sep, sep, head
    QCOMPARE(blocks[1].block, network.stages[0].blocks[1].id);
    QCOMPARE(blocks[1].firstLayer, 1);
    QCOMPARE(blocks[1].lastLayer, 6);
    QCOMPARE(blocks[3].block, BlockId{});
    qint64 flash = 0, macs = 0;
    for (const BlockFigures &block : blocks) {
        flash += block.flashBytes;
        macs += block.macs;
    }
    QCOMPARE(flash, report.flashWeightsBytes);
    QCOMPARE(macs, report.macs);
    QVERIFY(blocks[1].latency.source == Source::Missing);
}

QTEST_APPLESS_MAIN(TestAnalyze)
#include "tst_analyze.moc"
