#include "tests/app/cli/cli_run.h"
#include "tests/core/device/flashing/example_images.h"
#include "tests/support/dfu_emulator.h"
#include "tests/support/fake_tools/fake_tools.h"
#include "tests/support/fake_tools/tool_texts.h"
#include "tests/support/hostile_system.h"

#include <QJsonArray>
#include <QStandardPaths>
#include <QTemporaryDir>
#include <QTest>

#include <cstdio>

#include <pty.h>
#include <umockdev.h>
#include <unistd.h>

using namespace atomnet;
using namespace atomnet::test;

namespace
{

constexpr auto serialF412 = "066BFF515049657187212124";

/// An ST-LINK as the bus lists it; who speaks through it is replayed.
class StLinkOnBus
{
public:
    StLinkOnBus() : m_testbed(umockdev_testbed_new()) { add("1-1", 2, serialF412); }
    ~StLinkOnBus() { g_object_unref(m_testbed); }
    Q_DISABLE_COPY_MOVE(StLinkOnBus)

    void add(const char *port, int number, const char *serial)
    {
        const QByteArray node = "bus/usb/001/00" + QByteArray::number(number);
        const QByteArray text =
            "P: /devices/pci0000:00/0000:00:14.0/usb1/" + QByteArray(port) + "\nN: " + node +
            "\nE: SUBSYSTEM=usb\nE: DRIVER=usb\nE: BUSNUM=001\nE: DEVNUM=00" +
            QByteArray::number(number) + "\nE: DEVNAME=/dev/" + node +
            "\nE: DEVTYPE=usb_device\nE: PRODUCT=483/374b/100\nE: MAJOR=189\nE: MINOR=" +
            QByteArray::number(number - 1) +
            "\nA: busnum=1\\n\nA: devnum=" + QByteArray::number(number) +
            "\\n\nA: speed=12\\n\nA: bConfigurationValue=1\\n\nA: devpath=1\\n\nA: serial=" +
            serial +
            "\\n\nA: idVendor=0483\\n\nA: idProduct=374b\\n\n"
            "H: descriptors="
            "12010002EF02014083044B370001010203010902200001010080640904000002FF00000007058102400000"
            "0705010240000000\n";
        GError *error = nullptr;
        if (!umockdev_testbed_add_from_string(m_testbed, text.constData(), &error))
            qFatal("umockdev: %s", error->message);
    }

private:
    UMockdevTestbed *m_testbed;
};

/// Somebody at a terminal who has typed an answer already.
class Person
{
public:
    explicit Person(const QByteArray &answer) : m_before(dup(STDIN_FILENO))
    {
        int terminal = -1;
        if (openpty(&m_keyboard, &terminal, nullptr, nullptr, nullptr) != 0) qFatal("no terminal");
        dup2(terminal, STDIN_FILENO);
        ::close(terminal);
        if (::write(m_keyboard, answer.constData(), size_t(answer.size())) != answer.size())
            qFatal("cannot type");
    }
    ~Person()
    {
        dup2(m_before, STDIN_FILENO);
        ::close(m_before);
        ::close(m_keyboard);
    }
    Q_DISABLE_COPY_MOVE(Person)

private:
    int m_before, m_keyboard = -1;
};

} // namespace

class TestEmulatedFlash : public QObject
{
    Q_OBJECT

private:
    QTemporaryDir m_folder;
    QByteArray m_image;
    QString file(const QString &name) const { return m_folder.filePath(name); }

private Q_SLOTS:
    void initTestCase()
    {
        if (const QString why = whyNoUmockdev(); !why.isEmpty()) QSKIP(qPrintable(why));
        if (!std::freopen("/dev/null", "r", stdin)) QFAIL("nobody can be asked");
        m_image = exampleProgram(30 * 1024, 11);
        QVERIFY(writeFile(file("image.bin"), m_image));
    }

