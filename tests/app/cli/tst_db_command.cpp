#include "core/analysis/latency_model.h"
#include "tests/app/cli/cli_run.h"

#include <QDir>
#include <QJsonArray>
#include <QTemporaryDir>
#include <QTest>

using namespace atomnet;

namespace
{

const QByteArray header =
    "type,conv_type,groups,c_in,h_in,w_in,k1,k2,c_out,h_out,w_out,MACs,Flash,latency,"
    "MACs/latency\n";

/// A line of the authors' format for a made-up pointwise convolution.
QByteArray pointwise(int side, int in, int out, double ms, const QByteArray &type = "conv2d")
{
    const int macs = side * side * in * out + out;
    const QByteArray shape = QByteArray::number(side) + ',' + QByteArray::number(side);
    return type + ",PointWise,1," + QByteArray::number(in) + ',' + shape + ",1,1," +
           QByteArray::number(out) + ',' + shape + ',' + QByteArray::number(macs) + ',' +
           QByteArray::number(in * out + 4 * out) + ',' + QByteArray::number(ms, 'f', 3) + ",\n";
}

/// Enough made-up pointwise convolutions to fit a model on; 400 MACs a microsecond and 5 us each.
QByteArray manyPointwise()
{
    QByteArray csv = header;
    for (int side : {5, 7, 10, 14, 20, 28}) {
        for (int in : {8, 16, 24, 40, 64}) {
            for (int out : {8, 24, 48, 96})
                csv += pointwise(side, in, out, 0.005 + side * side * in * out / 400e3);
        }
    }
    return csv;
}

} // namespace

