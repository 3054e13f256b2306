#include "core/analysis/guidelines/guidelines.h"
#include "core/analysis/knowledge.h"
#include "core/atomdb/shipped_atomdb.h"
#include "core/model/presets.h"

#include <QElapsedTimer>
#include <QFile>
#include <QTemporaryDir>
#include <QtTest>

using namespace atomnet;

namespace
{

Target targetOf(const char *board, Runtime runtime)
{
    Target target;
    const auto found = boardById(QString::fromLatin1(board));
    if (found) target.board = *found;
    target.runtime = runtime;
    return target;
}

const Guideline &byId(const std::vector<Guideline> &all, const char *id)
{
    static const Guideline none;
    for (const Guideline &each : all)
        if (each.id == QLatin1String(id)) return each;
    return none;
}

bool within(double value, double expected, double share)
{
    return std::abs(value / expected - 1) <= share;
}

/// Every finding and every figure of a chart is one that a person can read.
void verifyReadable(const std::vector<Guideline> &all)
{
    QStringList ids;
    for (const Guideline &g : all) {
        ids << g.id;
        QVERIFY2(!g.title.isEmpty() && !g.paper.isEmpty() && !g.finding.isEmpty(),
                 qPrintable(g.id));
        QVERIFY2(!g.finding.contains(QLatin1Char('%') + QStringLiteral("1")),
                 qPrintable(g.finding));
        QVERIFY2(std::isfinite(g.value), qPrintable(g.id));
        for (const EvidenceSeries &series : g.chart.series) {
            if (g.chart.categories.isEmpty())
                QCOMPARE(series.x.size(), series.y.size());
            else
                QCOMPARE(qsizetype(series.y.size()), g.chart.categories.size());
            for (const double y : series.y)
                QVERIFY2(std::isfinite(y) && y >= 0, qPrintable(g.id));
        }
    }
    QCOMPARE(ids, QStringList({"G1", "G2", "G3", "R3", "R4", "R5", "bottleneck"}));
}

} // namespace

class TestGuidelines : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void withoutSamplesWhatNeedsThemIsUnknown();
    void blockRulesNeedNoSamples();
    void cancelGivesNothing();
    void sameInSameOut();
    void efficiencyIsThatOfTheRows();
    void flashFollowsTheRows();
    void ofThePublishedOperators();
    void ofTheShippedOperators_data();
    void ofTheShippedOperators();
    void dominanceNamesWhereItHurts();
    void dominanceSharesAddUp();
};

void TestGuidelines::withoutSamplesWhatNeedsThemIsUnknown()
{
    const Target target = targetOf("stm32h743", Runtime::AtomNet1);
    const auto all = guidelines(target, {});
    verifyReadable(all);
    for (const char *id : {"G1", "G3", "R5"}) {
        QVERIFY2(byId(all, id).holds == Holds::Unknown, id);
        QVERIFY2(byId(all, id).finding.contains(QStringLiteral("STM32H743")), id);
        QCOMPARE(byId(all, id).value, 0.0);
    }
    // Another board's samples are none of this board's.
    Knowledge foreign;
    RunCondition condition;
    condition.board = QStringLiteral("stm32f746");
    condition.runtime = runtimeId(Runtime::AtomNet1);
    AtomKey key;
    key.kind = AtomKind::Pointwise;
    foreign.table = std::make_shared<const AtomTable>(
        condition, SampleUnit::Nanoseconds, std::vector<AtomTable::Row>{{key, {9, 9, 9, 1}}});
    QVERIFY(byId(guidelines(target, foreign), "G3").holds == Holds::Unknown);
}

void TestGuidelines::blockRulesNeedNoSamples()
{
    for (const Runtime runtime : allRuntimes) {
        const auto all = guidelines(targetOf("stm32h743", runtime), {});
        for (const char *id : {"G2", "R3", "R4", "bottleneck"})
            QVERIFY2(byId(all, id).holds != Holds::Unknown, id);
        // An add reads two maps and needs both.
        QVERIFY(within(byId(all, "G2").value, 2, 0.05));
        QVERIFY(byId(all, "R4").value >= 0 && byId(all, "R4").value <= 1);
    }
}

void TestGuidelines::cancelGivesNothing()
{
    RunControl control;
    int asked = 0;
    control.isCancelled = [&] { return ++asked > 3; };
    QVERIFY(guidelines(targetOf("stm32h743", Runtime::XCubeAi72), {}, control).empty());
    QVERIFY(asked < 10);
}

