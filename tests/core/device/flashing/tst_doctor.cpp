#include "core/device/flashing/surroundings.h"
#include "core/device/known_probes.h"
#include "tests/support/fake_tools/fake_tools.h"
#include "tests/support/hostile_system.h"

#include <QFile>
#include <QRegularExpression>
#include <QTest>

using namespace atomnet;
using test::FakeTools;
using What = FoundDevice::What;
using State = Finding::State;

namespace
{

LinkResult<DeviceInfo> greeting(const char *board)
{
    DeviceInfo info;
    info.board = QString::fromLatin1(board);
    info.hello.clock_hz = 400'000'000;
    info.hello.flags = 0;
    return info;
}

FoundDevice found(What what, const QString &problem = {})
{
    FoundDevice device;
    device.what = what;
    device.vendor = what == What::Profiler ? 0x1209 : stVendor;
    device.name = what == What::Profiler ? "AtomNet profiler" : "ST-LINK/V3, serial port";
    device.serial = "0123";
    device.problem = problem;
    device.address.kind =
        what == What::Profiler ? DeviceAddress::Kind::Usb : DeviceAddress::Kind::Serial;
    device.address.detail = what == What::Profiler ? "0123" : "/dev/ttyACM0";
    return device;
}

const Probe stLink{Probe::Kind::StLink, "ST-LINK/V3", "002F", stVendor, 0x374e, 0, {}};
const Probe rom{Probe::Kind::Dfu, "STM32 bootloader (DFU)", "357A", stVendor, 0xdf11, 0, {}};

} // namespace

class TestDoctor : public QObject
{
    Q_OBJECT

private:
    Surroundings m_around;
    int m_hellos = 0;

    void answer(const LinkResult<DeviceInfo> &result)
    {
        m_around.hello = [this, result](const DeviceAddress &) {
            ++m_hellos;
            return result;
        };
    }
    void fault(LinkFault what) { answer(linkFail(what, QStringLiteral("what the link said"))); }
    /// The first problem's text, advice and command; "" when there is none.
    QString problem(const QString &board = "stm32h743")
    {
        for (const Finding &finding : examine(board, m_around))
            if (finding.state == State::Problem)
                return finding.what + " | " + finding.advice + " | " + finding.command;
        return {};
    }

private Q_SLOTS:
    void init()
    {
        m_hellos = 0;
        m_around = {};
        m_around.devices = {found(What::Profiler)};
        m_around.probes = {stLink};
        m_around.installed = [](const QString &) { return true; };
        m_around.image = [](const QString &file) -> Result<QString> { return file; };
        answer(greeting("stm32h743"));
    }

    void whereAllIsWellNothingIsAdvised()
    {
        for (const QString &board :
             {QString("stm32h743"), QString("stm32h743-nucleo"), QString()}) {
            bool answers = false;
            for (const Finding &finding : examine(board, m_around)) {
                QVERIFY2(finding.state == State::Good, qPrintable(finding.what));
                QVERIFY(finding.advice.isEmpty() && finding.command.isEmpty());
                answers = answers || finding.what.startsWith("USB: the AtomNet profiler answers");
            }
            QVERIFY(answers);
        }
    }

    void noCable()
    {
        m_around.devices.clear();
        m_around.probes.clear();
        QVERIFY2(problem().contains("no board, no ST-LINK") && problem().contains("cable"),
                 qPrintable(problem()));
        QVERIFY(problem({}).isEmpty()); // no board was asked for: worth a note
    }

    void noPermission()
    {
        m_around.devices.front().problem = "no permission to open it";
        fault(LinkFault::NoPermission);
        m_around.hasRules = false;
        QVERIFY2(problem().startsWith("Permission: you may not open AtomNet profiler") &&
                     problem().contains("--install-udev"),
                 qPrintable(problem()));
        m_around.hasRules = true; // installed since it was plugged in
        QVERIFY2(problem().contains("unplug it") && !problem().contains("sudo"),
                 qPrintable(problem()));
        int told = 0;
        for (const Finding &finding : examine("stm32h743", m_around))
            told += finding.state == State::Problem;
        QCOMPARE(told, 1);
    }

