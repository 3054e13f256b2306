#include "widgets/common/progress_strip.h"

#include <QLabel>
#include <QProgressBar>
#include <QSignalSpy>
#include <QTest>
#include <QToolButton>

using namespace atomnet;

class TestProgressStrip : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void eta_data()
    {
        QTest::addColumn<double>("seconds");
        QTest::addColumn<QString>("text");
        QTest::newRow("unknown") << -1.0 << QString();
        QTest::newRow("not a number") << qQNaN() << QString();
        QTest::newRow("soon") << 0.4 << QStringLiteral("less than 1 s left");
        QTest::newRow("seconds") << 3.2 << QStringLiteral("about 3 s left");
        QTest::newRow("minutes") << 130.0 << QStringLiteral("about 2 min left");
        QTest::newRow("hours") << 3 * 3600.0 << QStringLiteral("about 3 h left");
    }
    void eta()
    {
        QFETCH(double, seconds);
        QFETCH(QString, text);
        QCOMPARE(etaText(seconds), text);
    }

    void shortWorkIsNeverShown()
    {
        ProgressStrip strip;
        strip.setProgress(QStringLiteral("Importing"), 0.5);
        QVERIFY(strip.isRunning());
        QVERIFY(!strip.isVisible());
        strip.finish();
        QTest::qWait(ProgressStrip::delayMs + 100);
        QVERIFY(!strip.isVisible());
        QVERIFY(!strip.isRunning());
    }

    void longWorkAppearsAndGoes()
    {
        ProgressStrip strip;
        strip.setProgress(QStringLiteral("Importing atomdb.csv"), 0.25, 3);
        QTRY_VERIFY(strip.isVisible());
        QCOMPARE(strip.findChild<QLabel *>(QStringLiteral("what"))->text(),
                 QStringLiteral("Importing atomdb.csv"));
        QCOMPARE(strip.findChild<QLabel *>(QStringLiteral("eta"))->text(),
                 QStringLiteral("about 3 s left"));
        auto *bar = strip.findChild<QProgressBar *>();
        QCOMPARE(bar->value() * 4, bar->maximum());
        strip.setProgress(QStringLiteral("Sorting"), -1);
        QCOMPARE(bar->maximum(), 0); // length not known
        strip.finish();
        QVERIFY(!strip.isVisible());
    }

    void cancelAsksOnceAndComesBack()
    {
        ProgressStrip strip;
        QSignalSpy spy(&strip, &ProgressStrip::cancelRequested);
        strip.setProgress(QStringLiteral("Importing"), 0.1);
        QTRY_VERIFY(strip.isVisible());
        auto *cancel = strip.findChild<QToolButton *>(QStringLiteral("cancel"));
        QTest::mouseClick(cancel, Qt::LeftButton);
        QTest::mouseClick(cancel, Qt::LeftButton);
        QCOMPARE(spy.count(), 1);
        strip.setProgress(QStringLiteral("Importing"), 0.2, 5);
        QCOMPARE(strip.findChild<QLabel *>(QStringLiteral("eta"))->text(),
                 QStringLiteral("stopping"));
        strip.finish();
        strip.setProgress(QStringLiteral("Exporting"), 0.1);
        QVERIFY(cancel->isEnabled());
    }
};

QTEST_MAIN(TestProgressStrip)
#include "tst_progress_strip.moc"
