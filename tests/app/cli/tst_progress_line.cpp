#include "app/cli/progress_line.h"

#include <QTest>

#include <csignal>

using namespace atomnet;

class TestProgressLine : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void aTerminalSeesOneLineThatIsCleared()
    {
        QString out, err;
        QTextStream outStream(&out), errStream(&err);
        Console console{outStream, errStream, true};
        ProgressLine progress(console, QStringLiteral("working"));
        const RunControl control = progress.control();
        control.progress(0.5);
        control.progress(0.501); // the same per cent
        QCOMPARE(err, QStringLiteral("\rworking  50 %"));
        progress.finished();
        QVERIFY(err.endsWith('\r'));
        QVERIFY(out.isEmpty());
        progress.finished(); // once is enough
        QCOMPARE(err.count('\r'), 3);
    }

    void aPipeSeesNothing()
    {
        QString out, err;
        QTextStream outStream(&out), errStream(&err);
        Console console{outStream, errStream, false};
        ProgressLine progress(console, QStringLiteral("working"));
        progress.control().progress(0.5);
        progress.finished();
        QVERIFY(err.isEmpty());
    }

    void anInterruptCancels()
    {
        void (*const before)(int) = std::signal(SIGINT, SIG_IGN);
        {
            double seen = 0;
            const Interruptible interruptible;
            const RunControl control =
                interruptible.control({{}, [&](double share) { seen = share; }});
            control.progress(0.25);
            QCOMPARE(seen, 0.25);
            QVERIFY(!control.cancelled());
            std::raise(SIGINT);
            QVERIFY(control.cancelled());
        }
        const Interruptible another;
        QVERIFY(!another.control({}).cancelled()); // a new command begins anew
        std::signal(SIGINT, before);
    }
};

QTEST_APPLESS_MAIN(TestProgressLine)
#include "tst_progress_line.moc"
