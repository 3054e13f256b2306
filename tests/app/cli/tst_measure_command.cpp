#include "app/cli/device_options.h"
#include "core/atomdb/atom_db.h"
#include "core/device/measure_plan.h"
#include "tests/app/cli/cli_run.h"

#include <QJsonArray>
#include <QProcess>
#include <QStandardPaths>
#include <QTemporaryDir>
#include <QTest>

#include <csignal>

using namespace atomnet;

namespace
{

const QString host = QStringLiteral("program:" ATOMNET_PROFILER_HOST);

template <class T>
T valueOf(Result<T> result)
{
    if (!result) qFatal("%s", qPrintable(result.error().message()));
    return *std::move(result);
}

/// Makes this program the command line.
const QString asCommandLine = QStringLiteral("--as-command-line");

/// The first run of the first device.
QJsonObject runOf(const CliRun &run, int device = 0)
{
    return run.json()["devices"][device]["runs"][0].toObject();
}

qint64 samplesIn(const QString &path)
{
    return valueOf(valueOf(AtomDb::open(path, AtomDb::Mode::ReadOnly)).info()).samples;
}

/// The same while another process may just be making the file.
qint64 samplesSeen(const QString &path, qint64 before)
{
    const auto db = AtomDb::open(path, AtomDb::Mode::ReadOnly);
    const auto info = db ? db->info() : tl::make_unexpected(db.error());
    return info ? info->samples : before;
}

} // namespace

