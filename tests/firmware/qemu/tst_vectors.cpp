#include "tests/firmware/qemu/vectors.h"

#include <QProcess>
#include <QStandardPaths>
#include <QTest>

namespace
{

// 2,000 in all by default, spread over the families; ATOMNET_KERNEL_CASES says how many in all.
int casesOfEachFamily()
{
    const int total = qEnvironmentVariableIntValue("ATOMNET_KERNEL_CASES");
    return (total > 0 ? total : 2000) / 8;
}

QByteArray hostLines;

} // namespace

/// The portable kernels on this machine and the fast ones on QEMU's boards write the same bytes.
class TestVectors : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void hostDiffersFromCaseToCase();
    void boardEqualsHost_data();
    void boardEqualsHost();
};

void TestVectors::initTestCase()
{
    vectors_run(casesOfEachFamily(), [](const char *line) { hostLines += line; });
}

void TestVectors::hostDiffersFromCaseToCase()
{
    QSet<QByteArray> sums;
    const QByteArrayList lines = hostLines.trimmed().split('\n');
    for (const QByteArray &line : lines) {
        sums += line.split(' ').last();
        QVERIFY2(!line.split(' ').last().startsWith("0000000"), line); // a kernel refused the case
    }
    QVERIFY(sums.size() > lines.size() * 9 / 10);
}

void TestVectors::boardEqualsHost_data()
{
    QTest::addColumn<QString>("cpu");
    QTest::newRow("Cortex-M4") << QStringLiteral("m4");
    QTest::newRow("Cortex-M7") << QStringLiteral("m7");
}

void TestVectors::boardEqualsHost()
{
    QFETCH(QString, cpu);
    const QString root = QStringLiteral(ATOMNET_SOURCE_DIR);
    for (const char *tool : {"python3", "arm-none-eabi-gcc", "qemu-system-arm"})
        if (QStandardPaths::findExecutable(QLatin1String(tool)).isEmpty())
            QSKIP(qPrintable(QStringLiteral("%1 is not installed").arg(QLatin1String(tool))));
    QStringList arguments{QStringLiteral("-B"),
                          root + QStringLiteral("/tests/firmware/qemu/rig.py"), cpu,
                          QStringLiteral("--arguments"), QString::number(casesOfEachFamily())};
    for (const QString &folder :
         {QStringLiteral("/firmware/kernels"), QStringLiteral("/tests/firmware/qemu")})
        for (const QFileInfo &source : QDir(root + folder).entryInfoList({QStringLiteral("*.c")}))
            arguments += source.filePath();
    QProcess rig;
    rig.start(QStringLiteral("python3"), arguments);
    QVERIFY2(rig.waitForFinished(250'000), "the board does not end");
    const QByteArray output = rig.readAllStandardOutput();
    QVERIFY2(rig.exitCode() == 0, rig.readAllStandardError() + output.right(500));
    const QByteArrayList board = output.split('\n'), host = hostLines.split('\n');
    QCOMPARE(board.size(), host.size());
    for (qsizetype i = 0; i < host.size(); ++i)
        QCOMPARE(board[i], host[i]);
}

QTEST_GUILESS_MAIN(TestVectors)
#include "tst_vectors.moc"
