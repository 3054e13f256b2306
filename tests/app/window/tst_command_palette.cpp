#include "app/window/command_palette.h"

#include <QAction>
#include <QLineEdit>
#include <QMainWindow>
#include <QSignalSpy>
#include <QTest>

using namespace atomnet;

class TestCommandPalette : public QObject
{
    Q_OBJECT

    QMainWindow m_window;
    QLineEdit *m_before = nullptr;
    QAction m_undo{QStringLiteral("&Undo")}, m_dark{QStringLiteral("&Dark")},
        m_save{QStringLiteral("Save &As\u2026")}, m_off{QStringLiteral("Drop dead")};
    CommandPalette *m_palette = nullptr;

    QLineEdit *search() const { return m_palette->findChild<QLineEdit *>(); }

private Q_SLOTS:
    void initTestCase()
    {
        m_before = new QLineEdit(&m_window);
        m_window.setCentralWidget(m_before);
        m_palette = new CommandPalette(&m_window);
        m_window.resize(800, 600);
        m_window.show();
        m_window.activateWindow();
        QVERIFY(QTest::qWaitForWindowActive(&m_window));
        m_undo.setProperty("place", QStringLiteral("Edit"));
        m_dark.setProperty("place", QStringLiteral("Theme"));
        m_save.setProperty("place", QStringLiteral("File"));
        m_off.setEnabled(false);
    }
    void init()
    {
        m_before->setFocus();
        m_palette->open({&m_undo, &m_dark, &m_save, &m_off});
    }

    void lettersMustOccurInOrder_data()
    {
        QTest::addColumn<QString>("pattern");
        QTest::addColumn<QString>("text");
        QTest::addColumn<bool>("matches");
        QTest::newRow("empty") << QString() << QStringLiteral("Undo") << true;
        QTest::newRow("prefix") << QStringLiteral("un") << QStringLiteral("Undo") << true;
        QTest::newRow("subsequence")
            << QStringLiteral("sas") << QStringLiteral("File: Save As") << true;
        QTest::newRow("words") << QStringLiteral("theme dark") << QStringLiteral("Theme: Dark")
                               << true;
        QTest::newRow("wrong order") << QStringLiteral("odnu") << QStringLiteral("Undo") << false;
        QTest::newRow("absent") << QStringLiteral("x") << QStringLiteral("Undo") << false;
    }
    void lettersMustOccurInOrder()
    {
        QFETCH(QString, pattern);
        QFETCH(QString, text);
        QFETCH(bool, matches);
        QCOMPARE(fuzzyScore(pattern, text) >= 0, matches);
    }

    void aBetterMatchScoresHigher()
    {
        QVERIFY(fuzzyScore(QStringLiteral("redo"), QStringLiteral("Edit: Redo")) >
                fuzzyScore(QStringLiteral("redo"), QStringLiteral("Reset dock layout")));
        QVERIFY(fuzzyScore(QStringLiteral("sa"), QStringLiteral("Save As")) >
                fuzzyScore(QStringLiteral("sa"), QStringLiteral("Unsealed bar")));
    }

    void itListsWhatCanBeDoneNow()
    {
        QVERIFY(m_palette->isVisible());
        QVERIFY(search()->hasFocus());
        QCOMPARE(m_palette->shownCommands(),
                 (QStringList{QStringLiteral("Edit: Undo"), QStringLiteral("Theme: Dark"),
                              QStringLiteral("File: Save As")}));
    }

    void typingAndEnterRunsTheCommand()
    {
        QSignalSpy ran(&m_dark, &QAction::triggered);
        QTest::keyClicks(search(), QStringLiteral("dar"));
        QCOMPARE(m_palette->shownCommands(), QStringList{QStringLiteral("Theme: Dark")});
        QTest::keyClick(search(), Qt::Key_Return);
        QCOMPARE(ran.size(), 1);
        QVERIFY(!m_palette->isVisible());
        QVERIFY(m_before->hasFocus());
    }

    void arrowsChooseAnother()
    {
        QSignalSpy ran(&m_save, &QAction::triggered);
        QTest::keyClick(search(), Qt::Key_Down);
        QTest::keyClick(search(), Qt::Key_Down);
        QTest::keyClick(search(), Qt::Key_Return);
        QCOMPARE(ran.size(), 1);
    }

    void escapeClosesAndGivesTheFocusBack()
    {
        QTest::keyClick(search(), Qt::Key_Escape);
        QVERIFY(!m_palette->isVisible());
        QVERIFY(m_before->hasFocus());
    }

    void nothingFoundSaysSoAndEnterDoesNothing()
    {
        QTest::keyClicks(search(), QStringLiteral("zzz"));
        QCOMPARE(m_palette->shownCommands(),
                 QStringList{QStringLiteral("No command of this name")});
        QTest::keyClick(search(), Qt::Key_Return);
        QVERIFY(m_palette->isVisible());
    }
};

QTEST_MAIN(TestCommandPalette)
#include "tst_command_palette.moc"
