#include "widgets/common/message_bar.h"
#include "widgets/common/theme.h"

#include <QAction>
#include <QLabel>
#include <QSignalSpy>
#include <QTest>
#include <QToolButton>

using namespace atomnet;

class TestMessageBar : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void hiddenUntilThereIsSomethingToSay()
    {
        QWidget window;
        MessageBar bar(&window);
        window.show();
        QVERIFY(!bar.isVisible());
        bar.show(Severity::Warning, QStringLiteral("the board is gone; plug it in again"));
        QVERIFY(bar.isVisible());
        QCOMPARE(bar.sentence(), QStringLiteral("the board is gone; plug it in again"));
        QCOMPARE(bar.severity(), Severity::Warning);
        QVERIFY(bar.accessibleName().contains(bar.sentence()));
    }

    void actionIsAButtonThatClosesTheBar()
    {
        MessageBar bar;
        QAction retry(QStringLiteral("&Retry"));
        QSignalSpy spy(&retry, &QAction::triggered);
        bar.show(Severity::Error, QStringLiteral("reading failed"), &retry);
        auto *button = bar.findChild<QToolButton *>(QStringLiteral("action"));
        QCOMPARE(button->text(), QStringLiteral("Retry"));
        QTest::mouseClick(button, Qt::LeftButton);
        QCOMPARE(spy.count(), 1);
        QVERIFY(!bar.isVisible());
    }

    void actionMayShowTheNextMessage()
    {
        MessageBar bar;
        QAction retry(QStringLiteral("Retry"));
        connect(&retry, &QAction::triggered, &bar,
                [&bar] { bar.show(Severity::Info, QStringLiteral("done")); });
        bar.show(Severity::Error, QStringLiteral("reading failed"), &retry);
        QTest::mouseClick(bar.findChild<QToolButton *>(QStringLiteral("action")), Qt::LeftButton);
        QVERIFY(bar.isVisible());
        QCOMPARE(bar.sentence(), QStringLiteral("done"));
        QVERIFY(!bar.findChild<QToolButton *>(QStringLiteral("action"))->isVisible());
    }

    void closeAndEscapeClear()
    {
        MessageBar bar;
        QSignalSpy spy(&bar, &MessageBar::cleared);
        bar.show(Severity::Info, QStringLiteral("imported"));
        QTest::mouseClick(bar.findChild<QToolButton *>(QStringLiteral("close")), Qt::LeftButton);
        QVERIFY(!bar.isVisible());
        bar.show(Severity::Info, QStringLiteral("imported"));
        QTest::keyClick(&bar, Qt::Key_Escape);
        QVERIFY(!bar.isVisible());
        QCOMPARE(spy.count(), 2);
        bar.clear();
        QCOMPARE(spy.count(), 2); // nothing was shown
    }

    void deletedActionDoesNothing()
    {
        MessageBar bar;
        auto *action = new QAction(QStringLiteral("Retry"));
        bar.show(Severity::Error, QStringLiteral("reading failed"), action);
        delete action;
        QTest::mouseClick(bar.findChild<QToolButton *>(QStringLiteral("action")), Qt::LeftButton);
        QVERIFY(!bar.isVisible());
    }

    void namesAreNotMarkup()
    {
        MessageBar bar;
        bar.show(Severity::Error, QStringLiteral("<b>x</b>.atomnet cannot be read"));
        QCOMPARE(bar.findChild<QLabel *>(QStringLiteral("sentence"))->textFormat(), Qt::PlainText);
    }

    void backgroundFollowsSeverityAndTheme()
    {
        ThemeManager::instance().setMode(ThemeMode::Light);
        MessageBar bar;
        bar.show(Severity::Error, QStringLiteral("x"));
        const QColor error = bar.palette().color(QPalette::Window);
        bar.show(Severity::Info, QStringLiteral("x"));
        QVERIFY(bar.palette().color(QPalette::Window) != error);
        ThemeManager::instance().setMode(ThemeMode::Dark);
        QVERIFY(bar.palette().color(QPalette::Window).lightnessF() < 0.5f);
        QVERIFY(contrastRatio(bar.palette().color(QPalette::Window),
                              bar.palette().color(QPalette::WindowText)) >= 4.5);
        ThemeManager::instance().setMode(ThemeMode::System);
    }
};

QTEST_MAIN(TestMessageBar)
#include "tst_message_bar.moc"
