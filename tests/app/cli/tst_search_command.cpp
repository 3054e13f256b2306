#include "core/model/design_file.h"
#include "tests/app/cli/cli_run.h"

#include <QElapsedTimer>
#include <QJsonArray>
#include <QProcess>
#include <QTemporaryDir>
#include <QTest>

#include <csignal>

using namespace atomnet;

namespace
{

/// 144 networks, 96 of them distinct.
const QByteArray space = R"({"format": "atomnet-space", "version": 1, "name": "tiny",
  "resolutions": [16, 24], "channels": 3,
  "stages": [
    {"name": "s1", "types": ["conv"], "widths": [8, 16], "stride": 2, "act": "relu"},
    {"name": "s2", "types": ["sep", "convnext"], "widths": [8, 16, 24], "depths": [1, 2],
     "expands": [1, 3, 6], "stride": 2}],
  "head": {"classes": 10}})";

QByteArray design(const QByteArray &stem, const QByteArray &lock)
{
    return R"({"format": "atomnet-design", "version": 1, "name": "l",
          "input": {"height": 24, "width": 24, "channels": 3},
          "stages": [{"name": "s1", )" +
           lock + R"("blocks": [{"type": ")" + stem + R"(", "out": 8, "kernel": 3,
                       "stride": 2, "act": "relu"}]},
                     {"name": "s2", "blocks": [{"type": "sep", "out": 8, "kernel": 3,
                                                "stride": 2, "act": "hswish"}]}],
          "head": {"classes": 10}})";
}

Network networkOf(const QJsonValue &value)
{
    const auto file = readDesign(QJsonDocument(value.toObject()).toJson(), QStringLiteral("d"));
    if (!file) qFatal("%s", qPrintable(file.error().message()));
    return file->network;
}

/// Makes this program the command line.
const QString asCommandLine = QStringLiteral("--as-command-line");

} // namespace

