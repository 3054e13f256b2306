#include "app/window/first_hints.h"
#include "app/window/help_panel.h"
#include "app/window/recent_files.h"
#include "tests/app/window/private_folders.h"

#include <QSignalSpy>
#include <QTest>
#include <QToolButton>

using namespace atomnet;

/// The parts that remember something between runs, and the help.
class TestWindowMemory : public QObject
{
    Q_OBJECT
    PrivateFolders m_folders;

private Q_SLOTS:
    void recentFilesKeepTheNewestFirstWithoutRepeats()
    {
        {
            RecentFiles recent;
            QVERIFY(recent.files().isEmpty());
            QVERIFY(!recent.isEnabled());
            for (int i = 0; i < RecentFiles::most + 3; ++i)
                recent.add(QStringLiteral("/designs/%1.atomnet").arg(i));
            recent.add(QStringLiteral("/designs/5.atomnet"));
            QCOMPARE(recent.files().size(), RecentFiles::most);
            QCOMPARE(recent.files().first(), QStringLiteral("/designs/5.atomnet"));
            QCOMPARE(recent.files().count(QStringLiteral("/designs/5.atomnet")), 1);
        }
        RecentFiles again;
        QCOMPARE(again.files().first(), QStringLiteral("/designs/5.atomnet"));
        QSignalSpy chosen(&again, &RecentFiles::chosen);
        again.actions().at(1)->trigger();
        QCOMPARE(chosen.size(), 1);
        QCOMPARE(chosen.first().first().toString(), again.files().at(1));
        again.remove(QStringLiteral("/designs/5.atomnet"));
        QVERIFY(!again.files().contains(QStringLiteral("/designs/5.atomnet")));
    }

    void hintsGoAwayForGood()
    {
        {
            FirstHints hints;
            QVERIFY(!hints.isHidden());
            hints.done(FirstHints::Hint::DragBlock);
            QVERIFY(!hints.isHidden());
        }
        {
            FirstHints hints;
            QVERIFY(hints.isDone(FirstHints::Hint::DragBlock));
            QVERIFY(!hints.isDone(FirstHints::Hint::ChooseBoard));
            hints.done(FirstHints::Hint::ChooseBoard);
            hints.done(FirstHints::Hint::Measure);
            QVERIFY(hints.isHidden());
        }
        FirstHints hints;
        QVERIFY(hints.isHidden());
    }

    void helpIsAboutWhatHasTheFocus()
    {
        HelpPanel help;
        QWidget table;
        table.setObjectName(QStringLiteral("layers"));
        QWidget inner(&table);
        help.showFor(&inner);
        QCOMPARE(help.topic(), QStringLiteral("Layers table"));
        help.showFor(nullptr);
        QCOMPARE(help.topic(), QStringLiteral("Canvas"));
        help.showAbout();
        QCOMPARE(help.topic(), QStringLiteral("About"));
    }
};

QTEST_MAIN(TestWindowMemory)
#include "tst_window_memory.moc"
