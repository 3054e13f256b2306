#include "tests/widgets/document/small_network.h"
#include "widgets/document/document.h"
#include "widgets/document/lint_runner.h"

#include <QSemaphore>
#include <QSignalSpy>
#include <QTest>

using namespace atomnet;

namespace
{

/// A lint that counts its calls and can be held on its thread.
struct FakeLint {
    std::atomic<int> calls = 0, cancelled = 0;
    std::atomic<bool> held = false;
    std::atomic<bool> inside = false;
    QThread *thread = nullptr;

    LintCalls lintCalls()
    {
        return {[this](const Network &network, const Report &report, const Knowledge &,
                       const RunControl &control) {
                    ++calls;
                    thread = QThread::currentThread();
                    inside = true;
                    while (held && !control.cancelled())
                        QThread::msleep(1);
                    inside = false;
                    cancelled += control.cancelled();
                    LintFinding finding;
                    finding.stage = 1;
                    finding.block = network.stages[1].blocks[0].id;
                    finding.what = QStringLiteral("%1 parameters").arg(report.params);
                    return std::vector{finding};
                },
                [](const Network &, const Report &report, const Knowledge &, const RunControl &) {
                    PeakExplanation peak;
                    peak.layer = report.peak.layer;
                    return peak;
                }};
    }
};

} // namespace

