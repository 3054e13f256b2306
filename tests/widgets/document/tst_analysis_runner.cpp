#include "tests/widgets/document/small_network.h"
#include "widgets/document/analysis_runner.h"
#include "widgets/document/document.h"

#include <QSignalSpy>
#include <QTest>

using namespace atomnet;

class TestAnalysisRunner : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init()
    {
        m_document = std::make_unique<Document>();
        m_document->setNew(smallNetwork());
        m_runner = std::make_unique<AnalysisRunner>(*m_document);
        QSignalSpy ready(m_runner.get(), &AnalysisRunner::reportReady);
        QVERIFY(ready.wait());
        m_block = m_document->network().stages[1].blocks[1].id;
    }
    void cleanup()
    {
        m_runner.reset();
        m_document.reset();
    }
    void theFirstReportComesByItself()
    {
        QCOMPARE(*m_runner->report(), expected(m_document->network()));
        QCOMPARE(m_runner->committed(), m_runner->report());
    }
    void aBurstOfEditsGivesTheNewestReport()
    {
        QSignalSpy ready(m_runner.get(), &AnalysisRunner::reportReady);
        for (int out = 24; out <= 240; out += 8)
            QVERIFY(m_document->edit(widthEdit(m_block, out), QStringLiteral("Widen")));
        QTRY_COMPARE(*m_runner->report(), expected(m_document->network()));
        QCOMPARE(ready.size(), 1); // joined: nothing was analysed in between
    }
    void aSupersededRunIsNotShown()
    {
        QSignalSpy ready(m_runner.get(), &AnalysisRunner::reportReady);
        for (int out = 24; out <= 240; out += 8) {
            QVERIFY(m_document->edit(widthEdit(m_block, out), QStringLiteral("Widen")));
            // Starts a run, then asks again before its result can be taken.
            QCoreApplication::sendPostedEvents();
            QCoreApplication::processEvents(QEventLoop::AllEvents, 1);
        }
        QTRY_COMPARE(*m_runner->report(), expected(m_document->network()));
        // Whatever was shown on the way was newer than what was shown before it.
        qint64 last = 0;
        for (const auto &arguments : ready) {
            const qint64 params = arguments[0].value<ReportPtr>()->params;
            QVERIFY(params > last);
            last = params;
        }
    }
    void aPreviewComesWithItsBaseline()
    {
        const ReportPtr committed = m_runner->committed();
        QSignalSpy ready(m_runner.get(), &AnalysisRunner::reportReady);
        QVERIFY(m_document->preview(widthEdit(m_block, 64)));
        QVERIFY(ready.wait());
        QCOMPARE(*ready.last()[0].value<ReportPtr>(), expected(m_document->shown()));
        QCOMPARE(ready.last()[1].value<ReportPtr>(), committed);
        QCOMPARE(m_runner->committed(), committed);
        m_document->endPreview();
        QVERIFY(ready.wait());
        QCOMPARE(*m_runner->report(), *committed);
        QVERIFY(!ready.last()[1].value<ReportPtr>());
    }
    void aPreviewRightBehindAnEditHasTheEditAsBaseline()
    {
        QSignalSpy ready(m_runner.get(), &AnalysisRunner::reportReady);
        QVERIFY(m_document->edit(widthEdit(m_block, 40), QStringLiteral("Widen")));
        QVERIFY(m_document->preview(widthEdit(m_block, 64)));
        QVERIFY(ready.wait());
        QCOMPARE(*ready.last()[1].value<ReportPtr>(), expected(m_document->network()));
        QCOMPARE(*m_runner->report(), expected(m_document->shown()));
    }
    void anotherTargetIsAnalysedAgain()
    {
        Target target = m_document->target();
        target.runtime = Runtime::XCubeAi72;
        QVERIFY(m_document->setTarget(target));
        QTRY_COMPARE(m_runner->report()->target, target);
    }
    void knowledgeReachesTheFigures()
    {
        Target target = m_document->target();
        target.runtime = Runtime::XCubeAi72; // the one that a model ships for
        QVERIFY(m_document->setTarget(target));
        QTRY_COMPARE(m_runner->report()->target, target);
        QVERIFY(m_runner->report()->latency.source == Source::Missing);
        const auto model =
            shippedLatencyModel(QStringLiteral("stm32h743"), QStringLiteral("x-cube-ai-7.2"));
        QVERIFY(model);
        m_runner->setKnowledge({nullptr, model});
        QTRY_VERIFY(m_runner->report()->latency.source == Source::Estimated);
    }
    void aFailureLeavesTheOldReport()
    {
        const ReportPtr old = m_runner->report();
        QSignalSpy failed(m_runner.get(), &AnalysisRunner::failed);
        QSignalSpy ready(m_runner.get(), &AnalysisRunner::reportReady);
        std::vector<Edit> edits;
        for (const Stage &stage : m_document->network().stages)
            edits.push_back(RemoveStage{stage.id});
        QVERIFY(m_document->editAll(edits, QStringLiteral("Clear")));
        QVERIFY(failed.wait());
        QVERIFY(!failed[0][0].value<Error>().what.isEmpty());
        QVERIFY(ready.isEmpty());
        QCOMPARE(m_runner->report(), old);
        QVERIFY(!m_runner->committed());
        m_document->undoStack().undo();
        QVERIFY(ready.wait());
        QCOMPARE(*m_runner->report(), *old);
    }
    void destroyingItWhileItRunsIsSafe()
    {
        for (int i = 0; i < 20; ++i) {
            AnalysisRunner runner(*m_document);
            QCoreApplication::processEvents(QEventLoop::AllEvents, 1);
        }
    }

private:
    [[nodiscard]] Report expected(const Network &network) const
    {
        return analyze(network, m_document->target(), m_runner->knowledge()).value();
    }
    std::unique_ptr<Document> m_document;
    std::unique_ptr<AnalysisRunner> m_runner;
    BlockId m_block;
};

QTEST_GUILESS_MAIN(TestAnalysisRunner)
#include "tst_analysis_runner.moc"
