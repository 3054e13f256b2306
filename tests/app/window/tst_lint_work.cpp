#include "app/window/headline_bar.h"
#include "app/window/lint_work.h"
#include "app/window/main_window.h"
#include "tests/app/window/private_folders.h"
#include "widgets/canvas/canvas_scene.h"
#include "widgets/canvas/canvas_view.h"
#include "widgets/dashboards/guidelines/guidelines_view.h"
#include "widgets/inspectors/advice_panel.h"
#include "widgets/inspectors/block_inspector.h"
#include "widgets/inspectors/finding_card.h"
#include "widgets/inspectors/fix_button.h"

#include <QDockWidget>
#include <QEnterEvent>
#include <QStatusBar>
#include <QTest>
#include <QToolButton>

#include <algorithm>

using namespace atomnet;

// Lint, padlocks, the explained peak and the guidelines in the window, with the real analysis.
class TestLintWork : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init()
    {
        m_folders = std::make_unique<PrivateFolders>();
        m_window = std::make_unique<MainWindow>(m_folders->file(QStringLiteral("atomdb.sqlite")));
        m_window->setAsk([](const QString &) { return QMessageBox::Discard; });
        m_window->resize(1280, 800);
        m_window->start();
        m_window->show();
        m_window->activateWindow();
        QVERIFY(QTest::qWaitForWindowActive(m_window.get()));
        QVERIFY(settled());
    }
    void cleanup()
    {
        m_window.reset();
        m_folders.reset();
    }

    void badgesAndAdviceComeByThemselves()
    {
        const AdvicePtr advice = runner().advice();
        QVERIFY(!advice->findings.empty());
        int onBlocks = 0, badges = 0;
        for (const LintFinding &finding : advice->findings)
            onBlocks += bool(finding.block);
        for (const Stage &stage : document().network().stages)
            for (const Block &block : stage.blocks)
                badges += canvas().card(block.id)->content().badge.count;
        QCOMPARE(badges, onBlocks);
        QVERIFY(panel().advice() == advice);
    }
    void f8WalksAndAltEnterApplies()
    {
        m_window->openPreset(QStringLiteral("atomnet-512kb"));
        Target small = document().target(); // on which that does not fit
        small.board = *boardById(QStringLiteral("stm32f412"));
        QVERIFY(document().setTarget(small));
        QVERIFY(settled());
        int fixable = -1;
        const auto &findings = runner().advice()->findings;
        for (int i = 0; i < int(findings.size()) && fixable < 0; ++i)
            if (!findings[std::size_t(i)].fixes.empty()) fixable = i;
        QVERIFY(fixable >= 0);
        for (int i = 0; i <= fixable; ++i)
            key(Qt::Key_F8);
        QCOMPARE(panel().current(), fixable);
        const LintFinding finding = findings[std::size_t(fixable)];
        if (finding.block) QCOMPARE(document().selection().blocks(), std::vector{finding.block});
        key(Qt::Key_F8, Qt::ShiftModifier);
        key(Qt::Key_F8);
        QCOMPARE(panel().current(), fixable);

        const ReportPtr before = m_window->runner().report();
        key(Qt::Key_Return, Qt::AltModifier);
        QCOMPARE(document().undoStack().count(), 1);
        QCOMPARE(document().undoStack().undoText(), finding.fixes[0].text);
        QVERIFY(settled());
        const ReportPtr after = m_window->runner().report();
        QCOMPARE(after->sram.value - before->sram.value, finding.fixes[0].effect.sramBytes);
        QCOMPARE(after->flash.value - before->flash.value, finding.fixes[0].effect.flashBytes);
        document().undoStack().undo();
        QVERIFY(settled());
        QCOMPARE(m_window->runner().report()->sram.value, before->sram.value);
    }
    void lookingAtAFixShowsItsOutcomeInTheCharts()
    {
        panel().showPeak();
        QVERIFY(!panel().peakFixes().empty());
        FixButton *fix = panel().peakFixes()[0];
        const QString before = sram();
        const QPointF at(2, 2);
        QEnterEvent enter(at, at, fix->mapToGlobal(at));
        QApplication::sendEvent(fix, &enter);
        QVERIFY(document().previewing());
        QTRY_VERIFY(sram() != before);
        QVERIFY(fix->isVisible());
        QEvent leave(QEvent::Leave);
        QApplication::sendEvent(fix, &leave);
        QTRY_COMPARE(sram(), before);
        QCOMPARE(document().undoStack().count(), 0);
        QVERIFY(!panel().peakFixes().empty());
        fix = panel().peakFixes()[0]; // new ones, if AtomDB told more meanwhile
        QTest::mouseClick(fix, Qt::LeftButton);
        QCOMPARE(document().undoStack().count(), 1);
        QVERIFY(settled());
        QVERIFY(m_window->runner().report()->sram.value <
                runner().advice()->report->sram.available);
    }
    void theHeadlineAsksWhyThePeak()
    {
        document().selection().setBlocks({document().network().stages[0].blocks[0].id});
        auto *why = m_window->headline()->findChild<QToolButton *>(QStringLiteral("whyPeak"));
        QVERIFY(why && why->isVisible());
        QTest::mouseClick(why, Qt::LeftButton);
        QVERIFY(document().selection().isEmpty());
        QVERIFY(!panel().peakFixes().empty());
        qint64 sum = 0;
        for (const PeakTensor &tensor : runner().advice()->peak.tensors)
            sum += tensor.bytes;
        QCOMPARE(sum, runner().advice()->peak.bytes);
    }
    void aPadlockByKeyIsInTheFile()
    {
        const BlockId block = document().network().stages[1].blocks[0].id;
        document().selection().setBlocks({block});
        m_window->canvas()->setFocus();
        QTest::keyClick(m_window->canvas(), Qt::Key_L);
        const QString path = m_folders->file(QStringLiteral("locked.atomnet"));
        QVERIFY(m_window->saveTo(path));
        m_window->newDesign();
        QVERIFY(m_window->openFile(path));
        QVERIFY(document().network().stages[1].blocks[0].locked);
    }
    void anotherDesignHasItsOwnAdvice()
    {
        m_window->newDesign();
        QTRY_VERIFY(runner().advice() && runner().advice()->network == document().network());
        m_window->openPreset(QStringLiteral("atomnet-512kb"));
        QVERIFY(settled());
        QVERIFY(!runner().advice()->findings.empty());
    }
    void theGuidelinesAreComputedWhenSomeoneLooks()
    {
        auto *dock = m_window->findChild<QDockWidget *>(QStringLiteral("guidelinesDock"));
        auto *view = m_window->findChild<GuidelinesView *>();
        QVERIFY(dock && view);
        QVERIFY(view->chosen().isEmpty());
        dock->raise();
        QTRY_VERIFY_WITH_TIMEOUT(!view->chosen().isEmpty(), 20000);
        QVERIFY(view->choose(QStringLiteral("R4")));
    }
    void closingWhileAFixIsLookedAtIsSafe()
    {
        panel().showPeak();
        FixButton *fix = panel().peakFixes()[0];
        const QPointF at(2, 2);
        QEnterEvent enter(at, at, fix->mapToGlobal(at));
        QApplication::sendEvent(fix, &enter);
        QVERIFY(document().previewing());
        m_window.reset();
    }
    void editsStayQuickWhileTheLintRuns()
    {
        const BlockId block = document().network().stages[1].blocks[0].id;
        BlockPatch patch;
        std::vector<qint64> micros;
        for (int i = 0; i < 20; ++i) {
            patch.out = 24 + 8 * (i % 5);
            QElapsedTimer timer;
            timer.start();
            QVERIFY(document().edit(ChangeBlocks{{block}, patch}, QStringLiteral("Width")));
            micros.push_back(timer.nsecsElapsed() / 1000);
            QTest::qWait(5); // the report comes, the lint begins
        }
        std::sort(micros.begin(), micros.end());
        // Generous for a busy machine: it is a frame on an idle one.
        QVERIFY2(micros[10] < 100'000, qPrintable(QString::number(micros[10])));
        QVERIFY(settled());
    }

private:
    Document &document() { return m_window->document(); }
    LintRunner &runner() { return m_window->lintWork()->runner(); }
    AdvicePanel &panel() { return m_window->inspector()->advice(); }
    CanvasScene &canvas() { return m_window->canvas()->canvas(); }
    QString sram() { return m_window->headline()->text(QStringLiteral("headlineSram")); }
    bool settled()
    {
        return QTest::qWaitFor(
            [this] {
                const AdvicePtr advice = runner().advice();
                // AtomDB is read behind the window; what it knows gives other advice.
                return m_window->runner().knowledge().table && advice &&
                       advice->report->target == document().target() &&
                       advice->network == document().network() && !runner().busy() &&
                       advice->report == m_window->runner().report();
            },
            20000);
    }
    void key(Qt::Key key, Qt::KeyboardModifiers modifiers = {})
    {
        QTest::keyClick(m_window->canvas(), key, modifiers);
    }
    std::unique_ptr<PrivateFolders> m_folders;
    std::unique_ptr<MainWindow> m_window;
};

QTEST_MAIN(TestLintWork)
#include "tst_lint_work.moc"
