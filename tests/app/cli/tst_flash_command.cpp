#include "tests/app/cli/cli_run.h"
#include "tests/support/fake_tools/fake_tools.h"
#include "tests/support/hostile_system.h"

#include <QJsonArray>
#include <QTest>

using namespace atomnet;

/// flash, doctor and devices where nothing is connected; with boards on an emulated bus: emulated/.
class TestFlashCommand : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void wrongUsageIsTold_data()
    {
        QTest::addColumn<QStringList>("arguments");
        QTest::addColumn<QString>("says");
        const auto row = [](const char *name, const QStringList &arguments, const QString &says) {
            QTest::newRow(name) << arguments << says;
        };
        row("no board", {"flash"}, "--board is missing");
        row("unknown board", {"flash", "--board", "stm32f4"}, "stm32f412-nucleo");
        row("virtual board", {"flash", "--board", "qemu-m7"}, "no board \"qemu-m7\" to flash");
        row("unknown tool", {"flash", "--board", "stm32f412", "--tool", "jlink"},
            "use st-flash, openocd or dfu-util");
        row("restore and image",
            {"flash", "--board", "stm32f412", "--restore", "a", "--image", "b"},
            "--restore goes without");
        row("bad device", {"flash", "--board", "stm32f412", "--device", "com3"}, "is no device");
        row("argument", {"flash", "x", "--board", "stm32f412"}, "flash");
        row("doctor, unknown board", {"doctor", "--board", "arduino"}, "no board \"arduino\"");
        row("devices, argument", {"devices", "all"}, "devices");
    }
    void wrongUsageIsTold()
    {
        QFETCH(QStringList, arguments);
        QFETCH(QString, says);
        const CliRun run(arguments);
        QCOMPARE(run.code, 2);
        QVERIFY(run.out.isEmpty());
        QVERIFY2(run.err.contains(says), qPrintable(run.err));
    }

    void helpNamesEveryOption()
    {
        const CliRun run({"flash", "--help"});
        QCOMPARE(run.code, 0);
        for (const char *option : {"--board", "--probe", "--tool", "--image", "--backup",
                                   "--restore", "--yes", "--json"})
            QVERIFY2(run.out.contains(QLatin1String(option)), option);
        const CliRun all({"--help"});
        for (const char *command : {"devices", "doctor", "flash"})
            QVERIFY(all.out.contains(QLatin1String(command)));
    }

    void withoutAVirtualBoardsEmulatorTheDoctorSaysSo()
    {
        const test::FakeTools tools; // a PATH without any program
        const CliRun run({"doctor", "--board", "qemu-m7", "--json"});
        QCOMPARE(run.code, 4);
        const QJsonObject first = run.json().array().first().toObject();
        QCOMPARE(first["state"].toString(), "problem");
        QVERIFY(first["what"].toString().contains("QEMU is not installed"));
        QVERIFY(first["command"].toString().contains("qemu-system-arm"));
        const CliRun text({"doctor", "--board", "qemu-m7"});
        QCOMPARE(text.code, 4);
        QVERIFY2(text.out.startsWith("problem  Virtual boards: QEMU"), qPrintable(text.out));
        QVERIFY(text.out.contains("$ sudo apt install qemu-system-arm"));
    }

    void withoutToolsTheDoctorSaysSo()
    {
        const test::FakeTools tools;
        const CliRun run({"doctor", "--board", "stm32f412-discovery", "--json"});
        QCOMPARE(run.code, 4);
        const QJsonObject first = run.json().array().first().toObject();
        QCOMPARE(first["state"].toString(), "problem");
        QVERIFY(first["what"].toString().contains("none that flashes"));
    }

    void installingTheRulesNeedsRootAndSaysHow()
    {
        const test::OrdinaryUser user;
        const CliRun run({"doctor", "--install-udev"});
        QCOMPARE(run.code, 3);
        QVERIFY2(run.err.contains("sudo ") && run.err.contains("doctor --install-udev"),
                 qPrintable(run.err));
    }

    void devicesAreAJsonList()
    {
        const CliRun run({"devices", "--json"});
        QCOMPARE(run.code, 0);
        QVERIFY(run.json().isArray());
        for (const QJsonValue &value : run.json().array())
            QVERIFY(!value["what"].toString().isEmpty());
        QCOMPARE(CliRun({"devices"}).code, 0);
    }
};

QTEST_GUILESS_MAIN(TestFlashCommand)
#include "tst_flash_command.moc"