    void noPermissionForTheProbe()
    {
        m_around.probes.front().problem = "no permission to open it; run: ...";
        m_around.hasRules = false;
        QVERIFY2(problem().contains("may not open ST-LINK/V3"), qPrintable(problem()));
    }

    void noPermissionForTheSerialPort()
    {
        m_around.devices = {found(What::SerialPort)};
        fault(LinkFault::NoPermission);
        QVERIFY2(problem().contains("/dev/ttyACM0") && problem().contains("dialout"),
                 qPrintable(problem()));
    }

    void wrongDriver()
    {
        fault(LinkFault::WrongDriver);
        QVERIFY2(problem().contains("wrong driver") && problem().contains("what the link said"),
                 qPrintable(problem()));
    }

    void portInUse()
    {
        fault(LinkFault::Busy);
        QVERIFY(problem().contains("USB: AtomNet profiler: another program uses it"));
        m_around.devices = {found(What::SerialPort)};
        QVERIFY2(problem().contains("/dev/ttyACM0: another program uses it"),
                 qPrintable(problem()));
    }

    void staleFirmware()
    {
        fault(LinkFault::Version);
        const QString stale = problem("stm32h743-nucleo");
        QVERIFY2(stale.contains("does not fit this designer") &&
                     stale.contains("flash --board stm32h743-nucleo"),
                 qPrintable(stale));
    }

    void anotherBoard()
    {
        answer(greeting("stm32f746"));
        QVERIFY2(problem().contains("another board") && problem().contains("STM32F746") &&
                     problem().contains("doctor --board stm32f746"),
                 qPrintable(problem()));
        QVERIFY(problem("stm32f746-discovery").isEmpty());
    }

    void otherFaultsAreToldApart()
    {
        QStringList texts;
        for (const LinkFault what : {LinkFault::Timeout, LinkFault::Gone, LinkFault::Protocol}) {
            fault(what);
            texts << problem();
        }
        QVERIFY2(texts[0].contains("reset button"), qPrintable(texts[0]));
        QVERIFY2(texts[1].contains("Plug it in again"), qPrintable(texts[1]));
        QVERIFY2(texts[2].contains("what the link said"), qPrintable(texts[2]));
    }

    void aSerialPortWithoutAnAnswerWantsFlashing()
    {
        m_around.devices = {found(What::SerialPort)};
        fault(LinkFault::Timeout);
        QVERIFY2(problem().contains("nothing answers") && problem().contains("flash --board"),
                 qPrintable(problem()));
        QVERIFY(problem({}).isEmpty());
    }

    void serialPortsOfOthersAreLeftAlone()
    {
        m_around.devices = {found(What::SerialPort)};
        m_around.devices.front().vendor = 0x1a86;
        (void)examine("stm32h743", m_around);
        QCOMPARE(m_hellos, 0);
    }

    void aBoardThatAnswersOnUsbIsNotAskedOnItsSerialPort()
    {
        m_around.devices.push_back(found(What::SerialPort));
        QVERIFY(problem().isEmpty());
        QCOMPARE(m_hellos, 1);
    }

    void aProbeAloneWantsFlashing()
    {
        m_around.devices.clear();
        QVERIFY2(problem().contains("profiling firmware is not") && problem().contains("flash"),
                 qPrintable(problem()));
    }

    void aBootloaderWantsFlashing()
    {
        m_around.devices.clear();
        m_around.probes = {rom};
        QVERIFY2(problem().contains("waits in its bootloader (357A)"), qPrintable(problem()));
    }

    void missingTools()
    {
        m_around.installed = [](const QString &) { return false; };
        QVERIFY(problem().contains("none that flashes boards"));
        m_around.installed = [](const QString &name) { return name == "openocd"; };
        QVERIFY(problem().isEmpty());
        const auto findings = examine("stm32h743", m_around);
        QVERIFY2(findings.front().what.contains("openocd installed, st-flash, dfu-util missing"),
                 qPrintable(findings.front().what));
    }

    void missingImage()
    {
        m_around.image = [](const QString &) -> Result<QString> {
            return fail(ErrorCode::Device, QStringLiteral("install gcc-arm-none-eabi"));
        };
        QVERIFY2(problem().contains("profiler-stm32h743-nucleo.bin missing") &&
                     problem().contains("gcc-arm-none-eabi"),
                 qPrintable(problem()));
    }

