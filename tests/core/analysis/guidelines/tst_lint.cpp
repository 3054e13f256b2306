#include "core/model/presets.h"
#include "lint_case.h"

#include <QElapsedTimer>

using namespace atomnet;
using namespace atomnet::test;

namespace
{

using enum BlockType;

const LintFinding *findingOf(const std::vector<LintFinding> &findings, const char *rule,
                             BlockId block = {})
{
    for (const LintFinding &finding : findings)
        if (finding.rule == QLatin1String(rule) && (!block || finding.block == block))
            return &finding;
    return nullptr;
}

QString listed(const std::vector<LintFinding> &findings)
{
    QStringList all;
    for (const LintFinding &finding : findings)
        all << finding.rule + QStringLiteral(": ") + finding.what;
    return all.join(QStringLiteral("; "));
}

/// The paper's example of what not to do: normal convolutions throughout.
Network resNet()
{
    return networkOf(128, {{blockOf(Conv, 32, 2)},
                           {blockOf(Conv, 32, 1, 2)},
                           {blockOf(Conv, 64, 2), blockOf(Conv, 64)},
                           {blockOf(Conv, 128, 2), blockOf(Conv, 128)},
                           {blockOf(Conv, 256, 2), blockOf(Conv, 256)}});
}

/// Inverted blocks with SE from the start.
Network earlyMbConv()
{
    return networkOf(160, {{blockOf(Conv, 16, 2)},
                           {blockOf(MbConv, 24, 1, 2, 6, 3, true)},
                           {blockOf(MbConv, 48, 2, 2, 6, 5, true)},
                           {blockOf(MbConv, 96, 2, 3, 6, 5, true)}});
}

} // namespace

class TestLint : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void ruleFiresAndItsFixSilencesIt_data();
    void ruleFiresAndItsFixSilencesIt();
    void problemsFitOnceFixed_data();
    void problemsFitOnceFixed();
    void badDesignsGetMuchAdvice_data();
    void badDesignsGetMuchAdvice();
    void publishedDesignsStayCalm_data();
    void publishedDesignsStayCalm();
    void heavyStageIsABottleneck();
    void operatorsWithoutLatencyAreTold();
    void extrapolatedOperatorsAreTold();
    void savingsRestOnKnownLatencies();
    void lockedBlocksAreLeftAlone();
    void fixesAreTrueOnAnyDesign_data();
    void fixesAreTrueOnAnyDesign();
    void cancelStops();
    void longDesignsStayCheap_data();
    void longDesignsStayCheap();
};

void TestLint::ruleFiresAndItsFixSilencesIt_data()
{
    QTest::addColumn<QString>("rule");
    QTest::addColumn<int>("stage");
    QTest::addColumn<Network>("network");
    const Block stem = blockOf(Conv, 16, 2);
    QTest::newRow("normal convolution")
        << "G1" << 1 << networkOf(64, {{stem}, {blockOf(Conv, 32, 2)}, {blockOf(Sep, 64, 2)}});
    QTest::newRow("SE on a large map")
        << "G2" << 1
        << networkOf(160, {{stem}, {blockOf(MbConv, 24, 1, 1, 6, 3, true)}, {blockOf(Sep, 64, 2)}});
    QTest::newRow("shortcut on a large map")
        << "G2" << 1
        << networkOf(160, {{stem}, {blockOf(ConvNext, 16, 1, 2, 2)}, {blockOf(Sep, 64, 2)}});
    QTest::newRow("wide depthwise")
        << "G3" << 1
        << networkOf(96, {{stem}, {blockOf(Sep, 32, 1, 2, 1, 7)}, {blockOf(Sep, 64, 2)}});
    QTest::newRow("late MBConv") << "R3" << 4
                                 << networkOf(96, {{stem},
                                                   {blockOf(Sep, 32)},
                                                   {blockOf(Sep, 48, 2)},
                                                   {blockOf(Sep, 64, 2)},
                                                   {blockOf(MbConv, 64, 1, 3, 3)}});
    QTest::newRow("early MBConv") << "R4" << 1
                                  << networkOf(96, {{stem},
                                                    {blockOf(MbConv, 24, 1, 1, 6)},
                                                    {blockOf(Sep, 64, 2)}});
    QTest::newRow("early ConvNeXt")
        << "R4" << 1
        << networkOf(96, {{stem}, {blockOf(ConvNext, 24, 1, 1, 6)}, {blockOf(Sep, 64, 2)}});
    QTest::newRow("late SEP")
        << "R5" << 3
        << networkOf(96,
                     {{stem}, {blockOf(Sep, 32)}, {blockOf(Sep, 48, 2)}, {blockOf(Sep, 96, 2, 6)}});
    QTest::newRow("odd width")
        << "width" << 1 << networkOf(96, {{stem}, {blockOf(Sep, 61, 2)}, {blockOf(Sep, 64, 2, 2)}});
}