void TestGuidelines::sameInSameOut()
{
    const Target target = targetOf("qemu-m7", Runtime::AtomNet1);
    const Knowledge knowledge = shippedKnowledge(target.board, target.runtime);
    const auto a = guidelines(target, knowledge), b = guidelines(target, knowledge);
    QCOMPARE(a.size(), b.size());
    for (std::size_t i = 0; i < a.size(); ++i) {
        QCOMPARE(a[i].finding, b[i].finding);
        QCOMPARE(a[i].value, b[i].value);
    }
}

namespace
{

/// Pointwise and depthwise of several widths that take `pw` and `dw` ns a MAC; with or without
/// normal convolutions.
Knowledge lawful(const Target &target, double pw, double dw, bool normal)
{
    RunCondition condition;
    condition.board = target.board.id;
    condition.runtime = runtimeId(target.runtime);
    condition.clockHz = 400'000'000;
    std::vector<AtomTable::Row> rows;
    for (int c = 8; c <= 96; c += 8) {
        for (const AtomKind kind : {AtomKind::Pointwise, AtomKind::Depthwise, AtomKind::Conv}) {
            if (kind == AtomKind::Conv && !normal) continue;
            AtomKey key;
            key.kind = kind;
            key.inH = key.inW = key.outH = key.outW = 20;
            key.inC = key.outC = c;
            if (kind != AtomKind::Pointwise) {
                key.kernelH = key.kernelW = 3;
                key.inH = key.inW = 22;
            }
            if (kind == AtomKind::Depthwise) key.groups = c;
            const double ns = (kind == AtomKind::Depthwise ? dw : pw) * double(macsOf(key));
            rows.push_back({key, {qint64(ns), qint64(ns), qint64(ns), 1}});
        }
    }
    Knowledge knowledge;
    knowledge.table =
        std::make_shared<const AtomTable>(condition, SampleUnit::Nanoseconds, std::move(rows));
    return knowledge;
}

} // namespace

void TestGuidelines::efficiencyIsThatOfTheRows()
{
    const Target target = targetOf("stm32h743", Runtime::XCubeAi72);
    const Guideline holds = byId(guidelines(target, lawful(target, 2, 10, true)), "G3");
    QVERIFY(holds.holds == Holds::Yes);
    QVERIFY2(within(holds.value, 5, 0.01), qPrintable(QString::number(holds.value)));
    QVERIFY2(holds.finding.contains(QStringLiteral("500 k")), qPrintable(holds.finding));
    QVERIFY2(holds.finding.contains(QStringLiteral("100 k")), qPrintable(holds.finding));
    const Guideline not1 = byId(guidelines(target, lawful(target, 10, 2, true)), "G3");
    QVERIFY(not1.holds == Holds::No);
    QVERIFY(within(not1.value, 0.2, 0.01));
}

void TestGuidelines::flashFollowsTheRows()
{
    const Target target = targetOf("stm32h743", Runtime::XCubeAi72);
    const Guideline all = byId(guidelines(target, lawful(target, 2, 10, true)), "G1");
    QVERIFY(all.holds == Holds::Yes);
    QVERIFY2(within(all.value, 2, 0.02), qPrintable(QString::number(all.value)));
    QCOMPARE(all.chart.series.size(), std::size_t(3));
    // 9 c + 4 bytes an output channel at 96 channels: the last point of the chart.
    QCOMPARE(all.chart.series[2].y.back(), 9.0 * 96 * 96 + 4 * 96);
    const Guideline some = byId(guidelines(target, lawful(target, 2, 10, false)), "G1");
    QVERIFY(some.holds == Holds::Unknown);
    QVERIFY2(some.finding.contains(QStringLiteral("0 normal")), qPrintable(some.finding));
}

