#include "core/atomdb/atom_db.h"
#include "core/device/device_address.h"
#include "core/device/measure_plan.h"
#include "tests/app/cli/cli_run.h"

#include <QJsonArray>
#include <QSet>
#include <QStandardPaths>
#include <QTemporaryDir>
#include <QTest>

using namespace atomnet;

namespace
{

/// 16 networks of 4 small operators and a head.
const QByteArray space = R"({"format": "atomnet-space", "version": 1, "name": "tiny",
  "resolutions": [16], "channels": 3,
  "stages": [
    {"name": "s1", "types": ["conv"], "widths": [8, 16], "stride": 2, "act": "relu"},
    {"name": "s2", "types": ["sep", "convnext"], "widths": [8, 16], "depths": [1, 2],
     "expands": [3], "stride": 2}],
  "head": {"classes": 10}})";

QSet<QString> operatorsOf(const CliRun &run)
{
    QSet<QString> operators;
    for (const QJsonValue &item : run.json()["items"].toArray())
        operators.insert(item["operator"].toString());
    return operators;
}

} // namespace

class TestDbPlan : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init()
    {
        m_folder = std::make_unique<QTemporaryDir>();
        useDataFolder(m_folder->path());
        m_db = m_folder->filePath(QStringLiteral("db.sqlite"));
        m_space = m_folder->filePath(QStringLiteral("tiny.json"));
        QVERIFY(writeFile(m_space, space));
    }

    void listsWhatASpaceLacks()
    {
        const CliRun run({"db", "plan", "--space", m_space, "--board", "qemu-m7", "--json"});
        QVERIFY2(run.code == 0, qPrintable(run.err));
        const QJsonObject plan = run.json().object();
        QCOMPARE(plan["format"].toString(), QStringLiteral("atomnet-space-plan"));
        QCOMPARE(plan["space"].toString(), QStringLiteral("tiny"));
        QCOMPARE(plan["board"].toString(), QStringLiteral("qemu-m7"));
        QCOMPARE(plan["runtime"].toString(), QStringLiteral("atomnet-1"));
        QCOMPARE(plan["unit"].toString(), QStringLiteral("instructions"));
        QCOMPARE(plan["measured"].toInt(), 0);
        QVERIFY(plan["plan"].isNull());
        const QJsonArray items = plan["items"].toArray();
        QVERIFY(items.size() > 10);
        QCOMPARE(items.size(), plan["operators"].toInt());
        QCOMPARE(items.size(), plan["to_measure"].toInt());
        QVERIFY(plan["expected_seconds"].toDouble() > 0.001 * double(items.size()));
        for (int i = 1; i < items.size(); ++i)
            QVERIFY(items[i - 1]["weight"].toDouble() >= items[i]["weight"].toDouble());
        const CliRun text({"db", "plan", "--space", m_space, "--board", "qemu-m7"});
        QCOMPARE(text.code, 0);
        QVERIFY2(text.out.contains(QStringLiteral("%1 distinct operators").arg(items.size())),
                 qPrintable(text.out));
        QVERIFY2(text.out.contains(items[0]["operator"].toString()), qPrintable(text.out));
    }

    void otherRuntimesShowTheirGaps()
    {
        const QStringList command{"db", "plan", "--space", m_space, "--runtime", "x-cube-ai-7.2"};
        const CliRun run(command + QStringList{"--json"});
        QVERIFY2(run.code == 0, qPrintable(run.err));
        QCOMPARE(run.json()["board"].toString(), QStringLiteral("stm32h743"));
        QCOMPARE(run.json()["unit"].toString(), QStringLiteral("ns"));
        QVERIFY(!run.json()["items"].toArray().isEmpty());
        // They can be seen, but not measured.
        const CliRun written(command + QStringList{"-o", m_folder->filePath("p.atomplan")});
        QCOMPARE(written.code, 3);
        QVERIFY2(written.err.contains(u"atomnet-1"), qPrintable(written.err));
        QVERIFY(!QFile::exists(m_folder->filePath("p.atomplan")));
    }

    void locksMakeThePlanSmaller()
    {
        const QString lock = m_folder->filePath(QStringLiteral("lock.atomnet"));
        QVERIFY(writeFile(lock, R"({"format": "atomnet-design", "version": 1, "name": "l",
          "input": {"height": 16, "width": 16, "channels": 3},
          "stages": [{"name": "s1", "locked": true,
                      "blocks": [{"type": "conv", "out": 8, "kernel": 3, "stride": 2,
                                  "act": "relu"}]},
                     {"name": "s2", "blocks": [{"type": "sep", "out": 8, "kernel": 3,
                                                "stride": 2, "act": "hswish"}]}],
          "head": {"classes": 10}})"));
        const QStringList command{"db", "plan", "--space", m_space, "--board", "qemu-m7", "--json"};
        const CliRun locked(command + QStringList{"--lock", lock});
        QVERIFY2(locked.code == 0, qPrintable(locked.err));
        const QSet<QString> all = operatorsOf(CliRun(command)), few = operatorsOf(locked);
        QVERIFY(!few.isEmpty() && few.size() < all.size());
        QVERIFY(all.contains(few));
        // A design without padlocks is worth a word.
        QVERIFY(writeFile(lock, readFile(lock).replace("\"locked\": true,", "")));
        const CliRun open(command + QStringList{"--lock", lock});
        QCOMPARE(open.code, 0);
        QVERIFY2(open.err.contains(u"nothing is locked"), qPrintable(open.err));
        QCOMPARE(operatorsOf(open), all);
    }

    void wrongUsageSaysWhatToWrite_data()
    {
        QTest::addColumn<QStringList>("arguments");
        QTest::addColumn<int>("code");
        QTest::newRow("board") << QStringList{"--board", "z80"} << 2;
        QTest::newRow("runtime") << QStringList{"--runtime", "tvm"} << 2;
        QTest::newRow("most") << QStringList{"--most", "0"} << 2;
        QTest::newRow("space") << QStringList{"--space", "/nowhere/space.json"} << 3;
        QTest::newRow("database") << QStringList{"--db", "/nowhere/db.sqlite"} << 3;
        QTest::newRow("lock") << QStringList{"--lock", "/nowhere/a.atomnet"} << 3;
        QTest::newRow("file") << QStringList{"-o", "/nowhere/p.atomplan"} << 3;
    }
    void wrongUsageSaysWhatToWrite()
    {
        QFETCH(const QStringList, arguments);
        QFETCH(const int, code);
        const CliRun run(QStringList{"db", "plan", "--board", "qemu-m7"} + arguments);
        QCOMPARE(run.code, code);
        QVERIFY(run.out.isEmpty());
        QCOMPARE(run.err.count('\n'), 1);
    }