    void aBootloaderIsFlashedBackedUpAndRestored()
    {
        if (QStandardPaths::findExecutable("dfu-util").isEmpty())
            QSKIP("dfu-util is not installed");
        DfuEmulator board;
        board.rom().flash.replace(0, 50 * 1024, exampleProgram(50 * 1024, 3));
        const QByteArray before = board.rom().flash;
        const QStringList flash{"flash", "--board", "stm32f412-nucleo", "--image",
                                file("image.bin")};
        const CliRun asked(flash);
        QCOMPARE(asked.code, 2);
        QVERIFY2(asked.err.contains("NUCLEO-F412ZG holds another program (50 KiB)") &&
                     asked.err.contains("--yes"),
                 qPrintable(asked.err));
        QCOMPARE(board.rom().flash, before);

        const CliRun run(flash + QStringList{"--yes", "--backup", file("backup.bin"), "--json"});
        QVERIFY2(run.code == 0, qPrintable(run.err));
        const QJsonObject report = run.json().object();
        QCOMPARE(report["board"].toString(), "stm32f412-nucleo");
        QCOMPARE(report["tool"].toString(), "dfu-util");
        QCOMPARE(report["probe"].toString(), "357A37593037");
        QCOMPARE(report["bytes"].toInteger(), m_image.size());
        QVERIFY(report["firmware"].isNull());
        QCOMPARE(board.rom().flash.left(m_image.size()), m_image);
        QCOMPARE(readFile(file("backup.bin")), before);

        QTRY_VERIFY(!board.pluggedIn());
        board.plugIn();
        const CliRun back(
            {"flash", "--board", "stm32f412-nucleo", "--restore", file("backup.bin"), "--yes"});
        QVERIFY2(back.code == 0, qPrintable(back.err));
        QVERIFY2(back.out.contains("written and verified with dfu-util"), qPrintable(back.out));
        QCOMPARE(board.rom().flash, before);
    }

    void anEmptyBoardNeedsNoQuestion()
    {
        if (QStandardPaths::findExecutable("dfu-util").isEmpty())
            QSKIP("dfu-util is not installed");
        DfuEmulator board;
        const CliRun run({"flash", "--board", "stm32f412", "--image", file("image.bin")});
        QVERIFY2(run.code == 0, qPrintable(run.err));
        QCOMPARE(board.rom().flash.left(m_image.size()), m_image);
    }

    void anStLinkIsFlashedThroughItsTool()
    {
        const StLinkOnBus probe;
        FakeTools tools;
        tools.set("st-info", "identify", {stInfoF412});
        tools.set("st-flash", "read", {"st-flash 1.7.0\n"});
        tools.set("st-flash", "write",
                  {QByteArray(stFlashBegins) + stFlashErased + stFlashVerified});
        tools.setFlash(exampleProgram(70 * 1024, 5));
        const QStringList flash{"flash", "--board", "stm32f412-discovery", "--image",
                                file("image.bin")};
        QCOMPARE(CliRun(flash).code, 2);
        const CliRun run(flash + QStringList{"--yes"});
        QVERIFY2(run.code == 0, qPrintable(run.err));
        QCOMPARE(tools.flash().left(m_image.size()), m_image);
        const CliRun other(
            {"flash", "--board", "stm32h743", "--image", file("image.bin"), "--yes"});
        QCOMPARE(other.code, 4);
        QVERIFY2(other.err.contains("0x441"), qPrintable(other.err));
        const CliRun wrongTool(flash + QStringList{"--yes", "--tool", "dfu-util"});
        QCOMPARE(wrongTool.code, 4);
        const CliRun badImage(
            {"flash", "--board", "stm32f412", "--image", tools.file("calls"), "--yes"});
        QCOMPARE(badImage.code, 3);
    }

