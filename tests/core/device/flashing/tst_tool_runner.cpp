#include "core/device/flashing/tool_runner.h"
#include "tests/support/fake_tools/fake_tools.h"

#include <QElapsedTimer>
#include <QTest>

using namespace atomnet;
using test::FakeTools;
using End = ToolRun::End;

class TestToolRunner : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void outputAndErrorsComeInOneText()
    {
        FakeTools tools;
        tools.install("tool", "#!/bin/sh\necho one\necho two >&2\necho \"$@\"\nexit 7\n");
        const ToolRun run = runTool({"tool", {"a b", "c"}}, 5000);
        QCOMPARE(run.end, End::Finished);
        QCOMPARE(run.exitCode, 7);
        QCOMPARE(run.output, QString("one\ntwo\na b c\n"));
    }

    void linesComeAsTheyAreSaid()
    {
        FakeTools tools;
        tools.install("tool",
                      "#!/bin/sh\nprintf 'start\\n\\r  1/  2 pages\\r  2/  2 pages\\nend'\n");
        QStringList lines;
        const ToolRun run =
            runTool({"tool", {}}, 5000, {}, [&](const QString &line) { lines << line; });
        QCOMPARE(lines, QStringList({"start", "1/  2 pages", "2/  2 pages", "end"}));
        QVERIFY(run.output.endsWith("end"));
    }

    void aLineIsToldBeforeTheToolEnds()
    {
        FakeTools tools;
        tools.install("tool", "#!/bin/sh\necho now\nexec /bin/sleep 20\n");
        bool told = false;
        QElapsedTimer timer;
        timer.start();
        const RunControl control{[&] { return told; }, {}};
        const ToolRun run =
            runTool({"tool", {}}, 30'000, control, [&](const QString &) { told = true; });
        QCOMPARE(run.end, End::Cancelled);
        QVERIFY(timer.elapsed() < 10'000);
        QCOMPARE(run.output, QString("now\n"));
    }

    void cancellingEndsEvenAStubbornToolWithin200Ms()
    {
        FakeTools tools;
        tools.install("tool",
                      "#!/bin/sh\ntrap '' TERM\necho up\nwhile :; do /bin/sleep 0.02; done\n");
        qint64 best = 1000; // a busy computer may hold one of three up
        for (int attempt = 0; attempt < 3 && best >= 200; ++attempt) {
            QElapsedTimer sinceCancel;
            bool cancel = false;
            const RunControl control{[&] { return cancel; }, {}};
            const ToolRun run = runTool({"tool", {}}, 30'000, control, [&](const QString &) {
                cancel = true;
                sinceCancel.start();
            });
            best = std::min(best, sinceCancel.elapsed());
            QCOMPARE(run.end, End::Cancelled);
        }
        QVERIFY2(best < 200, qPrintable(QString::number(best)));
    }

    void aToolWithoutAWordIsEnded()
    {
        FakeTools tools;
        tools.install("tool", "#!/bin/sh\nexec /bin/sleep 20\n");
        const ToolRun run = runTool({"tool", {}}, 300);
        QCOMPARE(run.end, End::Silent);
    }

    void wordsKeepASlowToolAlive()
    {
        FakeTools tools;
        tools.install("tool",
                      "#!/bin/sh\nfor i in 1 2 3 4 5 6; do echo $i; /bin/sleep 0.15; done\n");
        const ToolRun run = runTool({"tool", {}}, 600);
        QCOMPARE(run.end, End::Finished);
        QCOMPARE(run.exitCode, 0);
    }

    void missingOnesAreTold()
    {
        const FakeTools tools;
        QVERIFY(!isInstalled("st-flash"));
        QCOMPARE(runTool({"st-flash", {}}, 1000).end, End::Missing);
    }

    void brokenOnesAreTold()
    {
        FakeTools tools;
        tools.install("tool", "#!/does/not/exist\n");
        QCOMPARE(runTool({"tool", {}}, 1000).end, End::NotStarted);
    }

    void crashesAreTold()
    {
        FakeTools tools;
        tools.install("tool", "#!/bin/sh\necho before\nkill -SEGV $$\n");
        const ToolRun run = runTool({"tool", {}}, 5000);
        QCOMPARE(run.end, End::Crashed);
        QCOMPARE(run.output, QString("before\n"));
    }

    void aToolThatFloodsIsCutOff()
    {
        FakeTools tools;
        tools.install("tool",
                      "#!/bin/sh\n/usr/bin/head -c 4000000 /dev/zero | /usr/bin/tr '\\0' x\n");
        const ToolRun run = runTool({"tool", {}}, 20'000);
        QCOMPARE(run.end, End::Finished);
        QVERIFY(run.output.size() >= 1 << 20);
        QVERIFY(run.output.size() < 3'000'000);
    }

    void nothingIsReadFromTheTerminal()
    {
        FakeTools tools;
        tools.install("tool", "#!/bin/sh\nread answer && echo got || echo none\n");
        QCOMPARE(runTool({"tool", {}}, 5000).output, QString("none\n"));
    }
};

QTEST_GUILESS_MAIN(TestToolRunner)
#include "tst_tool_runner.moc"