class TestSearchCommand : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init()
    {
        m_folder = std::make_unique<QTemporaryDir>();
        useDataFolder(m_folder->path());
        m_space = file("tiny.json", space);
        m_tiny = QStringList{"search",  "--space",   m_space,     "--board",
                             "qemu-m7", "--runtime", "atomnet-1", "--json"};
    }

    void thePapersSpaceHasAProvenOptimum()
    {
        const QStringList command{"search",  "--board", "stm32h743", "--sram", "256KiB",
                                  "--flash", "1MiB",    "--latency", "275"};
        const CliRun run(command + QStringList{"--json"});
        QVERIFY2(run.code == 0, qPrintable(run.err));
        const QJsonObject found = run.json().object();
        QCOMPARE(found["proven"].toBool(), true);
        QCOMPARE(found["labelled"].toDouble(), 57'153'600.0);
        QCOMPARE(found["distinct"].toDouble(), 38'102'400.0);
        QCOMPARE(found["method"].toString(), QStringLiteral("exact"));
        QVERIFY(found["feasible"].toDouble() > 1e6);
        QVERIFY(found["seconds"].toDouble() > 0);
        QVERIFY(found["tables_hash"].toString().size() >= 16);
        QVERIFY(found["front"].toArray().isEmpty());
        const QJsonObject best = found["optimum"].toObject();
        QCOMPARE(found["upper_bound"].toDouble(), best["macs"].toDouble());
        QVERIFY(best["latency_ms"].toDouble() > 200 && best["latency_ms"].toDouble() <= 275);
        QVERIFY(best["sram_bytes"].toInteger() <= 256 * 1024);
        QVERIFY(best["flash_bytes"].toInteger() <= 1024 * 1024);
        QCOMPARE(best["measured_share"].toDouble(), 0.0); // nothing is imported
        QVERIFY(best["latency_high_ms"].toDouble() > best["latency_ms"].toDouble());
        QVERIFY(!found["estimated_operators"].toArray().isEmpty());
        QCOMPARE(found["top"].toArray().size(), 1);
        // The design is one, and its analysis says the same.
        const QString path = file("o.atomnet", QJsonDocument(best["design"].toObject()).toJson());
        const CliRun analysis({"analyze", path, "--json"});
        QVERIFY2(analysis.code == 0, qPrintable(analysis.err));
        const QJsonValue totals = analysis.json()["totals"];
        for (const char *figure : {"macs", "sram_bytes", "flash_bytes", "params"})
            QCOMPARE(totals[QLatin1String(figure)].toInteger(),
                     best[QLatin1String(figure)].toInteger());
        QVERIFY(qAbs(totals["latency_ms"].toDouble() - best["latency_ms"].toDouble()) < 1e-4);

        const CliRun text(command + QStringList{"--top", "3"});
        QCOMPARE(text.code, 0);
        for (const char *part :
             {"57,153,600 networks", "38,102,400 of them distinct", "proven for these tables",
              "256.0 KiB", "stage", "To measure next", "measured", "275 ms"})
            QVERIFY2(text.out.contains(QLatin1String(part)), part);
    }

    void limitsAreTheBoardsUnlessGiven()
    {
        const CliRun real({"search", "--space", m_space, "--board", "stm32f746", "--json"});
        QVERIFY2(real.code == 0, qPrintable(real.err));
        const QJsonValue limits = real.json()["limits"];
        QCOMPARE(limits["sram_bytes"].toInteger(), 320 * 1024);
        QCOMPARE(limits["flash_bytes"].toInteger(), 1024 * 1024);
        QVERIFY(limits["latency_ms"].isNull());
        const CliRun none(m_tiny);
        QVERIFY2(none.code == 0, qPrintable(none.err));
        QVERIFY(none.json()["limits"]["sram_bytes"].isNull());
        QVERIFY(none.json()["limits"]["flash_bytes"].isNull());
        QCOMPARE(none.json()["feasible"].toDouble(), none.json()["distinct"].toDouble());
        QCOMPARE(none.json()["distinct"].toDouble(), 96.0);
    }

    void virtualBoardsCountInstructions()
    {
        const CliRun any(m_tiny);
        QVERIFY2(any.code == 0, qPrintable(any.err));
        const QJsonValue best = any.json()["optimum"];
        QVERIFY(best["latency_ms"].isNull());
        const qint64 instructions = best["instructions"].toInteger();
        QVERIFY(instructions > 1000);
        const CliRun fewer(m_tiny +
                           QStringList{"--instructions", QString::number(instructions - 1)});
        QVERIFY2(fewer.code == 0, qPrintable(fewer.err));
        const QJsonValue next = fewer.json()["optimum"];
        QVERIFY(next["instructions"].toInteger() < instructions);
        QVERIFY(next["macs"].toInteger() <= best["macs"].toInteger());
        QCOMPARE(fewer.json()["limits"]["instructions"].toInteger(), instructions - 1);
    }

    void theTopListAndTheFrontAreInOrder()
    {
        const CliRun run(m_tiny + QStringList{"--top", "5", "--pareto", "--designs", "3"});
        QVERIFY2(run.code == 0, qPrintable(run.err));
        const QJsonArray top = run.json()["top"].toArray();
        QCOMPARE(top.size(), 5);
        QCOMPARE(top[0]["macs"], run.json()["optimum"]["macs"]);
        for (int i = 1; i < top.size(); ++i) {
            QVERIFY(top[i - 1]["macs"].toInteger() >= top[i]["macs"].toInteger());
            for (int j = 0; j < i; ++j)
                QVERIFY(!sameDesign(networkOf(top[i]["design"]), networkOf(top[j]["design"])));
        }
        const QJsonArray front = run.json()["front"].toArray();
        QVERIFY(front.size() > 5);
        for (int i = 0; i < front.size(); ++i) {
            QCOMPARE(front[i].toObject().contains(QStringLiteral("design")), i < 3);
            QVERIFY(front[i]["latency_ms"].isNull());
            for (int j = 0; j < front.size(); ++j) {
                const auto least = [&](const char *key) {
                    return front[j][QLatin1String(key)].toInteger() <=
                           front[i][QLatin1String(key)].toInteger();
                };
                const bool dominated =
                    front[j]["macs"].toInteger() >= front[i]["macs"].toInteger() &&
                    least("instructions") && least("sram_bytes") && least("flash_bytes");
                QVERIFY(i == j || !dominated);
            }
        }
    }

    void bothMethodsFindTheSame()
    {
        const QStringList limited = m_tiny + QStringList{"--sram", "3KiB"};
        const CliRun exact(limited);
        QVERIFY2(exact.code == 0, qPrintable(exact.err));
        const CliRun evolved(limited + QStringList{"--method", "evolution", "--seed", "3"});
        QVERIFY2(evolved.code == 0, qPrintable(evolved.err));
        QCOMPARE(evolved.json()["optimum"]["macs"], exact.json()["optimum"]["macs"]);
        QCOMPARE(evolved.json()["proven"].toBool(), false);
        QVERIFY(evolved.json()["upper_bound"].isNull());
        QVERIFY(evolved.json()["feasible"].isNull());
        // All that is feasible was scored, as the space is small.
        QCOMPARE(evolved.json()["evaluated"].toDouble(), exact.json()["feasible"].toDouble());
        const QStringList weighted{"--objective", "macs=1,flash_kib=-3000"};
        const CliRun a(m_tiny + weighted),
            b(m_tiny + weighted + QStringList{"--method", "evolution"});
        QVERIFY2(a.code == 0, qPrintable(a.err));
        QCOMPARE(a.json()["optimum"]["objective"], b.json()["optimum"]["objective"]);
        QVERIFY(a.json()["optimum"]["macs"] != exact.json()["optimum"]["macs"]);
        const CliRun text(QStringList(limited.begin(), limited.end() - 3) +
                          QStringList{"--method", "evolution"});
        QVERIFY2(text.out.contains(u"not proven"), qPrintable(text.out));
    }

    void theSameSeedPrintsTheSame()
    {
        const auto run = [this](const char *seed) {
            QJsonObject found = CliRun(m_tiny + QStringList{"--method", "evolution", "--top", "4",
                                                            "--evaluations", "20", "--seed", seed})
                                    .json()
                                    .object();
            found.remove(QStringLiteral("seconds"));
            return found;
        };
        QVERIFY(!run("5")["top"].toArray().isEmpty());
        QCOMPARE(run("5"), run("5"));
    }

    void infeasibleLimitsExitWithThree()
    {
        const CliRun run(m_tiny + QStringList{"--sram", "100"});
        QCOMPARE(run.code, 3);
        QVERIFY2(run.err.contains(u"SRAM"), qPrintable(run.err));
        QCOMPARE(run.err.count('\n'), 1);
        const QJsonObject found = run.json().object();
        QCOMPARE(found["proven"].toBool(), true);
        QVERIFY(found["optimum"].isNull());
        QCOMPARE(found["feasible"].toInteger(-1), 0);
        QVERIFY(found["top"].toArray().isEmpty());
        QVERIFY(run.err.contains(found["why"].toString()));
        const QJsonValue binding = found["binding"][0];
        QCOMPARE(binding["figure"].toString(), QStringLiteral("SRAM"));
        QCOMPARE(binding["limit"].toInteger(), 100);
        // At the nearest limit there is one.
        const qint64 nearest = binding["nearest"].toInteger();
        QCOMPARE(CliRun(m_tiny + QStringList{"--sram", QString::number(nearest)}).code, 0);
        QCOMPARE(CliRun(m_tiny + QStringList{"--sram", QString::number(nearest - 1)}).code, 3);

        const CliRun evolved(m_tiny + QStringList{"--sram", "100", "--method", "evolution"});
        QCOMPARE(evolved.code, 3);
        QVERIFY2(evolved.err.contains(u"more SRAM than 100"), qPrintable(evolved.err));
        QCOMPARE(evolved.json()["proven"].toBool(true), false);
        QVERIFY(evolved.json()["optimum"].isNull());
        QVERIFY(evolved.json()["feasible"].isNull());
    }

    void estimatesCountAsAsked()
    {
        const CliRun measured(m_tiny + QStringList{"--estimates", "measured"});
        QCOMPARE(measured.code, 3); // nothing is
        QVERIFY2(measured.err.contains(u"measured"), qPrintable(measured.err));
        const CliRun point(m_tiny);
        const QString limit = QString::number(point.json()["optimum"]["instructions"].toInteger());
        const CliRun high(m_tiny +
                          QStringList{"--estimates", "pessimistic", "--instructions", limit});
        QVERIFY2(high.code == 0, qPrintable(high.err));
        QVERIFY(high.json()["optimum"]["macs"].toInteger() <
                point.json()["optimum"]["macs"].toInteger());
        QCOMPARE(high.json()["estimates"].toString(), QStringLiteral("pessimistic"));
    }

    void shapesAreBound()
    {
        const CliRun run(m_tiny + QStringList{"--objective", "macs=-1", "--min-depth", "3",
                                              "--never-narrower", "--width-growth", "1"});
        QVERIFY2(run.code == 0, qPrintable(run.err));
        const Network network = networkOf(run.json()["optimum"]["design"]);
        QCOMPARE(network.stages[1].blocks.front().repeat, 2);
        QCOMPARE(network.stages[0].blocks.front().out, network.stages[1].blocks.front().out);
        QVERIFY(run.json()["feasible"].toDouble() < 96);
    }

    void timesFromInstructionsSayThatTheyAre()
    {
        const QStringList command{"search",    "--space",   m_space,    "--board",
                                  "stm32f746", "--runtime", "atomnet-1"};
        const CliRun run(command + QStringList{"--json"});
        QVERIFY2(run.code == 0, qPrintable(run.err));
        const QJsonValue best = run.json()["optimum"];
        QCOMPARE(best["from_instructions"].toBool(), true);
        QVERIFY(best["layers_from_instructions"].toInt() > 0);
        QVERIFY(best["latency_ms"].toDouble() > 0);
        const CliRun text(command);
        QVERIFY2(text.out.contains(u"from instructions"), qPrintable(text.out));
    }

    void unknownLatenciesAreUnknown()
    {
        const QStringList command{"search", "--space", m_space, "--board", "stm32f412"};
        const CliRun run(command + QStringList{"--json"});
        QVERIFY2(run.code == 0, qPrintable(run.err));
        QVERIFY(run.json()["optimum"]["latency_ms"].isNull());
        QCOMPARE(run.json()["optimum"]["source"].toString(), QStringLiteral("missing"));
        const CliRun text(command);
        QVERIFY2(text.out.contains(u"latency  unknown, "), qPrintable(text.out));
        const CliRun limited(command + QStringList{"--latency", "300"});
        QCOMPARE(limited.code, 3);
        QVERIFY2(limited.err.contains(u"unknown"), qPrintable(limited.err));
    }

    void locksAreKept()
    {
        const QString lock = file("lock.atomnet", design("conv", "\"locked\": true, "));
        const CliRun run(m_tiny + QStringList{"--lock", lock});
        QVERIFY2(run.code == 0, qPrintable(run.err));
        QCOMPARE(networkOf(run.json()["optimum"]["design"]).stages[0].blocks.front().out, 8);
        QCOMPARE(networkOf(CliRun(m_tiny).json()["optimum"]["design"]).stages[0].blocks.front().out,
                 16);
        // One that the space has not got.
        const QString strange = file("s.atomnet", design("sep", "\"locked\": true, "));
        const CliRun kept(m_tiny + QStringList{"--lock", strange});
        QVERIFY2(kept.code == 0, qPrintable(kept.err));
        QVERIFY(networkOf(kept.json()["optimum"]["design"]).stages[0].blocks.front().type ==
                BlockType::Sep);
        const CliRun none(m_tiny + QStringList{"--lock", file("n.atomnet", design("conv", ""))});
        QCOMPARE(none.code, 0);
        QVERIFY2(none.err.contains(u"nothing is locked"), qPrintable(none.err));
    }

    void theOptimumIsWritten()
    {
        const QString path = m_folder->filePath(QStringLiteral("best.atomnet"));
        const CliRun run(m_tiny + QStringList{"-o", path});
        QVERIFY2(run.code == 0, qPrintable(run.err));
        const auto written = loadDesign(path);
        QVERIFY(written);
        QCOMPARE(written->network.name, QStringLiteral("best"));
        QVERIFY(sameDesign(written->network, networkOf(run.json()["optimum"]["design"])));
        const QByteArray before = readFile(path);
        const CliRun infeasible(m_tiny + QStringList{"--sram", "1", "-o", path});
        QCOMPARE(infeasible.code, 3);
        QCOMPARE(readFile(path), before);
        const CliRun nowhere(m_tiny + QStringList{"-o", "/nowhere/best.atomnet"});
        QCOMPARE(nowhere.code, 3);
        QVERIFY(nowhere.out.isEmpty());
    }

    void accuraciesComeFromATable()
    {
        QByteArray table = "resolution,s1.width,s2.type,s2.width,s2.depth,s2.expand,accuracy\n";
        table += "16,8,sep,8,1,1,0.4\n24,16,sep,8,1,1,0.9\n24,16,convnext,24,2,6,0.95\n";
        const QStringList command = m_tiny + QStringList{"--accuracy-table", file("t.csv", table)};
        const CliRun best(command);
        QVERIFY2(best.code == 0, qPrintable(best.err));
        QCOMPARE(best.json()["optimum"]["objective"].toDouble(), 0.95);
        QCOMPARE(best.json()["method"].toString(), QStringLiteral("evolution"));
        QCOMPARE(best.json()["evaluated"].toInt(), 3);
        // The same rows are found in a space where nobody would come across them.
        QByteArray vast = space;
        QByteArray widths;
        for (int width = 8; width <= 8000; width += 8)
            widths += QByteArray::number(width) + (width < 8000 ? "," : "");
        vast.replace("[8, 16, 24]", '[' + widths + ']');
        QStringList search = command;
        search[2] = file("vast.json", vast);
        const CliRun found(search);
        QVERIFY2(found.code == 0, qPrintable(found.err));
        QCOMPARE(found.json()["evaluated"].toInt(), 3);
        QCOMPARE(found.json()["optimum"]["objective"].toDouble(), 0.95);
        const CliRun small(command + QStringList{"--sram", "3KiB"});
        QVERIFY2(small.code == 0, qPrintable(small.err));
        QVERIFY(small.json()["optimum"]["objective"].toDouble() < 0.95);
        const CliRun wrong(m_tiny + QStringList{"--accuracy-table", file("u.csv", table + "16,9")});
        QCOMPARE(wrong.code, 3);
        QVERIFY2(wrong.err.contains(u"u.csv:5:2"), qPrintable(wrong.err));
    }

    void accuraciesComeFromACommand()
    {
        const QStringList few = m_tiny + QStringList{"--evaluations", "8"};
        const CliRun scored(few + QStringList{"--accuracy-command",
                                              "sh -c \"" + QString("cat > /dev/null; echo 0.5\"")});
        QVERIFY2(scored.code == 0, qPrintable(scored.err));
        QCOMPARE(scored.json()["optimum"]["objective"].toDouble(), 0.5);
        QCOMPARE(scored.json()["evaluated"].toInt(), 8);
        const auto fails = [&few](const QStringList &arguments) { return CliRun(few + arguments); };
        const CliRun rubbish = fails({"--accuracy-command", "echo good"});
        QCOMPARE(rubbish.code, 4);
        QVERIFY2(rubbish.err.contains(u"good"), qPrintable(rubbish.err));
        QVERIFY(rubbish.out.isEmpty());
        const CliRun hangs = fails({"--accuracy-command", "sleep 60", "--timeout", "0.3"});
        QCOMPARE(hangs.code, 4);
        QVERIFY2(hangs.err.contains(u"0.3 s"), qPrintable(hangs.err));
        QCOMPARE(fails({"--accuracy-command", "/nowhere/score"}).code, 4);
    }

    void wrongUsageSaysWhatToWrite_data()
    {
        QTest::addColumn<QStringList>("arguments");
        QTest::addColumn<int>("code");
        QTest::addColumn<QString>("says");
        const auto row = [](const char *name, const QStringList &arguments, int code,
                            const char *says) {
            QTest::newRow(name) << arguments << code << QString::fromLatin1(says);
        };
        row("board", {"--board", "z80"}, 2, "z80");
        row("runtime", {"--runtime", "tvm"}, 2, "tvm");
        row("an argument", {"design.atomnet"}, 2, "");
        row("option", {"--sramm", "1"}, 2, "sramm");
        row("SRAM", {"--sram", "lots"}, 2, "sram");
        row("negative SRAM", {"--sram", "-5"}, 2, "below 0");
        row("latency", {"--latency", "soon"}, 2, "soon");
        row("NaN", {"--latency", "nan"}, 2, "nan");
        row("negative latency", {"--latency", "-1"}, 2, "-1");
        row("ms on a virtual board", {"--board", "qemu-m7", "--latency", "5"}, 2, "--instructions");
        row("instructions on a real one", {"--instructions", "5"}, 2, "--latency");
        row("space", {"--space", "/nowhere/s.json"}, 3, "/nowhere/s.json");
        row("objective", {"--objective", "beauty"}, 2, "beauty");
        row("estimates", {"--estimates", "wild"}, 2, "wild");
        row("top", {"--top", "0"}, 2, "--top");
        row("many", {"--top", "1001"}, 2, "--top");
        row("too many for 32 bits", {"--top", "4294967297"}, 2, "--top");
        row("depth", {"--min-depth", "x"}, 2, "--min-depth");
        row("growth", {"--width-growth", "0"}, 2, "--width-growth");
        row("method", {"--method", "guess"}, 2, "guess");
        row("seed", {"--seed", "-1"}, 2, "--seed");
        row("evaluations", {"--evaluations", "0"}, 2, "--evaluations");
        row("front by evolution", {"--pareto", "--method", "evolution"}, 2, "exact");
        row("exact accuracy", {"--method", "exact", "--accuracy-table", "t"}, 2, "no sum");
        row("two accuracies", {"--accuracy-command", "c", "--accuracy-table", "t"}, 2, "one of");
        row("two objectives", {"--objective", "macs", "--accuracy-table", "t"}, 2, "--objective");
        row("empty command", {"--accuracy-command", " "}, 2, "empty");
        row("timeout alone", {"--timeout", "5"}, 2, "--timeout");
        row("table", {"--accuracy-table", "/nowhere/t.csv"}, 3, "/nowhere/t.csv");
        row("database", {"--db", "/nowhere/db.sqlite"}, 3, "/nowhere/db.sqlite");
        row("lock", {"--lock", "/nowhere/a.atomnet"}, 3, "/nowhere/a.atomnet");
    }
    void wrongUsageSaysWhatToWrite()
    {
        QFETCH(const QStringList, arguments);
        QFETCH(const int, code);
        QFETCH(const QString, says);
        const CliRun run(QStringList{"search"} + arguments);
        QCOMPARE(run.code, code);
        QVERIFY(run.out.isEmpty());
        QVERIFY2(run.err.contains(says), qPrintable(run.err));
        QCOMPARE(run.err.count('\n'), 1);
    }

    void interruptingStopsIt()
    {
        const QString note = m_folder->filePath(QStringLiteral("asked"));
        QProcess process;
        process.start(
            QCoreApplication::applicationFilePath(),
            QStringList{asCommandLine} + m_tiny +
                QStringList{"--accuracy-command", "sh -c \"echo > " + note + "; sleep 60\""});
        QVERIFY(process.waitForStarted());
        QTRY_VERIFY_WITH_TIMEOUT(QFile::exists(note), 20000);
        QElapsedTimer clock;
        clock.start();
        ::kill(pid_t(process.processId()), SIGINT);
        QVERIFY(process.waitForFinished(20000));
        QVERIFY(clock.elapsed() < 10000);
        QCOMPARE(process.exitStatus(), QProcess::NormalExit);
        QCOMPARE(process.exitCode(), 4);
        const QByteArray said = process.readAllStandardError();
        QVERIFY2(said.contains("stopped"), said.constData());
    }

private:
    QString file(const char *name, const QByteArray &bytes) const
    {
        const QString path = m_folder->filePath(QString::fromLatin1(name));
        if (!writeFile(path, bytes)) qFatal("cannot write %s", name);
        return path;
    }

    std::unique_ptr<QTemporaryDir> m_folder;
    QString m_space;
    QStringList m_tiny;
};

/// The test's program is the command line as well, so that a test may interrupt one.
int main(int argc, char **argv)
{
    QCoreApplication app(argc, argv);
    const QStringList arguments = QCoreApplication::arguments().mid(1);
    if (arguments.value(0) == asCommandLine) {
        QTextStream out(stdout), err(stderr);
        return runCommandLine(arguments.mid(1), out, err);
    }
    TestSearchCommand test;
    return QTest::qExec(&test, argc, argv);
}
#include "tst_search_command.moc"
