// port_guard() and the stack's paint as the boards have them, on QEMU's Cortex-M4 and M7.
#include <QProcess>
#include <QStandardPaths>
#include <QTemporaryDir>
#include <QtTest>

class TestGuard : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void faultsAreReportedAndTheProgramGoesOn_data();
    void faultsAreReportedAndTheProgramGoesOn();
};

void TestGuard::faultsAreReportedAndTheProgramGoesOn_data()
{
    QTest::addColumn<QString>("machine");
    QTest::addColumn<QString>("flags");
    QTest::newRow("Cortex-M4") << QStringLiteral("mps2-an386") << QStringLiteral(AK_FLAGS_M4);
    QTest::newRow("Cortex-M7") << QStringLiteral("mps2-an500") << QStringLiteral(AK_FLAGS_M7);
}

void TestGuard::faultsAreReportedAndTheProgramGoesOn()
{
    QFETCH(QString, machine);
    QFETCH(QString, flags);
    for (const char *tool : {"arm-none-eabi-gcc", "qemu-system-arm"})
        if (QStandardPaths::findExecutable(QLatin1String(tool)).isEmpty())
            QSKIP(qPrintable(QStringLiteral("%1 is not installed").arg(QLatin1String(tool))));
    const QString root = QStringLiteral(ATOMNET_SOURCE_DIR),
                  port = root + QStringLiteral("/firmware/port");
    const QTemporaryDir folder;
    const QString elf = folder.filePath(QStringLiteral("guard.elf"));

    QProcess compiler;
    compiler.setProcessChannelMode(QProcess::MergedChannels);
    QStringList arguments = flags.split(u' ') + QStringLiteral(AK_FLAGS).split(u' ') +
                            QStringLiteral(AK_LINK_FLAGS).split(u' ');
    arguments << QStringLiteral("-Wall") << QStringLiteral("-Wextra") << QStringLiteral("-Werror")
              << QStringLiteral("-Wno-infinite-recursion") << QStringLiteral("-I") + root
              << QStringLiteral("-L") + port << QStringLiteral("-T")
              << port + QStringLiteral("/qemu/profiler/profiler.ld") << QStringLiteral("-o") << elf
              << root + QStringLiteral("/tests/firmware/boards/emulated/guard_main.c")
              << port + QStringLiteral("/cortex_m/guard.c")
              << port + QStringLiteral("/cortex_m/fault_frame.c")
              << port + QStringLiteral("/stm32/stack.c")
              << port + QStringLiteral("/qemu/profiler/startup.c")
              << port + QStringLiteral("/qemu/semihost.c");
    compiler.start(QStringLiteral("arm-none-eabi-gcc"), arguments);
    QVERIFY(compiler.waitForFinished(60'000));
    QVERIFY2(compiler.exitCode() == 0, compiler.readAll().constData());

    QProcess emulator;
    emulator.setProcessChannelMode(QProcess::MergedChannels);
    emulator.setStandardInputFile(QProcess::nullDevice());
    emulator.start(QStringLiteral("qemu-system-arm"),
                   QStringLiteral("-M %1 -nographic -monitor none -serial none -kernel %2 "
                                  "-semihosting-config enable=on,target=native")
                       .arg(machine, elf)
                       .split(u' '));
    QVERIFY2(emulator.waitForFinished(30'000), "the program hangs");
    const QByteArray said = emulator.readAll();
    QVERIFY2(emulator.exitCode() == 0, said.constData());
    QCOMPARE(said, QByteArray());
}

QTEST_GUILESS_MAIN(TestGuard)
#include "tst_guard.moc"