class TestDbCommand : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init()
    {
        m_folder = std::make_unique<QTemporaryDir>();
        useDataFolder(m_folder->path());
        m_csv = m_folder->filePath("small.csv");
        QVERIFY(writeFile(m_csv, header + pointwise(10, 8, 16, 0.1) + pointwise(10, 8, 16, 0.102) +
                                     pointwise(10, 8, 24, 0.15, "pad") +
                                     "under_test,,,,,,,,,,,,,,\n"));
    }

    void importCountsWhatItDid()
    {
        const CliRun run({"db", "import", m_csv, "--json"});
        QCOMPARE(run.code, 0);
        QVERIFY2(run.err.isEmpty(), qPrintable(run.err));
        const QJsonObject file = run.json().object().value("files").toArray().first().toObject();
        QCOMPARE(file.value("lines").toInteger(), 4);
        QCOMPARE(file.value("used").toInteger(), 3);
        QCOMPARE(file.value("added").toInteger(), 3);
        QCOMPARE(file.value("present").toInteger(), 0);
        QCOMPARE(file.value("repaired").toInteger(), 1);
        QCOMPARE(file.value("skipped").toInteger(), 1);
        QCOMPARE(file.value("repeated_keys").toInteger(), 1);
        QStringList lines;
        for (const QJsonValue &reason : file.value("reasons").toArray())
            lines << reason.toObject().value("lines").toString();
        lines.sort();
        QCOMPARE(lines, QStringList({"3", "4", "5"}));
    }

    void importMakesTheUsersOwnAtomDb()
    {
        QCOMPARE(CliRun({"db", "import", m_csv}).code, 0);
        QVERIFY(QFile::exists(m_folder->filePath("atomnet-designer/atomdb.sqlite")));
        const CliRun info({"db", "info", "--json"});
        QCOMPARE(info.code, 0);
        QCOMPARE(info.json().object().value("samples").toInteger(), 3);
        QCOMPARE(info.json().object().value("keys").toInteger(), 2);
    }

    void importingAgainChangesNothing()
    {
        const CliRun first({"db", "import", m_csv});
        QVERIFY2(first.out.contains("3 new, 0 already there"), qPrintable(first.out));
        QVERIFY(first.out.contains("repaired"));
        const CliRun second({"db", "import", m_csv});
        QVERIFY2(second.out.contains("0 new, 3 already there"), qPrintable(second.out));
    }

    void aMissingFileStopsBeforeAnything()
    {
        const CliRun run({"db", "import", m_csv, m_folder->filePath("none.csv")});
        QCOMPARE(run.code, 3);
        QVERIFY(run.err.contains("none.csv"));
        QVERIFY(!QFile::exists(m_folder->filePath("atomnet-designer/atomdb.sqlite")));
    }

    void aBadFileAfterAGoodOneTellsBoth()
    {
        const QString bad = m_folder->filePath("bad.csv");
        QVERIFY(writeFile(bad, "a,b,c\n1,2,3\n"));
        const CliRun run({"db", "import", m_csv, bad});
        QCOMPARE(run.code, 3);
        QVERIFY(run.out.contains("3 new"));
        QVERIFY2(run.err.contains("bad.csv"), qPrintable(run.err));
        QCOMPARE(run.err.count('\n'), 1);
    }

    void infoNeedsAnAtomDb()
    {
        const CliRun run({"db", "info"});
        QCOMPARE(run.code, 3);
        QVERIFY2(run.err.contains("db import"), qPrintable(run.err));
        QVERIFY2(!QFile::exists(m_folder->filePath("atomnet-designer/atomdb.sqlite")),
                 "asking must not make a database");
    }

    void infoListsConditionsKindsAndSources()
    {
        const QString db = m_folder->filePath("my.sqlite");
        QCOMPARE(CliRun({"db", "import", m_csv, "--db", db}).code, 0);
        const CliRun run({"db", "info", "--db", db});
        QCOMPARE(run.code, 0);
        for (const char *part :
             {"my.sqlite", "stm32h743", "x-cube-ai-7.2", "400 MHz", "pointwise", "small.csv"})
            QVERIFY2(run.out.contains(QLatin1String(part)), part);
        const QJsonObject json = CliRun({"db", "info", "--db", db, "--json"}).json().object();
        QCOMPARE(json.value("conditions").toArray().size(), 1);
        const QJsonObject condition = json.value("conditions").toArray().first().toObject();
        QCOMPARE(condition.value("clock_hz").toInteger(), 400'000'000);
        QCOMPARE(condition.value("unit").toString(), QStringLiteral("ns"));
        QCOMPARE(condition.value("kinds").toArray().size(), 1);
    }

    void anExportImportsToAnEqualAtomDb()
    {
        const QString a = m_folder->filePath("a.sqlite");
        const QString b = m_folder->filePath("b.sqlite");
        const QString exported = m_folder->filePath("a.csv");
        QCOMPARE(CliRun({"db", "import", m_csv, "--db", a}).code, 0);
        const CliRun run({"db", "export", exported, "--db", a, "--json"});
        QCOMPARE(run.code, 0);
        QCOMPARE(run.json().object().value("samples").toInteger(), 3);
        QCOMPARE(CliRun({"db", "import", exported, "--db", b}).code, 0);
        const QString again = m_folder->filePath("b.csv");
        QCOMPARE(CliRun({"db", "export", again, "--db", b}).code, 0);
        QVERIFY(!readFile(exported).isEmpty());
        QCOMPARE(readFile(again), readFile(exported));
    }

    void theAtomDbIsNeverAnOutput_data()
    {
        QTest::addColumn<QStringList>("command");
        QTest::newRow("export") << QStringList{"export"};
        QTest::newRow("merge") << QStringList{"merge"};
        QTest::newRow("fit") << QStringList{"fit", "-o"};
    }
    void theAtomDbIsNeverAnOutput()
    {
        QFETCH(QStringList, command);
        const QString db = m_folder->filePath("my.sqlite");
        QCOMPARE(CliRun({"db", "import", m_csv, "--db", db}).code, 0);
        const QByteArray before = readFile(db);
        const CliRun run(QStringList{"db"} + command + QStringList{db, "--db", db});
        QCOMPARE(run.code, 2);
        QCOMPARE(readFile(db), before);
    }

    void mergeAddsWhatIsNewAndTellsConflicts()
    {
        const QString mine = m_folder->filePath("mine.sqlite");
        const QString theirs = m_folder->filePath("theirs.sqlite");
        const QString other = m_folder->filePath("other.csv");
        QVERIFY(writeFile(other, header + pointwise(10, 8, 16, 0.9) + pointwise(20, 8, 8, 0.2)));
        QCOMPARE(CliRun({"db", "import", m_csv, "--db", mine}).code, 0);
        QCOMPARE(CliRun({"db", "import", other, "--db", theirs}).code, 0);

        const CliRun merge({"db", "merge", theirs, "--db", mine, "--json"});
        QCOMPARE(merge.code, 0);
        QCOMPARE(merge.json().object().value("added").toInteger(), 2);
        const QJsonArray conflicts = merge.json().object().value("conflicts").toArray();
        QCOMPARE(conflicts.size(), 1);
        QVERIFY(conflicts.first().toObject().value("operator").toString().contains("pointwise"));
        const CliRun again({"db", "merge", theirs, "--db", mine});
        QVERIFY2(again.out.startsWith("0 samples added"), qPrintable(again.out));
        QCOMPARE(CliRun({"db", "info", "--db", mine, "--json"})
                     .json()
                     .object()
                     .value("samples")
                     .toInteger(),
                 5);
    }

    void mergeNeedsTheOtherFile()
    {
        const CliRun run({"db", "merge", m_folder->filePath("none.sqlite")});
        QCOMPARE(run.code, 3);
        QVERIFY(run.err.contains("none.sqlite"));
    }

    void fitWritesAModelThatReadsBack()
    {
        const QString csv = m_folder->filePath("many.csv");
        QVERIFY(writeFile(csv, manyPointwise()));
        QCOMPARE(CliRun({"db", "import", csv}).code, 0);
        const QString file = m_folder->filePath("model.json");
        const CliRun run({"db", "fit", "-o", file});
        QCOMPARE(run.code, 0);
        QVERIFY2(run.out.contains("pointwise"), qPrintable(run.out));
        const auto model = readLatencyModel(readFile(file), file);
        QVERIFY(model);
        QCOMPARE(model->board, QStringLiteral("stm32h743"));
        const KindModel *kind = model->kind(AtomKind::Pointwise);
        QVERIFY(kind);
        QCOMPARE(kind->keys, 120);
        QVERIFY2(kind->cvMeanError < 0.02, qPrintable(QString::number(kind->cvMeanError)));

        const CliRun printed({"db", "fit"});
        QCOMPARE(printed.code, 0);
        QCOMPARE(printed.out.toUtf8(), readFile(file));
    }

    void fitNeedsSamplesOfTheTarget()
    {
        QCOMPARE(CliRun({"db", "import", m_csv}).code, 0);
        const CliRun run({"db", "fit", "--board", "stm32f412"});
        QCOMPARE(run.code, 3);
        QVERIFY(run.out.isEmpty());
        QCOMPARE(CliRun({"db", "fit", "--board", "nothing"}).code, 2);
        QCOMPARE(CliRun({"db", "fit", "--runtime", "nothing"}).code, 2);
    }

    void aFolderIsNoPlaceForAModel()
    {
        const QString csv = m_folder->filePath("many.csv");
        QVERIFY(writeFile(csv, manyPointwise()));
        QCOMPARE(CliRun({"db", "import", csv}).code, 0);
        const CliRun run({"db", "fit", "-o", m_folder->path()});
        QCOMPARE(run.code, 3);
        QVERIFY(run.err.contains(m_folder->path()));
    }

    void importedSamplesMakeFiguresMeasured()
    {
        const QString csv = m_folder->filePath("stem.csv");
        // The first pointwise of AtomNet-256KB: 80x80, 24 to 24 channels.
        QVERIFY(writeFile(csv, header + pointwise(80, 24, 24, 12.345)));
        const QString db = m_folder->filePath("my.sqlite");
        QCOMPARE(CliRun({"db", "import", csv, "--db", db}).code, 0);
        const CliRun run({"analyze", "atomnet-256kb", "--db", db, "--json"});
        QCOMPARE(run.code, 0);
        int measured = 0;
        for (const QJsonValue &value : run.json().object().value("layers").toArray()) {
            const QJsonObject layer = value.toObject();
            if (layer.value("source").toString() != QStringLiteral("measured")) continue;
            ++measured;
            QCOMPARE(layer.value("latency_ms").toDouble(), 12.345);
            QCOMPARE(layer.value("samples").toInteger(), 1);
        }
        QCOMPARE(measured, 1);
    }

private:
    std::unique_ptr<QTemporaryDir> m_folder;
    QString m_csv;
};

QTEST_GUILESS_MAIN(TestDbCommand)
#include "tst_db_command.moc"
