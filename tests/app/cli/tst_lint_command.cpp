#include "core/model/design_file.h"
#include "core/model/presets.h"
#include "tests/app/cli/cli_run.h"

#include <QJsonArray>
#include <QRegularExpression>
#include <QTemporaryDir>
#include <QTest>

using namespace atomnet;

class TestLintCommand : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init()
    {
        m_folder = std::make_unique<QTemporaryDir>();
        useDataFolder(m_folder->path());
    }

    void textGroupsFindingsByStage()
    {
        const CliRun run({"lint", "atomnet-512kb"});
        QCOMPARE(run.code, 0);
        QVERIFY2(run.err.isEmpty(), qPrintable(run.err));
        const QStringList lines = run.out.split('\n');
        QVERIFY(lines.first().startsWith("AtomNet-512KB on STM32H743 with X-CUBE-AI 7.2: "));
        QVERIFY(lines.contains("the whole design"));
        QCOMPARE(lines.count("s2"), 1);
        QVERIFY2(run.out.contains("problem flash: "), qPrintable(run.out));
        QVERIFY2(run.out.contains(" R3: "), qPrintable(run.out));
        for (const QString &line : lines)
            QVERIFY2(line.size() <= 100, qPrintable(line));
    }

    void jsonNumbersTheFixes()
    {
        const QStringList arguments{"lint", "atomnet-512kb", "--json"};
        const CliRun run(arguments);
        QCOMPARE(run.code, 0);
        const QJsonObject root = run.json().object();
        QCOMPARE(root["board"].toString(), QStringLiteral("stm32h743"));
        QCOMPARE(root["runtime"].toString(), QStringLiteral("x-cube-ai-7.2"));
        QCOMPARE(root["design"].toString(), QStringLiteral("AtomNet-512KB"));
        int number = 0;
        for (const QJsonValue &value : root["findings"].toArray()) {
            const QJsonObject finding = value.toObject();
            for (const char *key : {"rule", "severity", "what", "why", "fixes", "stage", "block"})
                QVERIFY2(finding.contains(QLatin1String(key)), key);
            for (const QJsonValue &fix : finding["fixes"].toArray()) {
                QCOMPARE(fix.toObject()["number"].toInt(), ++number);
                const QJsonObject effect = fix.toObject()["effect"].toObject();
                for (const char *key : {"macs", "latency_ms", "sram_bytes", "flash_bytes"})
                    QVERIFY2(effect[QLatin1String(key)].isDouble(), key);
            }
        }
        QVERIFY(number > 3);
        QCOMPARE(CliRun(arguments).out, run.out);
    }

    void virtualBoardsCountInstructions()
    {
        const QJsonArray findings = CliRun({"lint", "atomnet-256kb-max", "--board", "qemu-m7",
                                            "--runtime", "atomnet-1", "--json"})
                                        .json()
                                        .object()["findings"]
                                        .toArray();
        int fixes = 0;
        for (const QJsonValue &finding : findings)
            for (const QJsonValue &fix : finding.toObject()["fixes"].toArray()) {
                ++fixes;
                QVERIFY(fix.toObject()["effect"].toObject()["latency_ms"].isNull());
                QVERIFY(fix.toObject()["effect"].toObject().contains("instructions"));
            }
        QVERIFY(fixes > 0);
    }

    void aFixIsAppliedAndDoesWhatItSays()
    {
        const QString file = m_folder->filePath("fixed.atomnet");
        const QJsonObject before = totals("atomnet-512kb");
        const CliRun run({"lint", "atomnet-512kb", "--json", "--fix", "1", "-o", file});
        QCOMPARE(run.code, 0);
        QVERIFY2(run.err.contains(file), qPrintable(run.err));
        const QJsonObject after = totals(file);
        const QJsonObject effect = fixOf(run, 1)["effect"].toObject();
        for (const char *figure : {"macs", "sram_bytes", "flash_bytes"}) {
            const QLatin1String key(figure);
            QCOMPARE(after[key].toInteger() - before[key].toInteger(), effect[key].toInteger());
        }
        QVERIFY(after["flash_bytes"].toInteger() != before["flash_bytes"].toInteger() ||
                after["macs"].toInteger() != before["macs"].toInteger());
    }

    void peakIsExplained()
    {
        const CliRun text({"lint", "atomnet-256kb", "--peak"});
        QCOMPARE(text.code, 0);
        QVERIFY2(text.out.contains("the SRAM peak is at s3.1.2.project"), qPrintable(text.out));
        QVERIFY(text.out.contains("held s3.1.project"));
        const QJsonObject root =
            CliRun({"lint", "atomnet-256kb", "--peak", "--json"}).json().object();
        qint64 sum = 0;
        for (const QJsonValue &tensor : root["tensors"].toArray())
            sum += tensor.toObject()["bytes"].toInteger();
        QCOMPARE(sum, root["bytes"].toInteger());
        QVERIFY(sum > 200'000);
        QVERIFY(root["fixes"].toArray().size() > 3);

        const QString file = m_folder->filePath("lower.atomnet");
        QCOMPARE(CliRun({"lint", "atomnet-256kb", "--peak", "--fix", "2", "-o", file}).code, 0);
        QVERIFY(totals(file)["sram_bytes"].toInteger() <
                totals("atomnet-256kb")["sram_bytes"].toInteger());
    }

    void reservesCount()
    {
        const QStringList arguments{"lint", "atomnet-256kb"};
        QVERIFY(!CliRun(arguments).out.contains("problem sram"));
        const CliRun tight(arguments + QStringList{"--reserve-sram", "400KiB"});
        QVERIFY2(tight.out.contains("problem sram"), qPrintable(tight.out));
    }

    void guidelinesComeWithTheirEvidence()
    {
        const CliRun text({"lint", "--guidelines"});
        QCOMPARE(text.code, 0);
        for (const char *id : {"G1", "G2", "G3", "R3", "R4", "R5", "bottleneck"})
            QVERIFY2(text.out.contains(QStringLiteral("\n%1: ").arg(QLatin1String(id))), id);
        QVERIFY(text.out.contains("cannot be told")); // no AtomDB here
        QVERIFY(text.out.contains("SEP with SE, KiB - "));
        const QJsonArray all =
            CliRun({"lint", "--guidelines", "--json"}).json().object()["guidelines"].toArray();
        QCOMPARE(all.size(), 7);
        QCOMPARE(all[0].toObject()["holds"].toString(), QStringLiteral("unknown"));
        QCOMPARE(all[1].toObject()["chart"].toObject()["series"].toArray().size(), 3);
    }

    void wrongUseExitsWithTwo_data()
    {
        QTest::addColumn<QStringList>("arguments");
        QTest::newRow("no design") << QStringList{};
        QTest::newRow("a fix without a file") << QStringList{"atomnet-512kb", "--fix", "1"};
        QTest::newRow("a file without a fix") << QStringList{"atomnet-512kb", "-o", "x.atomnet"};
        QTest::newRow("no such fix") << QStringList{"atomnet-512kb", "--fix", "99", "-o", "x"};
        QTest::newRow("fix 0") << QStringList{"atomnet-512kb", "--fix", "0", "-o", "x"};
        QTest::newRow("fix one") << QStringList{"atomnet-512kb", "--fix", "one", "-o", "x"};
        QTest::newRow("peak and guidelines") << QStringList{"--peak", "--guidelines"};
        QTest::newRow("guidelines of a design") << QStringList{"atomnet-512kb", "--guidelines"};
        QTest::newRow("no such board") << QStringList{"atomnet-512kb", "--board", "z80"};
    }
    void wrongUseExitsWithTwo()
    {
        QFETCH(QStringList, arguments);
        const CliRun run(QStringList{"lint"} + arguments);
        QCOMPARE(run.code, 2);
        QVERIFY(run.out.isEmpty());
        QCOMPARE(run.err.count('\n'), 1);
    }

    void badInputExitsWithThree()
    {
        const QString file = m_folder->filePath("bad.atomnet");
        QVERIFY(writeFile(file, "{\"format\": 7}"));
        QCOMPARE(CliRun({"lint", file}).code, 3);
        QCOMPARE(CliRun({"lint", m_folder->filePath("none.atomnet")}).code, 3);
        QCOMPARE(CliRun({"lint", "atomnet-256kb", "--db", m_folder->filePath("none")}).code, 3);
        const CliRun unwritable(
            {"lint", "atomnet-512kb", "--fix", "1", "-o", m_folder->filePath("no/folder/x")});
        QCOMPARE(unwritable.code, 3);
        QVERIFY(unwritable.out.isEmpty());
    }

    /// Names come from files: nothing in them may steer the terminal.
    void namesCannotSteerTheTerminal()
    {
        Network network = presets()[3].network;
        network.name = QStringLiteral("\x1b[2J");
        network.stages[2].name = QStringLiteral("s\x1b[31m");
        const QString file = m_folder->filePath("odd.atomnet");
        QVERIFY(saveDesign(network, file));
        for (const QStringList &mode : {QStringList{}, QStringList{"--peak"}}) {
            const CliRun run(QStringList{"lint", file} + mode);
            QCOMPARE(run.code, 0);
            QVERIFY(!run.out.contains(QChar(0x1b)));
        }
    }

private:
    static QJsonObject totals(const QString &design)
    {
        return CliRun({"analyze", design, "--json"}).json().object()["totals"].toObject();
    }
    static QJsonObject fixOf(const CliRun &run, int number)
    {
        for (const QJsonValue &finding : run.json().object()["findings"].toArray())
            for (const QJsonValue &fix : finding.toObject()["fixes"].toArray())
                if (fix.toObject()["number"].toInt() == number) return fix.toObject();
        return {};
    }

    std::unique_ptr<QTemporaryDir> m_folder;
};

QTEST_GUILESS_MAIN(TestLintCommand)
#include "tst_lint_command.moc"