    void aPersonIsAskedAndObeyed()
    {
        const StLinkOnBus probe;
        FakeTools tools;
        tools.set("st-info", "identify", {stInfoF412});
        tools.set("st-flash", "read", {"st-flash 1.7.0\n"});
        tools.set("st-flash", "write",
                  {QByteArray(stFlashBegins) + stFlashErased + stFlashVerified});
        const QByteArray before = exampleProgram(70 * 1024, 5);
        tools.setFlash(before);
        const QStringList flash{"flash", "--board", "stm32f412-discovery", "--image",
                                file("image.bin")};
        for (const char *no : {"n\n", "\n", "perhaps\n"}) {
            const Person person(no);
            const CliRun run(flash);
            QCOMPARE(run.code, 4);
            QVERIFY2(
                run.err.contains("another program (64 KiB or more); --backup FILE would save it. "
                                 "Overwrite it? [y/N]") &&
                    run.err.contains("nothing was written"),
                qPrintable(run.err));
            QCOMPARE(tools.flash(), before);
        }
        const Person person("Y\n");
        const CliRun run(flash);
        QVERIFY2(run.code == 0, qPrintable(run.err));
        QCOMPARE(tools.flash().left(m_image.size()), m_image);
    }

    void severalProbesWantAName()
    {
        StLinkOnBus probes;
        probes.add("1-2", 3, "0670FF515049657187000000");
        const CliRun run({"flash", "--board", "stm32f412", "--image", file("image.bin"), "--yes"});
        QCOMPARE(run.code, 2);
        QVERIFY2(run.err.contains("--probe SERIAL") && run.err.contains(serialF412) &&
                     run.err.contains("0670FF515049657187000000"),
                 qPrintable(run.err));
    }

    void devicesListsThem()
    {
        const DfuEmulator board;
        const CliRun run({"devices", "--json"});
        QCOMPARE(run.code, 0);
        bool found = false;
        for (const QJsonValue &device : run.json().array()) {
            if (device["what"].toString() != "bootloader") continue;
            found = true;
            QCOMPARE(device["serial"].toString(), "357A37593037");
            QVERIFY(device["device"].isNull());
            QVERIFY(device["problem"].isNull());
        }
        QVERIFY(found);
    }

    void theDoctorSeesAForbiddenBoard()
    {
        const DfuEmulator board;
        QVERIFY(QFile::setPermissions(board.node(), {}));
        const OrdinaryUser user;
        const CliRun run({"doctor", "--board", "stm32f412-nucleo", "--json"});
        QCOMPARE(run.code, 4);
        bool told = false;
        for (const QJsonValue &finding : run.json().array())
            told = told || (finding["state"].toString() == "problem" &&
                            finding["what"].toString().startsWith("Permission: you may not open"));
        QVERIFY2(told, qPrintable(run.out));
        const CliRun flash({"flash", "--board", "stm32f412", "--yes"});
        QCOMPARE(flash.code, 4);
        QVERIFY2(flash.err.contains("--install-udev"), qPrintable(flash.err));
    }

    void theDoctorSeesABootloader()
    {
        const DfuEmulator board;
        const CliRun run({"doctor", "--board", "stm32f412-nucleo"});
        QCOMPARE(run.code, 4);
        QVERIFY2(run.out.contains("a board waits in its bootloader (357A37593037)") &&
                     run.out.contains("flash --board stm32f412-nucleo"),
                 qPrintable(run.out));
    }

    void nothingConnectedIsADeviceFailure()
    {
        GObject *empty = G_OBJECT(umockdev_testbed_new());
        const CliRun run({"flash", "--board", "stm32f412", "--yes"});
        g_object_unref(empty);
        QCOMPARE(run.code, 4);
        QVERIFY2(run.err.contains("no ST-LINK"), qPrintable(run.err));
    }
};

int main(int argc, char **argv)
{
    underUmockdev(argv);
    QCoreApplication app(argc, argv);
    TestEmulatedFlash test;
    return QTest::qExec(&test, argc, argv);
}
#include "tst_emulated_flash.moc"
