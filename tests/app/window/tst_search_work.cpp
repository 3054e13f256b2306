#include "app/window/board_work.h"
#include "app/window/main_window.h"
#include "tests/app/window/private_folders.h"
#include "widgets/common/message_bar.h"
#include "widgets/dashboards/search/limit_row.h"
#include "widgets/dashboards/search/result_view.h"
#include "widgets/dashboards/search/search_panel.h"
#include "widgets/dashboards/search/search_question.h"
#include "widgets/inspectors/board_panel.h"

#include <QCheckBox>
#include <QComboBox>
#include <QPushButton>
#include <QTest>
#include <QToolButton>

using namespace atomnet;

/// Searching from the window, as a new user does it.
class TestSearchWork : public QObject
{
    Q_OBJECT

    static constexpr int patience = 60'000;
    std::unique_ptr<PrivateFolders> m_folders;
    std::unique_ptr<MainWindow> m_window;

    void open()
    {
        DeviceAccess access;
        access.find = [] { return std::vector<FoundDevice>(); };
        access.makeLink = [](const DeviceAddress &) { return std::unique_ptr<Link>(); };
        m_window = std::make_unique<MainWindow>(m_folders->file(QStringLiteral("atomdb.sqlite")),
                                                std::move(access));
        m_window->setAsk([](const QString &) { return QMessageBox::Discard; });
        m_window->resize(1280, 800);
        m_window->start();
        m_window->show();
        m_window->activateWindow();
        QVERIFY(QTest::qWaitForWindowActive(m_window.get()));
        QTRY_VERIFY_WITH_TIMEOUT(m_window->runner().committed(), patience);
    }
    template <class T>
    T *part(const char *name) const
    {
        return m_window->findChild<T *>(QString::fromLatin1(name));
    }
    SearchPanel &panel() const { return *m_window->searchPanel(); }
    QString message() const { return m_window->messages()->sentence(); }
    void chooseBoard(const char *id)
    {
        Target target = m_window->document().target();
        target.board = boardById(QString::fromLatin1(id)).value();
        QVERIFY(m_window->document().setTarget(target).has_value());
        QTRY_VERIFY_WITH_TIMEOUT(m_window->runner().committed() &&
                                     m_window->runner().committed()->target == target,
                                 patience);
    }
    bool answered() const
    {
        const SearchAnswerPtr answer = panel().answer();
        return answer && !panel().service().busy() &&
               answer->searcher->target() == m_window->document().target();
    }
    void trigger(const char *text)
    {
        const QList<QAction *> actions = m_window->findChildren<QAction *>();
        for (QAction *action : actions)
            if (action->text().remove(u'&') == QLatin1String(text)) return action->trigger();
        QFAIL(text);
    }

private Q_SLOTS:
    void init()
    {
        m_folders = std::make_unique<PrivateFolders>();
        open();
    }
    void cleanup()
    {
        m_window.reset();
        m_folders.reset();
    }

    void fromTheBoardsLimitsToTheCanvas()
    {
        chooseBoard("stm32f746");
        QTest::keyClick(m_window.get(), Qt::Key_0, Qt::ControlModifier);
        QTRY_VERIFY(!panel().visibleRegion().isEmpty());
        QVERIFY(part<QPushButton>("searchButton")->hasFocus());
        // Within the board's own limits, set by themselves.
        const Board board = m_window->document().target().board;
        QCOMPARE(*panel().question().setup().limits.sramBytes, board.sramBytes);
        QCOMPARE(*panel().question().setup().limits.flashBytes, board.flashBytes);
        QTest::keyClick(part<QPushButton>("searchButton"), Qt::Key_Space);
        QTRY_VERIFY_WITH_TIMEOUT(answered(), patience);
        QVERIFY(panel().answer()->result.proven);
        const Candidate best = panel().answer()->result.top.front();
        QVERIFY(best.sramBytes <= board.sramBytes && best.flashBytes <= board.flashBytes);
        QVERIFY(panel().results().proof().contains(QStringLiteral("38,102,400")));
        // Its stem is kept from now on.
        const int steps = m_window->document().undoStack().index();
        QTest::mouseClick(part<QPushButton>("openOnCanvas"), Qt::LeftButton);
        QCOMPARE(m_window->document().undoStack().index(), steps + 1);
        QVERIFY(message().contains(QStringLiteral("undo")));
        QTRY_VERIFY_WITH_TIMEOUT(m_window->runner().committed()->macs == best.macs, patience);
        QCOMPARE(m_window->runner().committed()->sram.value, best.sramBytes);
        QCOMPARE(m_window->runner().committed()->flash.value, best.flashBytes);
        QTest::mouseClick(part<QToolButton>("lockStem"), Qt::LeftButton);
        QTRY_VERIFY_WITH_TIMEOUT(
            answered() && panel().answer()->searcher->space().stages[0].types.size() <= 1 &&
                panel().answer()->result.proven,
            patience);
        QVERIFY(panel().answer()->result.top.front().network.stages[0].blocks ==
                    best.network.stages[0].blocks ||
                panel().answer()->result.top.front().network.stages[0].blocks[0].out ==
                    best.network.stages[0].blocks[0].out);
    }

    void whatCannotBeMeasuredSaysWhy()
    {
        trigger("Measure What the Search Result Estimates");
        QVERIFY(message().contains(QStringLiteral("press Search first")));
        trigger("Search");
        trigger("Find the Best Network");
        QTRY_VERIFY_WITH_TIMEOUT(answered(), patience);
        QTest::mouseClick(part<QPushButton>("measureEstimated"), Qt::LeftButton);
        QVERIFY2(message().contains(QStringLiteral("Choose a board")), qPrintable(message()));
        QTRY_VERIFY(!m_window->boardPanel()->visibleRegion().isEmpty());
    }

    void theQuestionIsRememberedBetweenRuns()
    {
        panel().question().setLimit(Figure::Sram, 123'456);
        panel().question().setLimit(Figure::Flash, std::nullopt);
        panel().question().setLimit(Figure::Latency, 275'000'000);
        QVERIFY(m_window->close());
        m_window.reset();
        open();
        const SearchLimits limits = panel().question().setup().limits;
        QCOMPARE(limits, (SearchLimits{123'456, std::nullopt, 275'000'000}));
    }

    void helpTellsAboutTheSearch()
    {
        trigger("Search");
        QTest::keyClick(QApplication::focusWidget(), Qt::Key_F1);
        QTRY_VERIFY(m_window->findChild<QWidget *>(QStringLiteral("help"))->isVisible());
    }
};

QTEST_MAIN(TestSearchWork)
#include "tst_search_work.moc"
