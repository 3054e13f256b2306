#include "tests/firmware/usb/usb_bench.h"

#include "firmware/protocol/ap_protocol.h"

using Kind = Dwc2Model::Answer::Kind;
using Setup = std::array<uint8_t, 8>;

static QByteArray array(const Bytes &bytes)
{
    return {reinterpret_cast<const char *>(bytes.data()), static_cast<qsizetype>(bytes.size())};
}

static QString text(const std::optional<Bytes> &descriptor)
{
    QString result;
    if (!descriptor || descriptor->size() < 2 || descriptor->at(0) != descriptor->size() ||
        descriptor->at(1) != 3)
        return "bad";
    for (size_t i = 2; i + 1 < descriptor->size(); i += 2) {
        result += QChar(descriptor->at(i) | descriptor->at(i + 1) << 8);
    }
    return result;
}

class TestDwc2Control : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase_data() { addCores(); }
    void init()
    {
        m_bench = newBench();
        QCOMPARE(driver().init(&m_bench->config), 0);
    }
    void cleanup() { QCOMPARE(m_bench->violations(), QByteArray()); }

    void showsItselfWhenAllIsSet()
    {
        QVERIFY(m_bench->model.pulledUp());
        QCOMPARE(driver().connected(), 0);
        driver().stop();
        QVERIFY(!m_bench->model.pulledUp());
        QVERIFY(!m_bench->model.interrupt());
    }

    void coreWithoutClockIsNoted()
    {
        m_bench = newBench();
        m_bench->model.hasClock = false;
        QCOMPARE(driver().init(&m_bench->config), -1);
    }

    void enumeratesStepByStep()
    {
        UsbHost &host = m_bench->host;
        host.reset();
        const std::optional<Bytes> first = host.controlIn(0x80, 6, 0x0100, 0, 64);
        QVERIFY(first);
        QCOMPARE(array(*first).toHex(), QByteArray("12010102000000400912010000010102030"
                                                   "1"));
        host.reset();
        QVERIFY(host.controlOut(0, 5, 42, 0));
        QCOMPARE(host.control(0x80, 6, 0x0100, 0, 18),
                 Outcome::TimedOut); // nobody is at 0 any more
        m_bench->model.busAddress = 42;
        Bytes device;
        QCOMPARE(host.control(0x80, 6, 0x0100, 0, 18, &device), Outcome::Ok);
        QCOMPARE(device, *first);
        QCOMPARE(array(*host.controlIn(0x80, 6, 0x0200, 0, 9)).toHex(),
                 QByteArray("0902200001010080"
                            "32"));
        QCOMPARE(array(*host.controlIn(0x80, 6, 0x0200, 0, 32)).toHex(),
                 QByteArray("090220000101008032"
                            "0904000002ff000000"
                            "07050102400000"
                            "07058102400000"));
        QCOMPARE(*host.controlIn(0x80, 8, 0, 0, 1), Bytes{0});
        QCOMPARE(driver().connected(), 0);
        QVERIFY(host.controlOut(0, 9, 1, 0));
        QCOMPARE(driver().connected(), 1);
        QCOMPARE(*host.controlIn(0x80, 8, 0, 0, 1), Bytes{1});
        host.reset();
        QCOMPARE(driver().connected(), 0);
        QCOMPARE(*host.controlIn(0x80, 8, 0, 0, 1), Bytes{0});
    }

    void stringsNameTheBoard()
    {
        UsbHost &host = m_bench->host;
        QVERIFY(host.enumerate());
        QCOMPARE(*host.controlIn(0x80, 6, 0x0300, 0, 255), (Bytes{4, 3, 9, 4}));
        QCOMPARE(text(host.controlIn(0x80, 6, 0x0301, 0x409, 255)), QString("AtomNet Designer"));
        QCOMPARE(text(host.controlIn(0x80, 6, 0x0302, 0x409, 255)),
                 QString("AtomNet profiler NUCLEO-H743ZI2"));
        QCOMPARE(text(host.controlIn(0x80, 6, 0x0303, 0x409, 255)),
                 QString("0012AB030405060708090AFF"));
        m_bench->config.board = "a name of more than sixteen characters";
        QCOMPARE(text(host.controlIn(0x80, 6, 0x0302, 0x409, 255)),
                 QString("AtomNet profiler a name of more t"));
    }

    void windowsFindsItsDriver()
    {
        UsbHost &host = m_bench->host;
        host.reset();
        const std::optional<Bytes> bos = host.controlIn(0x80, 6, 0x0F00, 0, 255);
        QVERIFY(bos);
        QCOMPARE(array(*bos).toHex(), QByteArray("050f210001"
                                                 "1c100500"
                                                 "df60ddd88945c74c9cd2659d9e648a9f"
                                                 "00000306"
                                                 "a200"
                                                 "2000"));
        const std::optional<Bytes> set = host.controlIn(0xC0, 0x20, 0, 7, 0xA2);
        QVERIFY(set);
        QCOMPARE(set->size(), size_t(0xA2));
        const QByteArray bytes = array(*set);
        QCOMPARE(bytes.left(10).toHex(), QByteArray("0a00000000000306a200"));
        QCOMPARE(bytes.mid(10, 20), QByteArray("\x14\0\x03\0WINUSB\0\0\0\0\0\0\0\0\0\0", 20));
        QCOMPARE(bytes.mid(30, 8).toHex(), QByteArray("8400040007002a00"));
        const auto utf16 = [](const QByteArray &from) {
            return QString::fromUtf16(reinterpret_cast<const char16_t *>(from.constData()),
                                      from.size() / 2);
        };
        QCOMPARE(utf16(bytes.mid(38, 42)), QString("DeviceInterfaceGUIDs") + QChar(0));
        QCOMPARE(bytes.mid(80, 2).toHex(), QByteArray("5000"));
        QCOMPARE(utf16(bytes.mid(82)), QString(AP_USB_INTERFACE_GUID) + QChar(0) + QChar(0));
        QVERIFY(!host.controlIn(0xC0, 0x20, 0, 4, 0xA2));
        QVERIFY(!host.controlIn(0xC0, 0x21, 0, 7, 0xA2));
    }

    void repliesAreAsLongAsWanted()
    {
        UsbHost &host = m_bench->host;
        QVERIFY(host.enumerate());
        for (const uint16_t value :
             std::initializer_list<uint16_t>{0x0100, 0x0200, 0x0302, 0x0303, 0x0F00}) {
            const Bytes whole = *host.controlIn(0x80, 6, value, 0, 1000);
            for (uint16_t wanted = 1; wanted < 200; wanted++) {
                const std::optional<Bytes> part = host.controlIn(0x80, 6, value, 0, wanted);
                QVERIFY(part);
                QCOMPARE(*part, Bytes(whole.begin(),
                                      whole.begin() +
                                          std::min<std::ptrdiff_t>(wanted, std::ssize(whole))));
            }
        }
        // 64 bytes: the product's name, and an empty packet behind it when more was wanted.
        QCOMPARE(host.controlIn(0x80, 6, 0x0302, 0, 255)->size(), size_t(64));
        send({0x80, 6, 2, 3, 0, 0, 64, 0});
        QCOMPARE(in().bytes.size(), size_t(64));
        QCOMPARE(in().kind, Kind::Nak); // but not when 64 were
        QCOMPARE(out({}, 1), Kind::Done);
        QCOMPARE(host.control(0x80, 6, 0x0100, 0, 0),
                 Outcome::Ok); // nothing wanted: the status stage alone
    }

    void requests_data()
    {
        QTest::addColumn<bool>("configured");
        QTest::addColumn<QList<int>>("setup"); // type, request, value, index, length
        QTest::addColumn<QByteArray>("reply"); // "stall", "ok" or hex
        const auto row = [](const char *name, bool configured, QList<int> setup,
                            const char *reply) {
            QTest::newRow(name) << configured << setup << QByteArray(reply);
        };
        row("status of the device", true, {0x80, 0, 0, 0, 2}, "0000");
        row("status of the interface", true, {0x81, 0, 0, 0, 2}, "0000");
        row("status of another interface", true, {0x81, 0, 0, 1, 2}, "stall");
        row("status of the interface, not configured", false, {0x81, 0, 0, 0, 2}, "stall");
        row("status of endpoint 0", false, {0x82, 0, 0, 0, 2}, "0000");
        row("status of endpoint 0x80", true, {0x82, 0, 0, 0x80, 2}, "0000");
        row("status of endpoint 0x81", true, {0x82, 0, 0, 0x81, 2}, "0000");
        row("status of endpoint 0x81, not configured", false, {0x82, 0, 0, 0x81, 2}, "stall");
        row("status of endpoint 2", true, {0x82, 0, 0, 2, 2}, "stall");
        row("status of something else", true, {0x83, 0, 0, 0, 2}, "stall");
        row("wake-up of the host", true, {0, 3, 1, 0, 0}, "stall");
        row("test mode", true, {0, 3, 2, 0x100, 0}, "stall");
        row("halt of endpoint 0", true, {2, 3, 0, 0, 0}, "stall");
        row("end of a halt of endpoint 0", true, {2, 1, 0, 0, 0}, "ok");
        row("halt of endpoint 1", true, {2, 3, 0, 1, 0}, "ok");
        row("halt of endpoint 1, not configured", false, {2, 3, 0, 1, 0}, "stall");
        row("halt of endpoint 2", true, {2, 3, 0, 2, 0}, "stall");
        row("another feature of endpoint 1", true, {2, 3, 1, 1, 0}, "stall");
        row("another request to endpoint 1", true, {2, 12, 0, 1, 0}, "stall");
        row("reading an endpoint's frame", true, {0x82, 12, 0, 0x81, 2}, "stall");
        row("address too high", false, {0, 5, 128, 0, 0}, "stall");
        row("address with data", false, {0, 5, 3, 0, 2}, "stall");
        row("unknown descriptor", true, {0x80, 6, 0x0600, 0, 10}, "stall");
        row("second configuration", true, {0x80, 6, 0x0201, 0, 10}, "stall");
        row("unknown string", true, {0x80, 6, 0x0304, 0x409, 255}, "stall");
        row("Windows' old string", true, {0x80, 6, 0x03EE, 0, 18}, "stall");
        row("writing a descriptor", true, {0, 7, 0x0100, 0, 18}, "stall");
        row("configuration", true, {0x80, 8, 0, 0, 1}, "01");
        row("configuration before it is set", false, {0x80, 8, 0, 0, 1}, "00");
        row("no configuration", true, {0, 9, 0, 0, 0}, "ok");
        row("the same configuration", true, {0, 9, 1, 0, 0}, "ok");
        row("another configuration", true, {0, 9, 2, 0, 0}, "stall");
        row("a configuration that is 1 below", true, {0, 9, 0x101, 0, 0}, "stall");
        row("interface", true, {0x81, 10, 0, 0, 1}, "00");
        row("interface, not configured", false, {0x81, 10, 0, 0, 1}, "stall");
        row("set interface", true, {1, 11, 0, 0, 0}, "ok");
        row("set another setting", true, {1, 11, 1, 0, 0}, "stall");
        row("set another interface", true, {1, 11, 0, 1, 0}, "stall");
        row("feature of an interface", true, {1, 3, 0, 0, 0}, "stall");
        row("unknown to the device", true, {0x80, 77, 0, 0, 4}, "stall");
        row("class request", true, {0x21, 0x20, 0, 0, 7}, "stall");
        row("class question", true, {0xA1, 0x21, 0, 0, 7}, "stall");
        row("vendor question", true, {0xC0, 5, 0, 0, 7}, "stall");
        row("vendor data, too long", true, {0x40, 5, 0, 0, 257}, "stall");
        row("vendor request", true, {0x40, 5, 0, 0, 0}, "ok");
        row("vendor request that is refused", true, {0x40, Bench::refusedRequest, 0, 0, 0},
            "stall");
    }
    void requests()
    {
        QFETCH(bool, configured);
        QFETCH(QList<int>, setup);
        QFETCH(QByteArray, reply);
        UsbHost &host = m_bench->host;
        if (configured) {
            QVERIFY(host.enumerate());
        } else {
            host.reset();
        }
        const bool isIn = setup[0] & 0x80;
        Bytes bytes(isIn ? 0 : static_cast<size_t>(setup[4]));
        const Outcome outcome =
            host.control(static_cast<uint8_t>(setup[0]), static_cast<uint8_t>(setup[1]),
                         static_cast<uint16_t>(setup[2]), static_cast<uint16_t>(setup[3]),
                         static_cast<uint16_t>(setup[4]), &bytes);
        QCOMPARE(outcome, reply == "stall" ? Outcome::Stalled : Outcome::Ok);
        if (isIn && reply != "stall") QCOMPARE(array(bytes).toHex(), reply);
        QCOMPARE(host.controlIn(0x80, 6, 0x0100, 0, 18)->size(),
                 size_t(18)); // and all is well afterwards
    }

    void takesDataOfVendorRequests()
    {
        UsbHost &host = m_bench->host;
        QVERIFY(host.enumerate());
        for (size_t count = 0; count <= 256; count++) {
            const Bytes data = counting(count, 3);
            QVERIFY(host.controlOut(0x40, 7, static_cast<uint16_t>(count), 0, data));
            QCOMPARE(Bench::s_data, data);
            QCOMPARE(Bench::s_value, count);
        }
        QVERIFY(!host.controlOut(0x40, Bench::refusedRequest, 0, 0, counting(70)));
        QCOMPARE(Bench::s_data, counting(70));
        m_bench->config.vendor_out = nullptr;
        QVERIFY(!host.controlOut(0x40, 7, 0, 0, counting(70)));
        QVERIFY(!host.controlOut(0x40, 7, 0, 0));
    }

    void dataThatEndsEarlyIsRefused()
    {
        UsbHost &host = m_bench->host;
        QVERIFY(host.enumerate());
        for (const size_t count : {size_t(0), size_t(10), size_t(64)}) {
            Bench::s_request = 0;
            send({0x40, 7, 0, 0, 0, 0, 100, 0});
            QCOMPARE(out(counting(count), 1), Kind::Done);
            if (count == 64) QCOMPARE(out({}, 0), Kind::Done);
            QCOMPARE(in().kind, Kind::Stall);
            QCOMPARE(int(Bench::s_request), 0);
        }
        QCOMPARE(host.controlIn(0x80, 6, 0x0100, 0, 18)->size(), size_t(18));
    }

    void hostMayEndAReplyEarly()
    {
        UsbHost &host = m_bench->host;
        QVERIFY(host.enumerate());
        for (int taken = 0; taken < 3; taken++) {
            send({0xC0, 0x20, 0, 0, 7, 0, 0xA2, 0});
            for (int i = 0; i < taken; i++) {
                QCOMPARE(in().bytes.size(), size_t(64));
            }
            QCOMPARE(out({}, 1), Kind::Done);
            QCOMPARE(in().kind, Kind::Nak); // nothing is left over
            QCOMPARE(host.controlIn(0x80, 6, 0x0200, 0, 32)->size(), size_t(32));
        }
    }

    void newSetupEndsAReply()
    {
        UsbHost &host = m_bench->host;
        QVERIFY(host.enumerate());
        const Bytes device = *host.controlIn(0x80, 6, 0x0100, 0, 18);
        for (int taken = 0; taken < 4; taken++) {
            send({0xC0, 0x20, 0, 0, 7, 0, 0xA2, 0});
            m_bench->model.in(0); // ends the setup stage
            host.service();
            for (int i = 0; i < taken; i++) {
                QCOMPARE(in().kind, Kind::Done);
            }
            const std::optional<Bytes> reply = host.controlIn(0x80, 6, 0x0100, 0, 18);
            QVERIFY(reply);
            QCOMPARE(*reply, device);
        }
    }

    void newSetupEndsDataAndStatus()
    {
        UsbHost &host = m_bench->host;
        QVERIFY(host.enumerate());
        send({0x40, 7, 0, 0, 0, 0, 100, 0});
        QCOMPARE(out(counting(64), 1), Kind::Done);
        QCOMPARE(host.controlIn(0x80, 6, 0x0100, 0, 18)->size(), size_t(18));
        // All data came, the status was never fetched; and a new SETUP that the driver meets
        // together with the data.
        Bench::s_request = 0;
        send({0x40, 7, 0, 0, 0, 0, 64, 0});
        QCOMPARE(out(counting(64), 1), Kind::Done);
        QCOMPARE(host.controlIn(0x80, 6, 0x0100, 0, 18)->size(), size_t(18));
        QCOMPARE(int(Bench::s_request), 7);
        Bench::s_request = 0;
        send({0x40, 7, 0, 0, 0, 0, 64, 0});
        out({}, 0, 0); // ends the setup stage
        QCOMPARE(m_bench->model.out(0, counting(64), 1).kind, Kind::Done);
        m_bench->model.setup({0x80, 8, 0, 0, 0, 0, 1, 0});
        QCOMPARE(in().bytes, Bytes{1});
        QCOMPARE(int(Bench::s_request), 0);
    }

    void lastSetupInARowCounts_data()
    {
        QTest::addColumn<int>("count");
        QTest::addColumn<bool>("served"); // between them
        for (const int count : {2, 3, 4}) {
            QTest::addRow("%d at once", count) << count << false;
            QTest::addRow("%d one by one", count) << count << true;
        }
    }
    void lastSetupInARowCounts()
    {
        QFETCH(int, count);
        QFETCH(bool, served);
        UsbHost &host = m_bench->host;
        QVERIFY(host.enumerate());
        const std::array<Setup, 3> others = {Setup{0, 5, 99, 0, 0, 0, 0, 0},
                                             Setup{0, 9, 0, 0, 0, 0, 0, 0},
                                             Setup{0x80, 6, 0, 1, 0, 0, 18, 0}};
        for (int i = 0; i < count - 1; i++) {
            m_bench->model.setup(others[static_cast<size_t>(i)]);
            if (served) host.service();
        }
        send({0x80, 8, 0, 0, 0, 0, 1, 0});
        const Dwc2Model::Answer answer = in();
        QCOMPARE(answer.kind, Kind::Done);
        QCOMPARE(answer.bytes, Bytes{1}); // still configured, and at the same address
        QCOMPARE(out({}, 1), Kind::Done);
        QCOMPARE(host.controlIn(0x80, 6, 0x0100, 0, 18)->size(), size_t(18));
    }

    void setupBehindAnotherOneThatIsOver()
    {
        UsbHost &host = m_bench->host;
        QVERIFY(host.enumerate());
        m_bench->model.setup({0, 9, 0, 0, 0, 0, 0, 0});
        m_bench->model.in(
            0); // NAK; the first setup stage is over, but the device was not yet served
        m_bench->model.setup({0x80, 8, 0, 0, 0, 0, 1, 0});
        host.service();
        QCOMPARE(in().bytes, Bytes{1});
        QCOMPARE(driver().connected(), 1);
    }

    void resetInTheMiddle()
    {
        UsbHost &host = m_bench->host;
        for (int stage = 0; stage < 4; stage++) {
            QVERIFY(host.enumerate());
            send(stage < 2 ? Setup{0xC0, 0x20, 0, 0, 7, 0, 0xA2, 0}
                           : Setup{0x40, 7, 0, 0, 0, 0, 200, 0});
            if (stage == 1) in();
            if (stage == 3) out(counting(64), 1);
            host.reset();
            QCOMPARE(driver().connected(), 0);
            QCOMPARE(host.controlIn(0x80, 6, 0x0100, 0, 18)->size(), size_t(18));
        }
    }

    void resetBehindManySetups()
    {
        UsbHost &host = m_bench->host;
        host.reset();
        for (int i = 0; i < 3; i++) {
            m_bench->model.setup({0x80, 6, 0, 1, 0, 0, 18, 0});
        }
        host.reset();
        QVERIFY(host.enumerate());
    }

    void sleepsAndWakes()
    {
        UsbHost &host = m_bench->host;
        QVERIFY(host.enumerate());
        m_bench->model.suspend();
        host.service();
        QCOMPARE(driver().connected(), 0);
        m_bench->model.resume();
        host.service();
        QCOMPARE(driver().connected(), 1);
        m_bench->model.suspend();
        host.service();
        host.reset(); // wakes, too
        QVERIFY(host.enumerate());
        QCOMPARE(driver().connected(), 1);
    }

    void sleepsAndWakesUnnoticed()
    {
        UsbHost &host = m_bench->host;
        QVERIFY(host.enumerate());
        m_bench->model.suspend();
        m_bench->model.resume();
        host.service();
        QCOMPARE(driver().connected(), 1);
        m_bench->model.suspend();
        m_bench->model.resume();
        m_bench->model.suspend();
        host.service();
        QCOMPARE(driver().connected(), 0);
        m_bench->model.resumeSilently();
        QVERIFY(host.controlIn(0x80, 6, 0x0100, 0, 18)); // a host that speaks is awake
        QCOMPARE(driver().connected(), 1);
    }

    void setupBehindAResetIsKept()
    {
        // The cable is plugged in while an operator runs.
        m_bench->model.busReset();
        QCOMPARE(m_bench->model.setup({0x80, 6, 0, 1, 0, 0, 18, 0}).kind, Kind::Done);
        QCOMPARE(m_bench->model.in(0).kind, Kind::Nak);
        m_bench->host.service();
        QCOMPARE(in().bytes.size(), size_t(18));
        QCOMPARE(out({}, 1), Kind::Done);
        QVERIFY(m_bench->host.enumerate());
    }

    void worksWithoutInterrupts()
    {
        m_bench = newBench(0);
        QVERIFY(m_bench->start());
        m_bench->model.busReset();
        QVERIFY(!m_bench->model.interrupt());
        QVERIFY(m_bench->host.enumerate());
    }

    void startsAgainAfterStopping()
    {
        QVERIFY(m_bench->host.enumerate());
        driver().stop();
        QCOMPARE(driver().connected(), 0);
        QVERIFY(m_bench->start());
        QCOMPARE(driver().connected(), 1);
    }

private:
    void send(const Setup &setup)
    {
        QCOMPARE(m_bench->model.setup(setup).kind, Kind::Done);
        m_bench->host.service();
    }
    Dwc2Model::Answer in()
    {
        Dwc2Model::Answer answer;
        for (int i = 0; i < 5 && (i == 0 || answer.kind == Kind::Nak); i++) {
            answer = m_bench->model.in(0);
            m_bench->host.service();
        }
        return answer;
    }
    Kind out(const Bytes &bytes, int toggle, int tries = 5)
    {
        Kind kind = m_bench->model.out(0, bytes, toggle).kind;
        m_bench->host.service();
        for (int i = 0; i < tries && kind == Kind::Nak; i++) {
            kind = m_bench->model.out(0, bytes, toggle).kind;
            m_bench->host.service();
        }
        return kind;
    }
    std::unique_ptr<Bench> m_bench;
};

QTEST_GUILESS_MAIN(TestDwc2Control)
#include "tst_dwc2_control.moc"