void TestLint::ruleFiresAndItsFixSilencesIt()
{
    QFETCH(QString, rule);
    QFETCH(int, stage);
    QFETCH(Network, network);
    const Target target = targetOf("stm32h743", Runtime::XCubeAi72);
    const Case before(network, target);
    const BlockId id = network.stages[std::size_t(stage)].blocks[0].id;
    const auto findings = before.findings();
    const LintFinding *finding = findingOf(findings, qPrintable(rule), id);
    QVERIFY2(finding, qPrintable(listed(findings)));
    QCOMPARE(finding->stage, stage);
    QVERIFY(!finding->what.isEmpty() && !finding->why.isEmpty());
    static const QRegularExpression number(QStringLiteral("[0-9]"));
    QVERIFY2(finding->why.contains(number), qPrintable(finding->why));
    QVERIFY2(!finding->fixes.empty(), qPrintable(finding->what));
    for (const QuickFix &fix : finding->fixes)
        QCOMPARE(before.problemOf(fix), QString());
    const Case after(before.fixed(finding->fixes.front()), target);
    const auto left = after.findings();
    QVERIFY2(!findingOf(left, qPrintable(rule), id), qPrintable(listed(left)));
}

void TestLint::problemsFitOnceFixed_data()
{
    QTest::addColumn<QString>("rule");
    QTest::addColumn<Network>("network");
    QTest::addColumn<bool>("own");
    const Network sram = networkOf(
        224, {{blockOf(Conv, 16, 2)}, {blockOf(MbConv, 24, 1, 2, 4)}, {blockOf(Sep, 64, 2)}});
    const Network flash = networkOf(
        64, {{blockOf(Conv, 16, 2)}, {blockOf(Sep, 64, 2)}, {blockOf(ConvNext, 256, 2, 6, 4)}});
    for (const bool own : {false, true}) {
        QTest::addRow("sram %s", own ? "atomnet-1" : "x-cube-ai") << "sram" << sram << own;
        QTest::addRow("flash %s", own ? "atomnet-1" : "x-cube-ai") << "flash" << flash << own;
    }
}

void TestLint::problemsFitOnceFixed()
{
    QFETCH(QString, rule);
    QFETCH(Network, network);
    QFETCH(bool, own);
    const Target target = targetOf("stm32f412", own ? Runtime::AtomNet1 : Runtime::XCubeAi72);
    const Case c(network, target);
    QVERIFY(!c.report.fits);
    const auto findings = c.findings();
    // The fixes stand where the most is needed; other blocks that need too much are told, too.
    const LintFinding *finding = nullptr;
    for (const LintFinding &each : findings) {
        if (each.rule != rule) continue;
        QVERIFY(each.severity == LintSeverity::Problem);
        if (!finding || !each.fixes.empty()) finding = &each;
    }
    QVERIFY2(finding, qPrintable(listed(findings)));
    QVERIFY2(!finding->fixes.empty(), qPrintable(finding->what + finding->why));
    qint64 macs = 0;
    for (const QuickFix &fix : finding->fixes) {
        QCOMPARE(c.problemOf(fix), QString());
        const Case after(c.fixed(fix), target);
        const Budget &budget = rule == u"sram" ? after.report.sram : after.report.flash;
        QVERIFY2(budget.fit == Fit::Within || budget.fit == Fit::Tight, qPrintable(fix.text));
        QVERIFY(!findingOf(after.findings(), qPrintable(rule)));
        if (&fix != &finding->fixes.front()) QVERIFY2(fix.effect.macs <= macs, "mildest first");
        macs = fix.effect.macs;
    }
}