    void virtualBoards()
    {
        answer(greeting("qemu-m7"));
        QVERIFY(problem("qemu-m7").isEmpty());
        QCOMPARE(m_hellos, 1);
        fault(LinkFault::Gone);
        QVERIFY(problem("qemu-m7").contains("qemu-m7: it does not answer"));
        m_around.installed = [](const QString &) { return false; };
        const int before = m_hellos;
        QVERIFY(problem("qemu-m4").contains("QEMU is not installed"));
        QCOMPARE(m_hellos, before); // cannot answer
    }

    void unknownBoards()
    {
        QVERIFY2(problem("arduino").contains("no board \"arduino\""),
                 qPrintable(problem("arduino")));
    }

    void cancelledExaminationsAskNobody()
    {
        const auto findings = examine("stm32h743", m_around, {[] { return true; }, {}});
        QCOMPARE(m_hellos, 0);
        QVERIFY(!findings.empty());
    }

    void rulesNameEveryProbeAndOurDevice()
    {
        const QString rules = QString::fromUtf8(udevRules());
        for (const KnownProbe &probe : knownProbes()) {
            const QString line = QStringLiteral("ATTR{idVendor}==\"%1\", ATTR{idProduct}==\"%2\", ")
                                     .arg(probe.vendor, 4, 16, QLatin1Char('0'))
                                     .arg(probe.product, 4, 16, QLatin1Char('0'));
            QCOMPARE(rules.count(line), 1);
        }
        QVERIFY(rules.contains("ATTR{idVendor}==\"1209\", ATTR{idProduct}==\"0001\", "));
        static const QRegularExpression pair("^[A-Z]+(\\{[A-Za-z_]+\\})?(==|!=|=|\\+=)\"[^\"]*\"$");
        for (const QString &line : rules.split('\n')) {
            if (line.isEmpty() || line.startsWith('#')) continue;
            for (const QString &part : line.split(", "))
                QVERIFY2(pair.match(part).hasMatch(), qPrintable(part));
            if (line.contains("MODE=")) QVERIFY(line.contains("TAG+=\"uaccess\""));
            static const QRegularExpression target("GOTO=\"([a-z_]+)\"");
            if (const auto jump = target.match(line); jump.hasMatch())
                QVERIFY(rules.contains("LABEL=\"" + jump.captured(1) + '"'));
        }
    }

    void rulesAreWrittenAndUdevIsTold()
    {
        FakeTools tools;
        tools.install("udevadm", "#!/bin/sh\necho \"$@\" >>\"$FAKE_TOOLS/calls\"\n");
        const QString path = tools.file("70.rules");
        const auto installed = installUdevRules(path);
        QVERIFY2(installed, qPrintable(installed ? QString() : installed.error().what));
        QFile file(path);
        QVERIFY(file.open(QIODevice::ReadOnly));
        QCOMPARE(file.readAll(), udevRules());
        QVERIFY(file.permissions().testFlag(QFile::ReadOther));
        QCOMPARE(tools.calls(),
                 QStringList({"control --reload-rules",
                              "trigger --subsystem-match=usb --subsystem-match=tty"}));
    }

    void failingToTellUdevIsTold()
    {
        FakeTools tools;
        auto installed = installUdevRules(tools.file("70.rules"));
        QVERIFY(!installed);
        QVERIFY2(installed.error().what.contains("no udevadm"), qPrintable(installed.error().what));
        tools.install("udevadm", "#!/bin/sh\necho 'Failed to send reload request'\nexit 1\n");
        installed = installUdevRules(tools.file("70.rules"));
        QVERIFY(installed.error().what.contains("Failed to send reload request"));
        QCOMPARE(installed.error().code, ErrorCode::Io);
    }

    void withoutRootTheCommandIsGiven()
    {
        const test::OrdinaryUser user;
        const auto installed = installUdevRules();
        QVERIFY(!installed);
        QCOMPARE(installed.error().code, ErrorCode::Io);
        QVERIFY(installed.error().what.contains("sudo atomnet-designer doctor --install-udev"));
        QCOMPARE(installed.error().where, QString(QLatin1String(udevRulesPath)));
    }
};

QTEST_GUILESS_MAIN(TestDoctor)
#include "tst_doctor.moc"
