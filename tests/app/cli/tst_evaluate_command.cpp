#include "tests/app/cli/int8_folder.h"

#include <QJsonArray>
#include <QTest>

using namespace atomnet;

class TestEvaluateCommand : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { m_folder = std::make_unique<Int8Folder>(); }

    void jsonHoldsBothNetworksAndTheirConfusion()
    {
        const CliRun run(arguments({"--json"}));
        QVERIFY2(run.code == 0, qPrintable(run.err));
        const QJsonObject root = run.json().object();
        QCOMPARE(root.value("samples").toInt(), 40);
        QCOMPARE(root.value("labels").toArray().size(), qsizetype(5));
        // The labels are what the float network says, up to the epsilon of batch norm.
        QVERIFY(root.value("float").toObject().value("top1").toDouble() >= 0.97);
        for (const char *kind : {"float", "int8"}) {
            const QJsonObject part = root.value(kind).toObject();
            int total = 0, diagonal = 0;
            const QJsonArray rows = part.value("confusion").toArray();
            QCOMPARE(rows.size(), qsizetype(5));
            for (qsizetype truth = 0; truth < 5; ++truth)
                for (qsizetype guess = 0; guess < 5; ++guess) {
                    const int count = rows.at(truth).toArray().at(guess).toInt(-1);
                    total += count;
                    if (truth == guess) diagonal += count;
                }
            QCOMPARE(total, 40);
            QCOMPARE(part.value("correct").toInt(), diagonal);
            QCOMPARE(part.value("top1").toDouble(), diagonal / 40.0);
        }
        QVERIFY2(root.value("agreement").toDouble() > 0.7, qPrintable(run.out));
        QCOMPARE(root.value("agreement").toDouble(), root.value("agreeing").toInt() / 40.0);
    }

    void textShowsTheMatrix()
    {
        const CliRun run(arguments({}));
        QVERIFY2(run.code == 0, qPrintable(run.err));
        QVERIFY(run.out.startsWith("float top-1 "));
        QVERIFY(run.out.contains("int8 top-1 "));
        QVERIFY(run.out.contains("agreeing"));
        QCOMPARE(run.out.count('\n'), 3 + 3 + 5); // figures, title and heading, five classes
    }

    void limitTakesSomeOfThem()
    {
        const CliRun run(arguments({"--limit", "10", "--json"}));
        QVERIFY2(run.code == 0, qPrintable(run.err));
        QCOMPARE(run.json().object().value("samples").toInt(), 10);
    }

    void wrongUsageExitsWithTwo_data()
    {
        QTest::addColumn<QStringList>("without");
        QTest::addColumn<QStringList>("with");
        QTest::addColumn<QString>("told");
        QTest::newRow("no data") << QStringList{"--data"} << QStringList{} << "--data is missing";
        QTest::newRow("no weights")
            << QStringList{"--weights"} << QStringList{} << "--weights is missing";
        QTest::newRow("no calibration")
            << QStringList{"--calibration"} << QStringList{} << "calibration";
        QTest::newRow("limit of 0") << QStringList{} << QStringList{"--limit", "0"} << "--limit";
        QTest::newRow("limit of text")
            << QStringList{} << QStringList{"--limit", "all"} << "--limit";
    }
    void wrongUsageExitsWithTwo()
    {
        QFETCH(QStringList, without);
        QFETCH(QStringList, with);
        QFETCH(QString, told);
        QStringList given = arguments(with);
        for (const QString &option : without)
            given.remove(given.indexOf(option), 2);
        const CliRun run(given);
        QCOMPARE(run.code, 2);
        QVERIFY2(run.err.contains(told), qPrintable(run.err));
        QCOMPARE(run.err.count('\n'), 1);
        QVERIFY(run.out.isEmpty());
    }

    void dataWithoutClassesExitsWithThree()
    {
        QStringList given = arguments({});
        given.last() = m_folder->calibration(); // samples alone
        const CliRun run(given);
        QCOMPARE(run.code, 3);
        QVERIFY2(run.err.contains("some.npy") && run.err.contains("class"), qPrintable(run.err));
        given.last() = m_folder->path("none.npz");
        QCOMPARE(CliRun(given).code, 3);
    }

    void helpExplains()
    {
        const CliRun run({"evaluate", "--help"});
        QCOMPARE(run.code, 0);
        for (const char *option : {"--data PATH", "--limit N", "--weights W", "--json"})
            QVERIFY2(run.out.contains(option), option);
    }

private:
    QStringList arguments(const QStringList &more) const
    {
        return QStringList{"evaluate", m_folder->design()} + more + m_folder->trained() +
               QStringList{"--data", m_folder->data()};
    }

    std::unique_ptr<Int8Folder> m_folder;
};

QTEST_GUILESS_MAIN(TestEvaluateCommand)
#include "tst_evaluate_command.moc"
