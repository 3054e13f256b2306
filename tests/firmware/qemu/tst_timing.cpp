#include <QDir>
#include <QProcess>
#include <QStandardPaths>
#include <QTemporaryDir>
#include <QTest>

namespace
{

const QString root = QStringLiteral(ATOMNET_SOURCE_DIR);

struct Outcome {
    int code = -1;
    QByteArray output, errors;
};

Outcome rig(const QStringList &arguments)
{
    QProcess process;
    process.start(
        QStringLiteral("python3"),
        QStringList{QStringLiteral("-B"), root + QStringLiteral("/tests/firmware/qemu/rig.py")} +
            arguments);
    if (!process.waitForFinished(120'000)) return {};
    return {process.exitCode(), process.readAllStandardOutput(), process.readAllStandardError()};
}

} // namespace

/// The benchmark's rows, run with other data: no kernel branches on what it computes.
class TestTiming : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void instructionsDoNotDependOnData_data();
    void instructionsDoNotDependOnData();
};

void TestTiming::instructionsDoNotDependOnData_data()
{
    QTest::addColumn<QString>("cpu");
    QTest::newRow("Cortex-M4") << QStringLiteral("m4");
    QTest::newRow("Cortex-M7") << QStringLiteral("m7");
}

void TestTiming::instructionsDoNotDependOnData()
{
    QFETCH(QString, cpu);
    for (const char *tool : {"python3", "arm-none-eabi-gcc", "qemu-system-arm"})
        if (QStandardPaths::findExecutable(QLatin1String(tool)).isEmpty())
            QSKIP(qPrintable(QStringLiteral("%1 is not installed").arg(QLatin1String(tool))));
    const QTemporaryDir folder;
    const QString elf = folder.filePath(QStringLiteral("rows.elf"));
    const QString rows = root + QStringLiteral("/tests/bench/kernels");
    QStringList build{cpu, QStringLiteral("--build-only"), QStringLiteral("-o"),
                      elf, QStringLiteral("-I"),           rows};
    for (const QString &path : {rows, root + QStringLiteral("/firmware/kernels")})
        for (const QFileInfo &source : QDir(path).entryInfoList({QStringLiteral("*.c")}))
            if (source.fileName() != QStringLiteral("count_pcs.c")) build += source.filePath();
    const Outcome built = rig(build);
    QVERIFY2(built.code == 0, built.errors);

    QList<QByteArrayList> counts;
    for (const char *data : {"first", "second", "third"}) {
        const Outcome run = rig({cpu, elf, QStringLiteral("--arguments"), QLatin1String(data)});
        QVERIFY2(run.code == 0, run.errors + run.output);
        counts += run.output.trimmed().split('\n');
    }
    QVERIFY(counts[0].size() >= 13); // a row for each kernel and shape
    // The timer's ticks are not whole instructions: one more or less is the same.
    for (qsizetype i = 0; i < counts[0].size(); ++i) {
        const QByteArrayList row = counts[0][i].split(' ');
        for (const QByteArrayList &other : {counts[1], counts[2]}) {
            const QByteArrayList same = other[i].split(' ');
            QCOMPARE(same[0], row[0]);
            const int difference = same[3].toInt() - row[3].toInt();
            QVERIFY2(std::abs(difference) <= 1, counts[0][i] + " and " + other[i]);
        }
    }
}

QTEST_GUILESS_MAIN(TestTiming)
#include "tst_timing.moc"
