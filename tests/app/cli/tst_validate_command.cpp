#include "tests/app/cli/cli_run.h"

#include <QStandardPaths>
#include <QTemporaryDir>
#include <QTest>

using namespace atomnet;

namespace
{
const QString design = QStringLiteral(ATOMNET_SOURCE_DIR "/tests/data/digits.atomnet");
const QString validate = QStringLiteral("validate");
} // namespace

class TestValidateCommand : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void whatIsMissingIsSaid_data()
    {
        QTest::addColumn<QStringList>("arguments");
        QTest::addColumn<QString>("said");
        QTest::addColumn<int>("code");
        QTest::newRow("no device")
            << QStringList{design} << QStringLiteral("--device is missing") << 2;
        QTest::newRow("no board for an image")
            << QStringList{design, QStringLiteral("--image"), QStringLiteral("x.bin")}
            << QStringLiteral("--board is missing") << 2;
        QTest::newRow("unknown device")
            << QStringList{design, QStringLiteral("--device"), QStringLiteral("toaster")}
            << QStringLiteral("toaster") << 2;
        QTest::newRow("unknown board")
            << QStringList{design, QStringLiteral("--image"), QStringLiteral("x.bin"),
                           QStringLiteral("--board"), QStringLiteral("toaster")}
            << QStringLiteral("toaster") << 2;
        QTest::newRow("no design")
            << QStringList{QStringLiteral("nowhere.atomnet"), QStringLiteral("--device"),
                           QStringLiteral("qemu-m7")}
            << QStringLiteral("nowhere.atomnet") << 3;
        QTest::newRow("no such port") << QStringList{design, QStringLiteral("--device"),
                                                     QStringLiteral("serial:/dev/nowhere")}
                                      << QStringLiteral("/dev/nowhere") << 4;
    }
    void whatIsMissingIsSaid()
    {
        QFETCH(const QStringList, arguments);
        QFETCH(const QString, said);
        QFETCH(const int, code);
        const CliRun run(QStringList{validate} + arguments);
        QVERIFY2(run.err.contains(said), qPrintable(run.err));
        QCOMPARE(run.code, code);
        QVERIFY(run.out.isEmpty());
    }

    void aVirtualBoardIsComparedByteByByte()
    {
        for (const char *tool : {"qemu-system-arm", "arm-none-eabi-gcc"})
            if (QStandardPaths::findExecutable(QLatin1String(tool)).isEmpty())
                QSKIP("QEMU or arm-none-eabi-gcc is not installed");
        const CliRun run({validate, design, QStringLiteral("--device"), QStringLiteral("qemu-m7"),
                          QStringLiteral("--limit"), QStringLiteral("3"),
                          QStringLiteral("--json")});
        QVERIFY2(run.code == 0, qPrintable(run.err));
        const QJsonObject result = run.json().object();
        QCOMPARE(result.value(QStringLiteral("samples")).toInt(), 3);
        QCOMPARE(result.value(QStringLiteral("equal")).toBool(), true);
        QCOMPARE(result.value(QStringLiteral("differing_bytes")).toInt(-1), 0);
        QVERIFY(result.value(QStringLiteral("latency_ms")).isNull());
        QVERIFY(result.value(QStringLiteral("instructions")).toInt() > 100'000);

        const CliRun text({validate, design, QStringLiteral("--device"), QStringLiteral("qemu-m7"),
                           QStringLiteral("--limit"), QStringLiteral("1")});
        QCOMPARE(text.code, 0);
        QVERIFY2(
            text.out.contains(QLatin1String("1 sample, every output byte equal to the host's")),
            qPrintable(text.out));
    }

    void imagesAreWrittenForFlashing()
    {
        if (QStandardPaths::findExecutable(QStringLiteral("arm-none-eabi-gcc")).isEmpty())
            QSKIP("arm-none-eabi-gcc is not installed");
        const QTemporaryDir folder;
        const QString image = folder.filePath(QStringLiteral("digits.bin"));
        const CliRun run({validate, design, QStringLiteral("--image"), image,
                          QStringLiteral("--board"), QStringLiteral("stm32h743")});
        QVERIFY2(run.code == 0, qPrintable(run.err));
        QVERIFY(readFile(image).size() > 30'000);
        QVERIFY(run.err.contains(QLatin1String("stm32h743-nucleo")));
    }
};

QTEST_GUILESS_MAIN(TestValidateCommand)
#include "tst_validate_command.moc"