class TestMeasureCommand : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init()
    {
        m_folder = std::make_unique<QTemporaryDir>();
        useDataFolder(m_folder->path());
        m_db = m_folder->filePath(QStringLiteral("db.sqlite"));
    }

    void measuresWhatADesignLacks()
    {
        const CliRun first({"measure", tiny(), "--device", host, "--db", m_db, "--json"});
        QVERIFY2(first.code == 0, qPrintable(first.err));
        const QJsonObject document = first.json().object();
        QCOMPARE(document["format"].toString(), QStringLiteral("atomnet-measurement"));
        const QJsonObject run = runOf(first);
        const int planned = run["planned"].toInt();
        QVERIFY(planned >= 5);
        QCOMPARE(run["measured"].toInt(), planned);
        QCOMPARE(run["operators"].toArray().size(), planned);
        QCOMPARE(samplesIn(m_db), qint64(planned));
        for (const QJsonValue &one : run["operators"].toArray()) {
            QCOMPARE(one["outcome"].toString(), QStringLiteral("measured"));
            QVERIFY(one["median"].toInteger() > 0);
            QVERIFY(!one["layer"].toString().isEmpty());
        }
        // Nothing is missing any more.
        const CliRun second({"measure", tiny(), "--device", host, "--db", m_db, "--json"});
        QCOMPARE(second.code, 0);
        QCOMPARE(runOf(second)["planned"].toInt(), 0);
        QCOMPARE(samplesIn(m_db), qint64(planned));
        // All of it again.
        const CliRun again({"measure", tiny(), "--device", host, "--db", m_db, "--all"});
        QCOMPARE(again.code, 0);
        QCOMPARE(samplesIn(m_db), qint64(2 * planned));
        QVERIFY2(again.out.contains(u"measured"), qPrintable(again.out));
    }

    void plansAreMeasuredElsewhereAndMerged()
    {
        const QString plan = m_folder->filePath(QStringLiteral("a.atomplan"));
        const QString there = m_folder->filePath(QStringLiteral("there.sqlite"));
        const CliRun wrote(
            {"measure", tiny(), "--write-plan", plan, "--board", "qemu-m7", "--db", m_db});
        QVERIFY2(wrote.code == 0, qPrintable(wrote.err));
        const MeasurePlan read = valueOf(readPlan(readFile(plan), plan));
        QCOMPARE(read.board, QStringLiteral("qemu-m7"));
        const CliRun measured({"measure", "--plan", plan, "--device", host, "--db", there});
        QVERIFY2(measured.code == 0, qPrintable(measured.err));
        QCOMPARE(samplesIn(there), qint64(read.items.size()));
        QCOMPARE(CliRun({"db", "merge", there, "--db", m_db}).code, 0);
        QCOMPARE(samplesIn(m_db), qint64(read.items.size()));
    }

    void plansOfOtherKernelsAreRefused()
    {
        MeasurePlan plan;
        plan.kernelHash = 1;
        const QString path = m_folder->filePath(QStringLiteral("b.atomplan"));
        QVERIFY(writeFile(path, writePlan(plan)));
        const CliRun run({"measure", "--plan", path, "--device", host, "--db", m_db});
        QCOMPARE(run.code, 3);
        QVERIFY2(run.err.contains(u"other kernels"), qPrintable(run.err));
    }

    void comparesTheNetworkWithItsOperators()
    {
        const CliRun run(
            {"measure", tiny(), "--device", host, "--db", m_db, "--network", "--json"});
        QVERIFY2(run.code == 0, qPrintable(run.err));
        const QJsonObject network = runOf(run)["network"].toObject();
        QVERIFY(network["value"].toInteger() > 0);
        QVERIFY(network["sum"].toInteger() > 0);
        QVERIFY(network["difference"].isDouble());
        const auto db = AtomDb::open(m_db, AtomDb::Mode::ReadOnly);
        QVERIFY(db);
        std::vector<qint64> kept;
        const auto conditions = db->conditions();
        QVERIFY(conditions);
        for (const ConditionInfo &info : *conditions) {
            const auto networks = db->networkSamples(info.id);
            QVERIFY(networks);
            for (const NetworkSample &sample : *networks)
                kept.push_back(sample.value);
        }
        QCOMPARE(kept, std::vector<qint64>{network["value"].toInteger()});
        QVERIFY(network["steps"].toArray().size() >= runOf(run)["planned"].toInt());
    }

    void severalBoardsMeasureAtTheSameTime()
    {
        // The same profiler by another path counts as another device.
        const QString copy = m_folder->filePath(QStringLiteral("second"));
        QVERIFY(QFile::link(QStringLiteral(ATOMNET_PROFILER_HOST), copy));
        const CliRun run({"measure", tiny(), "--device", host, "--device", "program:" + copy,
                          "--db", m_db, "--json"});
        QVERIFY2(run.code == 0, qPrintable(run.err));
        QCOMPARE(run.json()["devices"].toArray().size(), 2);
        for (int device = 0; device < 2; ++device)
            QCOMPARE(runOf(run, device)["measured"].toInt() + runOf(run, device)["known"].toInt(),
                     runOf(run, device)["planned"].toInt());
    }

    void aBoardThatIsNotThereIsADeviceFailure()
    {
        const CliRun run(
            {"measure", tiny(), "--device", "program:/nowhere/at/all", "--db", m_db, "--json"});
        QCOMPARE(run.code, 4);
        QVERIFY(!run.err.isEmpty());
        QVERIFY(run.json()["devices"][0]["error"].isString());
    }

    void wrongUsageSaysWhatToWrite_data()
    {
        QTest::addColumn<QStringList>("arguments");
        QTest::addColumn<QString>("says");
        const auto row = [](const char *name, const QStringList &arguments, const char *says) {
            QTest::newRow(name) << arguments << QString::fromLatin1(says);
        };
        row("nothing", {}, "give a design");
        row("no device", {"atomnet-256kb"}, "--device is missing");
        row("both", {"atomnet-256kb", "--plan", "x", "--device", "usb"}, "not both");
        row("all and missing", {"atomnet-256kb", "--all", "--missing", "--device", "usb"},
            "one of");
        row("network of a plan", {"--plan", "x", "--network", "--device", "usb"}, "need a design");
        row("device", {"atomnet-256kb", "--device", "parallel"}, "");
        row("repetitions", {"atomnet-256kb", "--device", "usb", "--repetitions", "0"}, "1 to 1000");
        row("conditions", {"atomnet-256kb", "--device", "usb", "--conditions", "I+X"}, "I+X");
        row("board", {"atomnet-256kb", "--device", "usb", "--board", "qemu-m7"}, "--write-plan");
    }
    void wrongUsageSaysWhatToWrite()
    {
        QFETCH(const QStringList, arguments);
        QFETCH(const QString, says);
        const CliRun run(QStringList{"measure"} + arguments + QStringList{"--db", m_db});
        QCOMPARE(run.code, 2);
        QVERIFY2(run.err.contains(says), qPrintable(run.err));
    }

    void runConditionsAreReadAsAtomDbWritesThem()
    {
        const auto off = conditionsFrom("off");
        QVERIFY(off && *off == (RunConditions{0, AP_WAIT_STATES_DEFAULT}));
        const quint32 all = AP_COND_ICACHE | AP_COND_DCACHE | AP_COND_PREFETCH;
        const auto caches = conditionsFrom(DeviceInfo::cachesText(all));
        QVERIFY(caches && *caches == (RunConditions{all, AP_WAIT_STATES_DEFAULT}));
        const auto slow = conditionsFrom("I+D+7ws");
        QVERIFY(slow && *slow == (RunConditions{AP_COND_ICACHE | AP_COND_DCACHE, 7}));
        const auto slowOff = conditionsFrom("off+12ws");
        QVERIFY(slowOff && *slowOff == (RunConditions{0, 12}));
        for (const char *wrong : {"", "I+I", "7ws", "off+I", "I+7", "I+ws", "I+100ws", "7ws+I"})
            QVERIFY2(!conditionsFrom(QString::fromLatin1(wrong)), wrong);
    }

    void conditionsThatTheBoardLacksAreADeviceFailure()
    {
        const CliRun run(
            {"measure", tiny(), "--device", host, "--db", m_db, "--conditions", "I+D"});
        QCOMPARE(run.code, 4);
        QVERIFY(!run.err.isEmpty());
    }

    void runConditionsAreMeasuredInTurn()
    {
        const CliRun run({"measure", tiny(), "--device", host, "--db", m_db, "--conditions",
                          "off,off", "--json"});
        QVERIFY2(run.code == 0, qPrintable(run.err));
        const QJsonArray runs = run.json()["devices"][0]["runs"].toArray();
        QCOMPARE(runs.size(), 2);
        QCOMPARE(runs[0]["condition"]["caches"].toString(), QStringLiteral("off"));
        QVERIFY(runs[0]["measured"].toInt() > 0);
        QCOMPARE(runs[1]["planned"].toInt(), 0); // the same condition: nothing is missing
    }