#ifdef ATOMNET_EMULATED
    /// As over several days: some today, the rest tomorrow.
    void isMeasuredBitByBit()
    {
        if (QStandardPaths::findExecutable(QStringLiteral("qemu-system-arm")).isEmpty())
            QSKIP("QEMU is not installed");
        if (!firmwareFile(QStringLiteral("profiler-qemu-m7.elf")))
            QSKIP("the firmware was not built: arm-none-eabi-gcc is not installed");
        const QString file = m_folder->filePath(QStringLiteral("tiny.atomplan"));
        const QStringList plan{"db", "plan", "--space", m_space, "--board", "qemu-m7", "--json"};
        const QSet<QString> all = operatorsOf(CliRun(plan));
        const int half = int(all.size()) / 2;
        const CliRun first(plan + QStringList{"--most", QString::number(half), "-o", file});
        QVERIFY2(first.code == 0, qPrintable(first.err));
        QCOMPARE(first.json()["planned"].toInt(), half);
        QCOMPARE(first.json()["plan"].toString(), file);
        const QSet<QString> today = operatorsOf(first);
        QCOMPARE(today.size(), half);

        const QStringList measure{"measure", "--plan", file, "--device",
                                  "qemu-m7", "--db",   m_db, "--json"};
        const CliRun measured(measure);
        QVERIFY2(measured.code == 0, qPrintable(measured.err));
        const QJsonValue run = measured.json()["devices"][0]["runs"][0];
        QCOMPARE(run["measured"].toInt(), half);

        // The rest is planned, and a plan of everything skips what is known.
        const QStringList rest = plan + QStringList{"--db", m_db};
        const CliRun second(rest + QStringList{"-o", file});
        QVERIFY2(second.code == 0, qPrintable(second.err));
        QCOMPARE(operatorsOf(second), all - today);
        QCOMPARE(second.json()["measured"].toInt(), half);
        QVERIFY(second.json()["covered_uncertainty"].toDouble() > 0.5);
        QCOMPARE(CliRun(plan + QStringList{"-o", file}).code, 0);
        const CliRun again(measure);
        QVERIFY2(again.code == 0, qPrintable(again.err));
        const QJsonValue rerun = again.json()["devices"][0]["runs"][0];
        QCOMPARE(rerun["known"].toInt(), half);
        QCOMPARE(rerun["measured"].toInt(), int(all.size()) - half);

        const CliRun done(rest);
        QVERIFY(operatorsOf(done).isEmpty());
        QCOMPARE(done.json()["covered_uncertainty"].toDouble(), 1.0);
        QCOMPARE(done.json()["expected_seconds"].toDouble(), 0.0);
    }
#endif

private:
    std::unique_ptr<QTemporaryDir> m_folder;
    QString m_db, m_space;
};

QTEST_GUILESS_MAIN(TestDbPlan)
#include "tst_db_plan.moc"
