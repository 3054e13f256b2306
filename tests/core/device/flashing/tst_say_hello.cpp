#include "core/device/flashing/say_hello.h"

#include <QElapsedTimer>
#include <QTest>

using namespace atomnet;
using What = FoundDevice::What;

namespace
{

DeviceInfo board(const char *id)
{
    DeviceInfo info;
    info.board = QString::fromLatin1(id);
    info.hello.clock_hz = 100'000'000;
    return info;
}

FoundDevice device(What what, const QString &serial, const QString &detail)
{
    FoundDevice found;
    found.what = what;
    found.serial = serial;
    found.address.kind =
        what == What::Profiler ? DeviceAddress::Kind::Usb : DeviceAddress::Kind::Serial;
    found.address.detail = detail;
    return found;
}

} // namespace

/// Waiting for the firmware that was just flashed.
class TestSayHello : public QObject
{
    Q_OBJECT

private:
    FlashRequest m_request;
    HelloWays m_ways;
    QStringList m_asked;
    int m_looks = 0;

    Result<QString> run(const RunControl &control = {})
    {
        return helloAfterFlash(m_request, control, m_ways);
    }

private Q_SLOTS:
    void init()
    {
        m_request = {};
        m_request.variant = *boardVariant("stm32f412-nucleo");
        m_request.probe = {Probe::Kind::StLink, "ST-LINK/V2-1", "066B", 0x0483, 0x374b, 0, {}};
        m_asked.clear();
        m_looks = 0;
        m_ways.patienceMs = 700;
        m_ways.devices = [this] {
            ++m_looks;
            return std::vector<FoundDevice>{};
        };
        m_ways.hello = [this](const DeviceAddress &address, const RunControl &) {
            m_asked << address.detail;
            return LinkResult<DeviceInfo>(board("stm32f412"));
        };
    }

    void aBoardThatComesBackLateIsGreeted()
    {
        m_ways.patienceMs = 10'000;
        m_ways.devices = [this] {
            return ++m_looks < 3 ? std::vector<FoundDevice>{}
                                 : std::vector{device(What::Profiler, "1", "1")};
        };
        const auto summary = run();
        QVERIFY(summary);
        QVERIFY2(summary->contains("STM32F412"), qPrintable(*summary));
        QCOMPARE(m_looks, 3);
    }

    void onlyTheProbesOwnSerialPortIsAsked()
    {
        m_ways.devices = [] {
            return std::vector{device(What::SerialPort, "999", "/dev/ttyACM0"),
                               device(What::Probe, "066B", ""),
                               device(What::SerialPort, "066b", "/dev/ttyACM1")};
        };
        QVERIFY(run());
        QCOMPARE(m_asked, QStringList({"/dev/ttyACM1"}));
    }

    void otherBoardsAreNotTakenForIt()
    {
        m_ways.devices = [] {
            return std::vector{device(What::Profiler, "1", "1"), device(What::Profiler, "2", "2")};
        };
        m_ways.hello = [this](const DeviceAddress &address, const RunControl &) {
            m_asked << address.detail;
            return LinkResult<DeviceInfo>(board(address.detail == "1" ? "stm32h743" : "stm32f412"));
        };
        QVERIFY(run());
        QCOMPARE(m_asked, QStringList({"1", "2"}));
        m_ways.devices = [] { return std::vector{device(What::Profiler, "1", "1")}; };
        const auto other = run();
        QVERIFY(!other);
        QVERIFY2(other.error().what.contains("STM32H743"), qPrintable(other.error().what));
    }

    void theGivenDeviceIsAskedAlone()
    {
        m_request.address = "serial:/dev/ttyUSB7";
        m_ways.devices = [] { return std::vector{device(What::Profiler, "1", "1")}; };
        QVERIFY(run());
        QCOMPARE(m_asked, QStringList({"/dev/ttyUSB7"}));
        m_request.address = "nonsense";
        QCOMPARE(run().error().code, ErrorCode::Usage);
    }

    void staleFirmwareEndsTheWaiting()
    {
        m_ways.patienceMs = 60'000;
        m_ways.devices = [] { return std::vector{device(What::Profiler, "1", "1")}; };
        m_ways.hello = [](const DeviceAddress &, const RunControl &) -> LinkResult<DeviceInfo> {
            return linkFail(LinkFault::Version, QStringLiteral("stale firmware"));
        };
        const auto summary = run();
        QCOMPARE(summary.error().code, ErrorCode::Device);
        QCOMPARE(summary.error().what, QString("stale firmware"));
    }

    void nobodyThereIsSaid()
    {
        const auto summary = run();
        QCOMPARE(summary.error().code, ErrorCode::Device);
        QVERIFY2(summary.error().what.contains("written and verified") &&
                     summary.error().what.contains("reset button"),
                 qPrintable(summary.error().what));
        QVERIFY(m_looks >= 2);
    }

    void whyItDoesNotAnswerIsSaid()
    {
        m_ways.devices = [] { return std::vector{device(What::Profiler, "1", "1")}; };
        m_ways.hello = [](const DeviceAddress &, const RunControl &) -> LinkResult<DeviceInfo> {
            return linkFail(LinkFault::NoPermission, QStringLiteral("no permission to open it"));
        };
        QVERIFY(run().error().what.contains("no permission to open it"));
    }

    void cancellingIsQuick()
    {
        m_ways.patienceMs = 60'000;
        QElapsedTimer timer;
        timer.start();
        const auto summary = run({[&] { return timer.elapsed() > 100; }, {}});
        QCOMPARE(summary.error().code, ErrorCode::Cancelled);
        QVERIFY2(timer.elapsed() < 1000, qPrintable(QString::number(timer.elapsed())));
    }

    void aHelloToNothingIsInterrupted()
    {
        QElapsedTimer timer;
        timer.start();
        DeviceAddress silent;
        silent.kind = DeviceAddress::Kind::Program;
        silent.detail = "/bin/cat"; // sends back what it gets, which is no answer
        const auto info = sayHello(silent, {[&] { return timer.elapsed() > 100; }, {}});
        QVERIFY(!info);
        QVERIFY2(timer.elapsed() < 1500, qPrintable(QString::number(timer.elapsed())));
    }
};

QTEST_GUILESS_MAIN(TestSayHello)
#include "tst_say_hello.moc"