void TestLint::badDesignsGetMuchAdvice_data()
{
    QTest::addColumn<Network>("network");
    QTest::addColumn<QStringList>("rules");
    QTest::addColumn<int>("least");
    QTest::newRow("like a ResNet") << resNet() << QStringList{"G1"} << 5;
    QTest::newRow("MBConv with SE from the start")
        << earlyMbConv() << QStringList{"G2", "G3", "R3", "R4"} << 6;
}

void TestLint::badDesignsGetMuchAdvice()
{
    QFETCH(Network, network);
    QFETCH(QStringList, rules);
    QFETCH(int, least);
    const Case c(network, targetOf("stm32f746", Runtime::XCubeAi72));
    // F746 has no model for X-CUBE-AI; H743 has.
    const Case h743(network, targetOf("stm32h743", Runtime::XCubeAi72));
    const auto findings = h743.findings();
    QVERIFY2(int(findings.size()) >= least, qPrintable(listed(findings)));
    for (const QString &rule : rules)
        QVERIFY2(findingOf(findings, qPrintable(rule)), qPrintable(rule + u' ' + listed(findings)));
    QVERIFY(!c.findings().empty());
}

void TestLint::publishedDesignsStayCalm_data()
{
    QTest::addColumn<QString>("preset");
    QTest::addColumn<bool>("own");
    for (const Preset &preset : presets()) {
        QTest::addRow("%s x-cube-ai", qPrintable(preset.id)) << preset.id << false;
        QTest::addRow("%s atomnet-1", qPrintable(preset.id)) << preset.id << true;
    }
}

void TestLint::publishedDesignsStayCalm()
{
    QFETCH(QString, preset);
    QFETCH(bool, own);
    const Case c(presetById(preset)->network,
                 targetOf("stm32h743", own ? Runtime::AtomNet1 : Runtime::XCubeAi72));
    QElapsedTimer timer;
    timer.start();
    const auto findings = c.findings();
    const qint64 ms = timer.elapsed();
    QVERIFY2(ms < (own ? 100 : 20), qPrintable(QString::number(ms)));
    // The MBConv of 512KB contradict the paper's own ranks; they are told.
    QVERIFY2(findings.size() <= (preset == u"atomnet-512kb" ? 9u : 7u),
             qPrintable(listed(findings)));
    QVERIFY2(!findingOf(findings, "G1"), qPrintable(listed(findings)));
    for (const LintFinding &finding : findings)
        for (const QuickFix &fix : finding.fixes)
            QCOMPARE(c.problemOf(fix), QString());
}

void TestLint::heavyStageIsABottleneck()
{
    const Target target = targetOf("stm32f412", Runtime::XCubeAi72);
    const Network network = networkOf(
        64, {{blockOf(Conv, 16, 2)}, {blockOf(Sep, 64, 2)}, {blockOf(ConvNext, 128, 2, 3, 6)}});
    const Case c(network, target);
    QVERIFY(c.report.fits);
    const auto findings = c.findings();
    const LintFinding *finding = findingOf(findings, "bottleneck");
    QVERIFY2(finding, qPrintable(listed(findings)));
    QCOMPARE(finding->stage, 2);
    QVERIFY(!finding->fixes.empty());
    for (const QuickFix &fix : finding->fixes) {
        QCOMPARE(c.problemOf(fix), QString());
        QVERIFY(fix.effect.flashBytes < 0);
    }
    // With room to spare it is nobody's concern.
    const auto roomy = Case(network, targetOf("stm32h743", Runtime::XCubeAi72)).findings();
    QVERIFY2(!findingOf(roomy, "bottleneck"), qPrintable(listed(roomy)));
}

