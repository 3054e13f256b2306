#include "core/model/design_file.h"
#include "core/model/presets.h"
#include "tests/app/cli/cli_run.h"

#include <QJsonArray>
#include <QTemporaryDir>
#include <QTest>

using namespace atomnet;

namespace
{

void verifyKeys(const QJsonObject &object, const QStringList &keys)
{
    for (const QString &key : keys)
        QVERIFY2(object.contains(key), qPrintable(key));
}

const QStringList totalKeys{"macs",          "macs_elementwise", "params",
                            "sram_bytes",    "flash_bytes",      "flash_weights_bytes",
                            "latency_ms",    "latency_low_ms",   "latency_high_ms",
                            "measured_share"};
const QStringList layerKeys{"index",
                            "stage",
                            "block",
                            "name",
                            "op",
                            "in",
                            "out",
                            "kernel",
                            "stride",
                            "macs",
                            "params",
                            "flash_bytes",
                            "sram_bytes",
                            "latency_ms",
                            "latency_low_ms",
                            "latency_high_ms",
                            "source",
                            "samples",
                            "flash_cumulative_bytes"};

} // namespace

class TestAnalyzeCommand : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init()
    {
        m_folder = std::make_unique<QTemporaryDir>();
        useDataFolder(m_folder->path());
    }

    void jsonHoldsWhatItsReadersExpect()
    {
        const CliRun run({"analyze", "atomnet-256kb", "--json"});
        QCOMPARE(run.code, 0);
        QVERIFY2(run.err.isEmpty(), qPrintable(run.err));
        const QJsonObject root = run.json().object();
        verifyKeys(root,
                   {"board", "runtime", "clock_hz", "totals", "limits", "fits", "peak", "layers"});
        QCOMPARE(root.value("board").toString(), QStringLiteral("stm32h743"));
        QCOMPARE(root.value("runtime").toString(), QStringLiteral("x-cube-ai-7.2"));
        QVERIFY(root.value("fits").isBool());
        verifyKeys(root.value("totals").toObject(), totalKeys);
        verifyKeys(root.value("limits").toObject(), {"sram_bytes", "flash_bytes"});
        verifyKeys(root.value("peak").toObject(), {"layer", "tensors"});
        const QJsonArray layers = root.value("layers").toArray();
        QVERIFY(layers.size() > 40);
        for (qsizetype i = 0; i < layers.size(); ++i) {
            const QJsonObject layer = layers.at(i).toObject();
            verifyKeys(layer, layerKeys);
            QCOMPARE(layer.value("index").toInteger(), qint64(i));
            QCOMPARE(layer.value("in").toArray().size(), qsizetype(3));
            QVERIFY(QStringList({"measured", "estimated", "missing"})
                        .contains(layer.value("source").toString()));
        }
        // 78 M counted as AtomDB does, with the elementwise work near the paper's 80 M.
        const QJsonObject totals = root.value("totals").toObject();
        const double macs =
            double(totals.value("macs").toInteger() + totals.value("macs_elementwise").toInteger());
        QVERIFY2(macs > 78.8e6 && macs < 81.2e6, qPrintable(QString::number(macs)));
    }

    void withoutAnAtomDbFiguresAreEstimated()
    {
        const QJsonObject root = CliRun({"analyze", "atomnet-256kb", "--json"}).json().object();
        QCOMPARE(root.value("totals").toObject().value("measured_share").toDouble(), 0.0);
        for (const QJsonValue &layer : root.value("layers").toArray())
            QVERIFY(layer.toObject().value("source").toString() != QStringLiteral("measured"));
        QVERIFY2(!QFile::exists(m_folder->filePath("atomnet-designer")),
                 "analysing must not make a database");
    }

    void csvHasOneLineALayer()
    {
        const CliRun run({"analyze", "atomnet-5fps", "--csv"});
        QCOMPARE(run.code, 0);
        const auto layers = CliRun({"analyze", "atomnet-5fps", "--json"})
                                .json()
                                .object()
                                .value("layers")
                                .toArray()
                                .size();
        QCOMPARE(run.out.count('\n'), layers + 1);
        QVERIFY(!run.out.contains('\r'));
        QVERIFY(run.out.section('\n', 0, 0).contains("latency_ms"));
    }

    void textNamesTheDesignTheBoardAndEveryLayer()
    {
        const CliRun run({"analyze", "atomnet-256kb"});
        QCOMPARE(run.code, 0);
        QVERIFY(run.out.contains("AtomNet-256KB"));
        QVERIFY(run.out.contains("STM32H743", Qt::CaseInsensitive));
        for (const QJsonValue &layer : CliRun({"analyze", "atomnet-256kb", "--json"})
                                           .json()
                                           .object()
                                           .value("layers")
                                           .toArray())
            QVERIFY(run.out.contains(layer.toObject().value("name").toString()));
    }

    void checkTellsWhetherItFits()
    {
        QCOMPARE(CliRun({"analyze", "atomnet-256kb", "--check"}).code, 0);
        const CliRun over(
            {"analyze", "atomnet-256kb", "--check", "--json", "--reserve-sram", "512KiB"});
        QCOMPARE(over.code, 1);
        QCOMPARE(over.json().object().value("fits").toBool(true), false);
        QVERIFY2(over.err.contains("SRAM"), qPrintable(over.err));
        const CliRun unchecked({"analyze", "atomnet-256kb", "--reserve-sram", "512KiB"});
        QCOMPARE(unchecked.code, 0);
    }

    void reservesLowerWhatIsAvailable()
    {
        const CliRun plain({"analyze", "atomnet-256kb", "--json"});
        const CliRun reserved({"analyze", "atomnet-256kb", "--json", "--reserve-flash", "1MiB"});
        QCOMPARE(reserved.code, 0);
        QCOMPARE(reserved.json().object().value("totals"), plain.json().object().value("totals"));
        QVERIFY(reserved.json().object().value("limits") != plain.json().object().value("limits"));
    }

    void wrongUsageExitsWithTwo_data()
    {
        QTest::addColumn<QStringList>("options");
        QTest::addColumn<QString>("told");
        QTest::newRow("board") << QStringList{"--board", "stm32z999"} << "stm32h743";
        QTest::newRow("runtime") << QStringList{"--runtime", "tensorflow"} << "atomnet-1";
        QTest::newRow("negative reserve") << QStringList{"--reserve-sram", "-1"} << "reserve";
        QTest::newRow("reserve over the limit")
            << QStringList{"--reserve-sram", "524289"} << "reserve";
        QTest::newRow("Flash reserve over the limit")
            << QStringList{"--reserve-flash", "3MiB"} << "reserve";
        QTest::newRow("reserve is no size") << QStringList{"--reserve-sram", "much"} << "much";
        QTest::newRow("two formats") << QStringList{"--json", "--csv"} << "--csv";
        QTest::newRow("unknown option") << QStringList{"--fast"} << "fast";
        QTest::newRow("two designs") << QStringList{"atomnet-5fps"} << "atomnet-5fps";
    }
    void wrongUsageExitsWithTwo()
    {
        QFETCH(QStringList, options);
        QFETCH(QString, told);
        const CliRun run(QStringList{"analyze", "atomnet-256kb"} + options);
        QCOMPARE(run.code, 2);
        QVERIFY(run.out.isEmpty());
        QVERIFY2(run.err.contains(told), qPrintable(run.err));
        QCOMPARE(run.err.count('\n'), 1);
    }

    void noDesignGiven() { QCOMPARE(CliRun({"analyze"}).code, 2); }

    void badInputExitsWithThree_data()
    {
        QTest::addColumn<QByteArray>("bytes");
        const QByteArray good = writeDesign(presetById("atomnet-5fps")->network);
        QByteArray newer = good;
        newer.replace("\"version\": 1", "\"version\": 2").replace("\"version\":1", "\"version\":2");
        QTest::newRow("empty") << QByteArray();
        QTest::newRow("not JSON") << QByteArray("hello\n");
        QTest::newRow("truncated") << good.first(good.size() / 2);
        QTest::newRow("not UTF-8") << QByteArray(good).replace("AtomNet", "Atom\xff\xfe");
        QTest::newRow("newer") << newer;
        QTest::newRow("nested deeply") << QByteArray(1'000'000, '[');
    }
    void badInputExitsWithThree()
    {
        QFETCH(QByteArray, bytes);
        QVERIFY(bytes != writeDesign(presetById("atomnet-5fps")->network));
        const QString file = m_folder->filePath("bad.atomnet");
        QVERIFY(writeFile(file, bytes));
        const CliRun run({"analyze", file});
        QCOMPARE(run.code, 3);
        QVERIFY(run.out.isEmpty());
        QVERIFY2(run.err.contains("bad.atomnet"), qPrintable(run.err));
        QCOMPARE(run.err.count('\n'), 1);
    }

    void aMissingFileIsNeitherFileNorPreset()
    {
        const CliRun run({"analyze", "atomnet-257kb"});
        QCOMPARE(run.code, 3);
        QVERIFY(run.err.startsWith("atomnet-designer: atomnet-257kb: "));
    }

    void anEmptyNetworkIsRefused()
    {
        Network network;
        network.name = "nothing";
        const QString file = m_folder->filePath("empty.atomnet");
        QVERIFY(writeFile(file, writeDesign(network)));
        const CliRun run({"analyze", file});
        QCOMPARE(run.code, 3);
        QVERIFY2(run.err.contains("no blocks"), qPrintable(run.err));
    }

    void aGivenAtomDbMustExist()
    {
        const CliRun run({"analyze", "atomnet-256kb", "--db", m_folder->filePath("none.sqlite")});
        QCOMPARE(run.code, 3);
        QVERIFY(run.err.contains("none.sqlite"));
        QVERIFY(!QFile::exists(m_folder->filePath("none.sqlite")));
    }

    void aFileThatIsNoAtomDbIsRefused()
    {
        const QString file = m_folder->filePath("text.sqlite");
        QVERIFY(writeFile(file, "this is no database, only some text that is long enough"));
        const CliRun run({"analyze", "atomnet-256kb", "--db", file});
        QCOMPARE(run.code, 3);
        QVERIFY(run.err.contains("text.sqlite"));
    }

    void unknownKeysAreNoted()
    {
        QByteArray bytes = writeDesign(presetById("atomnet-5fps")->network);
        bytes.replace(0, 1, "{\n  \"colour\": \"red\",");
        const QString file = m_folder->filePath("noted.atomnet");
        QVERIFY(writeFile(file, bytes));
        const CliRun run({"analyze", file, "--json"});
        QCOMPARE(run.code, 0);
        QVERIFY2(run.err.contains("colour"), qPrintable(run.err));
        QVERIFY(run.json().isObject());
    }

    void aVirtualBoardHasNoClockAndNoMilliseconds()
    {
        const CliRun run(
            {"analyze", "atomnet-256kb", "--board", "qemu-m7", "--runtime", "atomnet-1", "--json"});
        QCOMPARE(run.code, 0);
        const QJsonObject totals = run.json().object().value("totals").toObject();
        QVERIFY(totals.value("latency_ms").isNull());
        QVERIFY(totals.contains("instructions"));
    }

private:
    std::unique_ptr<QTemporaryDir> m_folder;
};

QTEST_GUILESS_MAIN(TestAnalyzeCommand)
#include "tst_analyze_command.moc"