class TestLintRunner : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init()
    {
        m_fake = std::make_unique<FakeLint>();
        m_document = std::make_unique<Document>();
        m_document->setNew(smallNetwork());
        m_analysis = std::make_unique<AnalysisRunner>(*m_document);
        m_runner = std::make_unique<LintRunner>(*m_document, *m_analysis, m_fake->lintCalls());
        QSignalSpy ready(m_runner.get(), &LintRunner::adviceReady);
        QVERIFY(ready.wait());
        m_block = m_document->network().stages[1].blocks[1].id;
    }
    void cleanup()
    {
        m_fake->held = false;
        m_runner.reset();
        m_analysis.reset();
        m_document.reset();
    }
    void adviceFollowsTheReportOnAThreadOfItsOwn()
    {
        QVERIFY(m_fake->thread != QThread::currentThread());
        const AdvicePtr advice = m_runner->advice();
        QCOMPARE(advice->network, m_document->network());
        QCOMPARE(advice->report, m_analysis->report());
        QCOMPARE(advice->peak.layer, m_analysis->report()->peak.layer);
        QCOMPARE(advice->findings.size(), std::size_t(1));
        QVERIFY(m_document->edit(widthEdit(m_block, 64), {}));
        QTRY_COMPARE(m_runner->advice()->network, m_document->network());
        QCOMPARE(m_runner->advice()->report, m_analysis->report());
        QVERIFY(m_runner->advice()->findings[0].what != advice->findings[0].what);
    }
    void theChartsDoNotWaitForIt()
    {
        m_fake->held = true;
        QVERIFY(m_document->edit(widthEdit(m_block, 64), {}));
        QTRY_VERIFY(m_fake->inside);
        QSignalSpy report(m_analysis.get(), &AnalysisRunner::reportReady);
        QElapsedTimer timer;
        timer.start();
        QVERIFY(m_document->edit(widthEdit(m_block, 72), {}));
        QVERIFY(timer.elapsed() < 200);
        QVERIFY(report.wait(5000)); // though the lint still runs, or is being given up
        QTRY_COMPARE(m_fake->cancelled, 1);
        m_fake->held = false;
        QTRY_COMPARE(m_runner->advice()->network, m_document->network());
    }
    void theNewestWins()
    {
        QSignalSpy ready(m_runner.get(), &LintRunner::adviceReady);
        m_fake->held = true;
        for (int out = 24; out <= 80; out += 8) {
            QSignalSpy report(m_analysis.get(), &AnalysisRunner::reportReady);
            QVERIFY(m_document->edit(widthEdit(m_block, out), {}));
            QVERIFY(report.wait());
        }
        m_fake->held = false;
        QTRY_COMPARE(m_runner->advice()->network, m_document->network());
        QTRY_VERIFY(!m_runner->busy());
        QCOMPARE(ready.size(), 1); // none of an older design was shown
    }
    void previewsAreNotAdvisedOn()
    {
        const int before = m_fake->calls;
        QSignalSpy ready(m_runner.get(), &LintRunner::adviceReady);
        QSignalSpy report(m_analysis.get(), &AnalysisRunner::reportReady);
        QVERIFY(m_document->preview(widthEdit(m_block, 64)));
        QVERIFY(report.wait());
        m_document->endPreview();
        QVERIFY(report.wait());
        QTest::qWait(20);
        QCOMPARE(ready.size(), 0); // and what is shown stays as it is
        QCOMPARE(m_fake->calls, before);
    }
    void aPreviewInBetweenLosesNothing()
    {
        m_fake->held = true;
        QVERIFY(m_document->edit(widthEdit(m_block, 64), {}));
        QTRY_VERIFY(m_fake->inside);
        QSignalSpy report(m_analysis.get(), &AnalysisRunner::reportReady);
        QVERIFY(m_document->preview(widthEdit(m_block, 72)));
        QVERIFY(report.wait());
        m_document->endPreview();
        QVERIFY(report.wait());
        m_fake->held = false;
        QTRY_COMPARE(m_runner->advice()->network, m_document->network());
        QCOMPARE(m_fake->cancelled, 0); // the design it is about is still the one
    }
    void anotherDesignForgetsTheFindingsAtOnce()
    {
        QSignalSpy ready(m_runner.get(), &LintRunner::adviceReady);
        m_document->setNew(smallNetwork());
        QVERIFY(!m_runner->advice());
        QCOMPARE(ready.size(), 1);
        QTRY_VERIFY(m_runner->advice());
        QCOMPARE(m_runner->advice()->network, m_document->network());
    }
    void knowledgeAndTargetCountToo()
    {
        const int before = m_fake->calls;
        m_analysis->setKnowledge({std::make_shared<const AtomTable>(), nullptr});
        QTRY_COMPARE(m_fake->calls, before + 1);
        Target target = m_document->target();
        target.board = *boardById(QStringLiteral("stm32f746"));
        QVERIFY(m_document->setTarget(target));
        QTRY_COMPARE(m_fake->calls, before + 2);
        QTRY_COMPARE(m_runner->advice()->report->target, target);
    }
    void goingAwayWhileItRunsIsNoHang()
    {
        m_fake->held = true;
        QVERIFY(m_document->edit(widthEdit(m_block, 64), {}));
        QTRY_VERIFY(m_fake->inside);
        QElapsedTimer timer;
        timer.start();
        m_runner.reset();
        QVERIFY(timer.elapsed() < 1000);
    }
    void placesOfFindings()
    {
        Advice advice;
        advice.network = m_document->network();
        advice.findings.resize(5);
        advice.findings[1].stage = 0;
        advice.findings[2].stage = 2; // behind the last stage: the head
        advice.findings[3].stage = 1;
        advice.findings[3].block = m_block;
        advice.findings[4].stage = 7; // of no design we know
        QVERIFY(placeOf(advice, advice.findings[0]) == FindingPlace{});
        QVERIFY(placeOf(advice, advice.findings[1]) ==
                (FindingPlace{{}, advice.network.stages[0].id, false}));
        QVERIFY(placeOf(advice, advice.findings[2]) == (FindingPlace{{}, {}, true}));
        QVERIFY(placeOf(advice, advice.findings[3]) == (FindingPlace{m_block, {}, false}));
        QCOMPARE(findingsOf(advice, {}), (std::vector{0, 4}));
        QCOMPARE(findingsOf(advice, {m_block, {}, false}), std::vector{3});
    }

private:
    std::unique_ptr<FakeLint> m_fake;
    std::unique_ptr<Document> m_document;
    std::unique_ptr<AnalysisRunner> m_analysis;
    std::unique_ptr<LintRunner> m_runner;
    BlockId m_block;
};

QTEST_GUILESS_MAIN(TestLintRunner)
#include "tst_lint_runner.moc"