void TestLint::operatorsWithoutLatencyAreTold()
{
    const Target target = targetOf("stm32h743", Runtime::XCubeAi72);
    const Case c(presets()[0].network, target, {});
    const auto findings = c.findings();
    const LintFinding *finding = findingOf(findings, "missing");
    QVERIFY(finding);
    QCOMPARE(finding->stage, -1);
    QVERIFY(finding->fixes.empty());
    QVERIFY2(finding->why.contains(QString::number(c.report.missingLayers)),
             qPrintable(finding->why));
    const auto known = Case(presets()[0].network, target).findings();
    QVERIFY(!findingOf(known, "missing"));
}

void TestLint::extrapolatedOperatorsAreTold()
{
    const Target target = targetOf("stm32h743", Runtime::XCubeAi72);
    const Network wide = networkOf(64, {{blockOf(Conv, 16, 2)}, {blockOf(Sep, 32, 2, 1, 1, 7)}});
    const auto findings = Case(wide, target).findings();
    QVERIFY2(findingOf(findings, "extrapolated"), qPrintable(listed(findings)));
    const Network usual = networkOf(64, {{blockOf(Conv, 16, 2)}, {blockOf(Sep, 32, 2)}});
    const auto none = Case(usual, target).findings();
    const LintFinding *left = findingOf(none, "extrapolated");
    const LintFinding *first = findingOf(findings, "extrapolated");
    if (left) QVERIFY(left->what != first->what); // the classifier alone, perhaps
}

/// A design whose operators are all measured, and nothing else: what a fix would take is unknown,
/// so none claims to save time.
void TestLint::savingsRestOnKnownLatencies()
{
    const Target target = targetOf("stm32h743", Runtime::XCubeAi72);
    const Network network = networkOf(96, {{blockOf(Conv, 16, 2)}, {blockOf(Sep, 32, 1, 2, 1, 7)}});
    const Case estimated(network, target);
    std::vector<AtomTable::Row> rows;
    for (const Layer &layer : estimated.report.layers)
        rows.push_back({layer.atom.key, {1'000'000, 1'000'000, 1'000'000, 1}});
    RunCondition condition;
    condition.board = target.board.id;
    condition.runtime = runtimeId(target.runtime);
    condition.clockHz = 400'000'000;
    Knowledge knowledge;
    knowledge.table =
        std::make_shared<const AtomTable>(condition, SampleUnit::Nanoseconds, std::move(rows));
    const Case c(network, target, knowledge);
    QCOMPARE(c.report.missingLayers, 0);
    QVERIFY(findingOf(estimated.findings(), "G3"));
    QVERIFY(!findingOf(c.findings(), "G3"));
}

void TestLint::lockedBlocksAreLeftAlone()
{
    const Target target = targetOf("stm32f412", Runtime::XCubeAi72);
    Network network = earlyMbConv();
    network.inputLocked = true;
    for (Stage &stage : network.stages)
        stage.locked = true;
    const Case locked(network, target);
    for (const LintFinding &finding : locked.findings())
        QVERIFY2(finding.fixes.empty(), qPrintable(finding.what));
    QVERIFY(locked.peak().fixes.empty());

    // Of one locked stage alone nothing changes.
    network.inputLocked = false;
    for (Stage &stage : network.stages)
        stage.locked = stage.name == u"s2";
    const Case c(network, target);
    int fixes = 0;
    for (const LintFinding &finding : c.findings())
        for (const QuickFix &fix : finding.fixes) {
            ++fixes;
            QCOMPARE(c.fixed(fix).stages[1], c.network.stages[1]);
        }
    for (const QuickFix &fix : c.peak().fixes)
        QCOMPARE(c.fixed(fix).stages[1], c.network.stages[1]);
    QVERIFY(fixes > 0);
}

void TestLint::fixesAreTrueOnAnyDesign_data()
{
    QTest::addColumn<bool>("own");
    QTest::addColumn<quint32>("seed");
    for (quint32 seed = 1; seed <= 6; ++seed) {
        QTest::addRow("x-cube-ai %u", seed) << false << seed;
        QTest::addRow("atomnet-1 %u", seed) << true << seed;
    }
}

