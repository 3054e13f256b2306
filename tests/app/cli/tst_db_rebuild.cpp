#include "core/atomdb/shipped_atomdb.h"
#include "core/lowering/lower.h"
#include "core/measuring/default_db.h"
#include "tests/app/cli/cli_run.h"

#include <QJsonArray>
#include <QTemporaryDir>
#include <QTest>

using namespace atomnet;

class TestDbRebuild : public QObject
{
    Q_OBJECT

    const QString m_host = QStringLiteral("program:" ATOMNET_HOST_PROFILER);
    std::unique_ptr<QTemporaryDir> m_folder;
    QString m_csv; ///< a few operators, measured on this computer

private Q_SLOTS:
    void initTestCase()
    {
        m_folder = std::make_unique<QTemporaryDir>();
        useDataFolder(m_folder->path());
        m_csv = m_folder->filePath(QStringLiteral("few.csv"));
        Block sep;
        sep.out = 8;
        Network n;
        n.input = {6, 6, 8};
        n.stages.push_back({{}, QStringLiteral("s"), {sep}, {}});
        n.head.classes = 3;
        assignIds(n);
        const auto graph = lower(n, Runtime::AtomNet1);
        QVERIFY(graph);
        std::vector<AtomKey> keys;
        for (const Atom &atom : graph->atoms)
            keys.push_back(atom.key);
        const auto device = deviceAddress(m_host);
        QVERIFY(device);
        QVERIFY(measureToCsv(keys, {*device}, m_csv, {}));
    }

    void wrongUsageIsTold_data()
    {
        QTest::addColumn<QStringList>("arguments");
        QTest::addColumn<QString>("text");
        QTest::newRow("neither") << QStringList{} << "either -o FILE or --check FILE";
        QTest::newRow("both") << QStringList{"-o", "a", "--check", "b"}
                              << "either -o FILE or --check FILE";
        QTest::newRow("device") << QStringList{"-o", "a", "--device", "toaster"} << "toaster";
        QTest::newRow("rows") << QStringList{"--check", "a", "--rows", "many"} << "--rows";
        QTest::newRow("seed") << QStringList{"--check", "a", "--seed", "-1"} << "--seed";
    }
    void wrongUsageIsTold()
    {
        QFETCH(QStringList, arguments);
        QFETCH(QString, text);
        const CliRun run(QStringList{"db", "rebuild"} + arguments);
        QCOMPARE(run.code, 2);
        QVERIFY2(run.err.contains(text), qPrintable(run.err));
        QVERIFY(run.out.isEmpty());
    }

    void rowsThatDifferAreExitCode4()
    {
        // Times of this computer: nothing is equal when every row is said to take 1,000 s.
        QByteArrayList lines = readFile(m_csv).split('\n');
        const qsizetype value = lines[0].split(',').indexOf("value");
        for (qsizetype i = 1; i < lines.size(); ++i) {
            if (lines[i].isEmpty()) continue;
            QByteArrayList cells = lines[i].split(',');
            cells[value] = "1000000000000";
            lines[i] = cells.join(',');
        }
        const QString changed = m_folder->filePath("changed.csv");
        QVERIFY(writeFile(changed, lines.join('\n')));
        const CliRun run({"db", "rebuild", "--check", changed, "--rows", "2", "--seed", "3",
                          "--device", m_host});
        QCOMPARE(run.code, 4);
        QVERIFY2(run.out.contains("2 rows measured again, 2 differ"), qPrintable(run.out));
        QVERIFY(run.out.contains("1000000000000 in the file"));

        const CliRun json(
            {"db", "rebuild", "--check", changed, "--rows", "1", "--device", m_host, "--json"});
        QCOMPARE(json.code, 4);
        const QJsonObject check = json.json().array().first().toObject();
        QCOMPARE(check.value("board").toString(), QStringLiteral("host"));
        QCOMPARE(check.value("rows").toInt(), 1);
        const QJsonObject row = check.value("differences").toArray().first().toObject();
        QCOMPARE(row.value("stored").toInteger(), 1'000'000'000'000);
        QVERIFY(!row.value("operator").toString().isEmpty());
    }

    void aFileOfAnotherBoardIsBadInput()
    {
        const QString other = m_folder->filePath("other.csv");
        QVERIFY(writeFile(other, readFile(m_csv).replace("\nhost,", "\nelsewhere,")));
        const CliRun run({"db", "rebuild", "--check", other, "--device", m_host});
        QCOMPARE(run.code, 3);
        QVERIFY2(run.err.contains("no samples of host"), qPrintable(run.err));
    }

    void aDeviceThatIsNotThereIsExitCode4()
    {
        const QString file = m_folder->filePath("new.csv");
        const CliRun run({"db", "rebuild", "-o", file, "--device", "program:/nowhere/profiler"});
        QCOMPARE(run.code, 4);
        QVERIFY(!QFile::exists(file));
    }

    void commandsSeeWhatShips()
    {
        const QString ships = m_folder->filePath("ships.sqlite");
        QVERIFY(makeShippedAtomDb(m_csv, ships));
        qputenv("ATOMNET_SHIPPED_ATOMDB", ships.toUtf8());
        const auto samples = [](const QStringList &more = {}) {
            return CliRun(QStringList{"db", "info", "--json"} + more)
                .json()
                .object()
                .value("samples")
                .toInteger();
        };
        const qint64 shipped = samples();
        QVERIFY(shipped > 0);
        QVERIFY2(!QFile::exists(AtomDb::defaultPath()), "asking must not make a database");
        QCOMPARE(CliRun({"analyze", "atomnet-256kb"}).code, 0);
        QVERIFY(!QFile::exists(AtomDb::defaultPath()));

        const QString csv = m_folder->filePath("mine.csv");
        QVERIFY(writeFile(csv, readFile(m_csv).replace("\nhost,", "\nmine,")));
        QCOMPARE(CliRun({"db", "import", csv}).code, 0);
        QVERIFY(QFile::exists(AtomDb::defaultPath()));
        QCOMPARE(samples(), 2 * shipped);
        // A database of one's own naming holds nothing but what was put there.
        QCOMPARE(CliRun({"db", "import", csv, "--db", m_folder->filePath("x.sqlite")}).code, 0);
        QCOMPARE(samples({"--db", m_folder->filePath("x.sqlite")}), shipped);
        qputenv("ATOMNET_SHIPPED_ATOMDB", "");
    }
};

QTEST_GUILESS_MAIN(TestDbRebuild)
#include "tst_db_rebuild.moc"