#ifdef Q_OS_UNIX
    void aBoardThatDiesIsWaitedForAndTheCommandGoesOn()
    {
        // The first profiler ends behind so many bytes of requests, some operators after the
        // self-test; the one that is opened next lives.
        const QString program = m_folder->filePath(QStringLiteral("mortal"));
        QVERIFY(writeFile(program,
                          "#!/bin/sh\n"
                          "if mkdir \"$0.died\" 2>/dev/null; then\n"
                          "  dd bs=1 count=1300 2>/dev/null | " ATOMNET_PROFILER_HOST "\nelse\n"
                          "  exec " ATOMNET_PROFILER_HOST "\nfi\n"));
        QVERIFY(QFile::setPermissions(program, QFile::ReadOwner | QFile::ExeOwner));
        const CliRun run(
            {"measure", tiny(), "--device", "program:" + program, "--db", m_db, "--json"});
        QVERIFY2(run.code == 0, qPrintable(run.err));
        QVERIFY2(run.err.contains(u"waiting for the board"), qPrintable(run.err));
        QVERIFY2(run.err.contains(u"the board is back"), qPrintable(run.err));
        QCOMPARE(runOf(run)["measured"].toInt(), runOf(run)["planned"].toInt());
        QCOMPARE(samplesIn(m_db), runOf(run)["planned"].toInteger());
    }

    void killedInTheMiddleLosesNothingThatWasDone()
    {
        const QStringList command{"measure", "atomnet-256kb", "--device",      host, "--db",
                                  m_db,      "--json",        "--repetitions", "1"};
        qint64 stored = 0;
        int killed = 0;
        for (int attempt = 0; attempt < 3; ++attempt) {
            QProcess process;
            process.start(QCoreApplication::applicationFilePath(),
                          QStringList{asCommandLine} + command);
            QVERIFY(process.waitForStarted());
            const qint64 before = stored;
            while (process.state() == QProcess::Running && stored < before + 5) {
                process.waitForFinished(10);
                stored = samplesSeen(m_db, stored);
            }
            if (process.state() != QProcess::Running) break;
            ::kill(pid_t(process.processId()), SIGKILL);
            QVERIFY(process.waitForFinished());
            ++killed;
            // What was seen is still there; one more may have been committed meanwhile.
            const qint64 kept = samplesIn(m_db);
            QVERIFY(kept >= stored);
            stored = kept;
        }
        QVERIFY2(killed > 0, "measuring was over before it could be killed");
        const CliRun rest(command);
        QVERIFY2(rest.code == 0, qPrintable(rest.err));
        const QJsonObject run = runOf(rest);
        QCOMPARE(run["failed"].toInt(), 0);
        QCOMPARE(samplesIn(m_db), stored + run["measured"].toInt());
        QCOMPARE(runOf(CliRun(command))["planned"].toInt(), 0);
    }

    void interruptingKeepsWhatIsDone()
    {
        QProcess process;
        process.start(QCoreApplication::applicationFilePath(),
                      {asCommandLine, "measure", "atomnet-256kb-max", "--device", host, "--db",
                       m_db, "--json", "--repetitions", "10"});
        QVERIFY(process.waitForStarted());
        while (process.state() == QProcess::Running && samplesSeen(m_db, 0) < 3)
            process.waitForFinished(10);
        QVERIFY2(process.state() == QProcess::Running,
                 "measuring was over before it could be stopped");
        ::kill(pid_t(process.processId()), SIGINT);
        QVERIFY(process.waitForFinished(5000));
        QCOMPARE(process.exitStatus(), QProcess::NormalExit);
        QCOMPARE(process.exitCode(), 4);
        const QByteArray said = process.readAllStandardError();
        QVERIFY2(said.contains("stopped"), said.constData());
        const auto json = QJsonDocument::fromJson(process.readAllStandardOutput());
        QCOMPARE(json["devices"][0]["runs"][0]["measured"].toInteger(), samplesIn(m_db));
    }
#endif

private:
    static QString tiny()
    {
        return QStringLiteral(ATOMNET_SOURCE_DIR "/tests/data/digits.atomnet");
    }

    std::unique_ptr<QTemporaryDir> m_folder;
    QString m_db;
};

/// The test's program is the command line as well, so that a test may kill one.
int main(int argc, char **argv)
{
    QCoreApplication app(argc, argv);
    QStringList arguments = QCoreApplication::arguments().mid(1);
    if (arguments.value(0) == asCommandLine) {
        QTextStream out(stdout), err(stderr);
        return runCommandLine(arguments.mid(1), out, err);
    }
    TestMeasureCommand test;
    return QTest::qExec(&test, argc, argv);
}
#include "tst_measure_command.moc"