void TestGuidelines::ofThePublishedOperators()
{
    const QString folder = QStringLiteral(ATOMNET_SOURCE_DIR "/../shared/atomdb/");
    if (!QFile::exists(folder + QStringLiteral("atomdb.csv")) ||
        !QFile::exists(folder + QStringLiteral("atomdb_se.csv")))
        QSKIP("the published AtomDB is not beside the checkout");
    QTemporaryDir temporary;
    Result<AtomDb> db = AtomDb::open(temporary.filePath(QStringLiteral("db.sqlite")));
    QVERIFY(db);
    for (const char *file : {"atomdb.csv", "atomdb_se.csv"})
        QVERIFY(db->importCsv(folder + QLatin1String(file), AtomDb::xCubeAiH743()));
    const Target target = targetOf("stm32h743", Runtime::XCubeAi72);
    const auto knowledge = knowledgeFrom(*db, target.board, target.runtime);
    QVERIFY(knowledge);
    QElapsedTimer timer;
    timer.start();
    const auto all = guidelines(target, *knowledge);
    const qint64 ms = timer.elapsed();
    for (const Guideline &g : all)
        qInfo().noquote() << g.id << (g.holds == Holds::Yes) << g.value << g.finding;
    qInfo() << "guidelines took" << ms << "ms";
    verifyReadable(all);
    const Guideline &g3 = byId(all, "G3");
    QVERIFY(g3.holds == Holds::Yes);
    const qsizetype dw = g3.chart.categories.indexOf(QStringLiteral("Depthwise"));
    const qsizetype pw = g3.chart.categories.indexOf(QStringLiteral("Pointwise"));
    QVERIFY(dw >= 0 && pw >= 0);
    QVERIFY(within(g3.chart.series[1].y[std::size_t(pw)], 385'000, 0.02));
    QVERIFY(within(g3.chart.series[1].y[std::size_t(dw)], 85'000, 0.02));
    QVERIFY(byId(all, "G1").holds == Holds::Yes);
    QVERIFY(within(byId(all, "G1").value, 2, 0.1));
}

void TestGuidelines::ofTheShippedOperators_data()
{
    QTest::addColumn<QString>("board");
    QTest::newRow("counted there") << QStringLiteral("qemu-m7");
    QTest::newRow("from instructions") << QStringLiteral("stm32f412");
}

void TestGuidelines::ofTheShippedOperators()
{
    QFETCH(QString, board);
    if (shippedAtomDb().isEmpty()) QSKIP("the AtomDB that ships is not built");
    const auto db = AtomDb::open(shippedAtomDb(), AtomDb::Mode::ReadOnly);
    QVERIFY(db);
    const Target target = targetOf(qPrintable(board), Runtime::AtomNet1);
    const auto knowledge = knowledgeFrom(*db, target.board, target.runtime);
    QVERIFY(knowledge);
    QElapsedTimer timer;
    timer.start();
    const auto all = guidelines(target, *knowledge);
    const qint64 ms = timer.elapsed();
    for (const Guideline &g : all)
        qInfo().noquote() << g.id << (g.holds == Holds::Yes) << g.value << g.finding;
    qInfo() << "guidelines took" << ms << "ms";
    verifyReadable(all);
    for (const Guideline &g : all)
        QVERIFY2(g.holds != Holds::Unknown, qPrintable(g.id));
    QVERIFY(byId(all, "G3").holds == Holds::Yes);
    QVERIFY(byId(all, "G3").finding.contains(QStringLiteral("instruction")));
}

void TestGuidelines::dominanceNamesWhereItHurts()
{
    const Target target = targetOf("stm32h743", Runtime::XCubeAi72);
    const Preset *preset = presetById(QStringLiteral("atomnet-512kb-large"));
    QVERIFY(preset);
    const auto report = analyze(preset->network, target, {});
    QVERIFY(report);
    const auto stages = stageDominance(*report);
    QCOMPARE(qsizetype(stages.size()), report->stageNames.size());
    const Layer &peak = report->layers[std::size_t(report->peak.layer)];
    QCOMPARE(stages[std::size_t(peak.atom.stage)].sramShare, 1.0);
    QVERIFY(stages[std::size_t(peak.atom.stage)].dominance == Dominance::Sram);
    QVERIFY(stages.front().flashShare < 0.01);
    QVERIFY(stages[4].dominance == Dominance::Flash);
}

void TestGuidelines::dominanceSharesAddUp()
{
    for (const Preset &preset : presets())
        for (const Runtime runtime : allRuntimes) {
            const auto report = analyze(preset.network, targetOf("stm32h743", runtime), {});
            QVERIFY(report);
            double flash = 0, most = 0;
            for (const StageDominance &stage : stageDominance(*report)) {
                flash += stage.flashShare;
                most = std::max(most, stage.sramShare);
            }
            QVERIFY(within(flash, 1, 1e-9));
            QCOMPARE(most, 1.0);
        }
    QCOMPARE(stageDominance(Report()).size(), std::size_t(1));
}

QTEST_GUILESS_MAIN(TestGuidelines)
#include "tst_guidelines.moc"