void TestLint::fixesAreTrueOnAnyDesign()
{
    QFETCH(bool, own);
    QFETCH(quint32, seed);
    const Target target =
        targetOf(own ? "stm32f412" : "stm32h743", own ? Runtime::AtomNet1 : Runtime::XCubeAi72);
    QRandomGenerator random(seed);
    int fixes = 0;
    for (int n = 0; n < 8; ++n) {
        const Case c(randomNetwork(random, {4, 3}), target);
        if (c.report.layers.empty()) continue; // without blocks there is nothing to say
        const auto findings = c.findings();
        const auto again = c.findings();
        QCOMPARE(findings.size(), again.size());
        std::pair<int, int> before{-2, -2};
        for (std::size_t f = 0; f < findings.size(); ++f) {
            const LintFinding &finding = findings[f];
            QCOMPARE(finding.what, again[f].what);
            QCOMPARE(finding.fixes.size(), again[f].fixes.size());
            QVERIFY(finding.stage >= -1 && finding.stage <= int(c.network.stages.size()));
            const BlockPlace place = findBlock(c.network, finding.block);
            QVERIFY(!finding.block || place.stage == finding.stage);
            const std::pair<int, int> here{finding.stage, place.index};
            QVERIFY2(before <= here, "findings stand in the order of the design");
            before = here;
            for (const QuickFix &fix : finding.fixes) {
                ++fixes;
                QCOMPARE(c.problemOf(fix), QString());
            }
        }
        const PeakExplanation peak = c.peak();
        QCOMPARE(peak.layer, c.report.peak.layer);
        QCOMPARE(peak.bytes, c.report.layers[std::size_t(peak.layer)].sram.total());
        qint64 sum = 0, saved = std::numeric_limits<qint64>::min();
        for (const PeakTensor &tensor : peak.tensors) {
            QVERIFY(tensor.bytes >= 0);
            sum += tensor.bytes;
        }
        QCOMPARE(sum, peak.bytes);
        for (const QuickFix &fix : peak.fixes) {
            QVERIFY2(fix.effect.sramBytes < 0, qPrintable(fix.text));
            QVERIFY2(fix.effect.sramBytes >= saved, "most saved first");
            saved = fix.effect.sramBytes;
            QCOMPARE(c.problemOf(fix), QString());
        }
    }
    QVERIFY(fixes > 0);
}

void TestLint::cancelStops()
{
    const Case c(earlyMbConv(), targetOf("stm32h743", Runtime::XCubeAi72));
    RunControl control;
    int asked = 0;
    control.isCancelled = [&] { return ++asked > 5; };
    QVERIFY(lint(c.network, c.report, c.knowledge, control).empty());
    QVERIFY2(asked < 200, qPrintable(QString::number(asked)));
    QVERIFY(lint(c.network, Report(), c.knowledge).empty());
    QCOMPARE(explainPeak(c.network, Report(), c.knowledge).layer, -1);
}

void TestLint::longDesignsStayCheap_data()
{
    QTest::addColumn<bool>("own");
    QTest::newRow("x-cube-ai") << false;
    QTest::newRow("atomnet-1") << true;
}

/// However long a design is, advice costs a few analyses of it.
void TestLint::longDesignsStayCheap()
{
    QFETCH(bool, own);
    std::vector<std::vector<Block>> stages{{blockOf(Conv, 16, 2)}};
    for (int n = 0; n < 100; ++n)
        stages.push_back({blockOf(MbConv, 16, 1, 1, 2, 5), blockOf(Sep, 24, 1, 3)});
    const Target target = targetOf("stm32h743", own ? Runtime::AtomNet1 : Runtime::XCubeAi72);
    const Network network = networkOf(64, stages);
    QElapsedTimer timer;
    timer.start();
    const Case c(network, target);
    const qint64 once = timer.nsecsElapsed();
    timer.restart();
    QVERIFY(!c.findings().empty());
    const qint64 linted = timer.nsecsElapsed();
    QVERIFY2(linted < 40 * once + 20'000'000,
             qPrintable(QStringLiteral("%1 of %2 ns").arg(linted).arg(once)));
}

QTEST_GUILESS_MAIN(TestLint)
#include "tst_lint.moc"
