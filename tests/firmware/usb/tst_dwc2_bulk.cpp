#include "tests/firmware/usb/usb_bench.h"

#include <algorithm>
#include <atomic>
#include <random>
#include <thread>

using Kind = Dwc2Model::Answer::Kind;

class TestDwc2Bulk : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase_data() { addCores(); }
    void init()
    {
        m_bench = newBench();
        QVERIFY(m_bench->start());
    }
    void cleanup() { QCOMPARE(m_bench->violations(), QByteArray()); }

    void everySizeArrives()
    {
        for (size_t count = 0; count <= 200; count++) {
            const Bytes data = counting(count, static_cast<uint8_t>(count));
            QVERIFY(m_bench->host.bulkOut(data));
            QCOMPARE(m_bench->read(300), data);
        }
    }

    void everySizeIsFetched()
    {
        for (size_t count = 1; count <= 200; count++) {
            const Bytes data = counting(count, static_cast<uint8_t>(count));
            QCOMPARE(m_bench->write(data), count);
            QCOMPARE(driver().written(), 0);
            const std::optional<Bytes> got = m_bench->host.bulkIn(300); // ends with a short packet
            QVERIFY(got);
            QCOMPARE(*got, data);
            QCOMPARE(driver().written(), 1);
            QCOMPARE(m_bench->host.bulkInPacket().kind, Kind::Nak); // one short packet, not two
        }
    }

    void longWritesEndShort()
    {
        for (const size_t count :
             {size_t(640), size_t(704), size_t(1024), size_t(1280), size_t(2048), size_t(2047)}) {
            const Bytes data = counting(count, 1);
            QCOMPARE(m_bench->write(data), count);
            const std::optional<Bytes> got = m_bench->host.bulkIn(4096);
            QVERIFY(got);
            QVERIFY(*got == data);
        }
    }

    void hostWaitsWhileTheRingIsFull()
    {
        Bytes sent;
        for (int round = 0; round < 5; round++) {
            while (sent.size() < 100000) {
                const Bytes packet =
                    counting(64 - static_cast<size_t>(round), static_cast<uint8_t>(sent.size()));
                const Kind kind = m_bench->host.bulkOutPacket(packet);
                if (kind == Kind::Nak) break;
                QCOMPARE(kind, Kind::Done);
                sent.insert(sent.end(), packet.begin(), packet.end());
            }
            QVERIFY(sent.size() > 2048 - 64 && sent.size() <= 2048);
            QCOMPARE(m_bench->host.bulkOutPacket(counting(64)), Kind::Nak);
            Bytes got = m_bench->read(100);
            const Bytes rest = m_bench->read(4000);
            got.insert(got.end(), rest.begin(), rest.end());
            QVERIFY(got == sent);
            sent.clear();
        }
    }

    void writerWaitsWhileTheRingIsFull()
    {
        const Bytes data = counting(3000);
        QCOMPARE(m_bench->write(data), size_t(2048));
        QCOMPARE(m_bench->write(data), size_t(0));
        const Bytes first = *m_bench->host.bulkIn(64);
        QVERIFY(std::equal(first.begin(), first.end(), data.begin()));
        QVERIFY(m_bench->host.bulkIn(4096)->size() == 2048 - 64);
    }

    void ringsTouchNoRegisters()
    {
        QVERIFY(m_bench->host.bulkOut(counting(100)));
        m_bench->model.beginPoll();
        Bytes bytes(100);
        QCOMPARE(driver().read(bytes.data(), bytes.size()), size_t(100));
        QCOMPARE(driver().write(bytes.data(), bytes.size()), size_t(100));
        QVERIFY(!driver().written());
        QCOMPARE(m_bench->model.accesses(), uint64_t(0));
    }

    void haltLosesAndDoublesNothing_data()
    {
        QTest::addColumn<int>("fetched");
        QTest::addColumn<bool>(
            "halted"); // else the host only starts anew, as libusb_clear_halt() does
        for (const int fetched : {0, 1, 3, 5}) {
            QTest::addRow("after %d packets", fetched) << fetched << true;
            QTest::addRow("after %d packets, without a halt", fetched) << fetched << false;
        }
    }
    void haltLosesAndDoublesNothing()
    {
        QFETCH(int, fetched);
        QFETCH(bool, halted);
        UsbHost &host = m_bench->host;
        const Bytes data = counting(300);
        QCOMPARE(m_bench->write(data), data.size());
        Bytes got;
        for (int i = 0; i < fetched; i++) {
            const Bytes packet = host.bulkInPacket().bytes;
            got.insert(got.end(), packet.begin(), packet.end());
        }
        if (halted) {
            QVERIFY(host.controlOut(2, 3, 0, 0x81));
            QCOMPARE(*host.controlIn(0x82, 0, 0, 0x81, 2), (Bytes{1, 0}));
            QCOMPARE(*host.controlIn(0x82, 0, 0, 1, 2), (Bytes{0, 0}));
            QCOMPARE(host.bulkInPacket().kind, Kind::Stall);
            m_bench->poll();
            QCOMPARE(host.bulkInPacket().kind, Kind::Stall);
        }
        host.clearHalt(0x81);
        QCOMPARE(*host.controlIn(0x82, 0, 0, 0x81, 2), (Bytes{0, 0}));
        if (fetched < 5) {
            const std::optional<Bytes> rest = host.bulkIn(1000);
            QVERIFY(rest);
            got.insert(got.end(), rest->begin(), rest->end());
        }
        QVERIFY(got == data);
        QCOMPARE(m_bench->write({1, 2, 3}), size_t(3));
        QCOMPARE(*host.bulkIn(64), (Bytes{1, 2, 3}));
    }

    void haltOfTheOtherWay()
    {
        UsbHost &host = m_bench->host;
        QVERIFY(host.bulkOut(counting(64)));
        QVERIFY(host.controlOut(2, 3, 0, 1));
        QCOMPARE(*host.controlIn(0x82, 0, 0, 1, 2), (Bytes{1, 0}));
        QCOMPARE(host.bulkOutPacket({1, 2, 3}), Kind::Stall);
        QCOMPARE(m_bench->read(100), counting(64));
        host.clearHalt(1);
        QVERIFY(host.bulkOut(counting(130)));
        QCOMPARE(m_bench->read(200), counting(130));
        host.clearHalt(1);
        QVERIFY(host.bulkOut(counting(7)));
        QCOMPARE(m_bench->read(200), counting(7));
    }

    void resetInTheMiddleBeginsAnew_data()
    {
        QTest::addColumn<int>("how");
        QTest::newRow("bus reset") << 0;
        QTest::newRow("configured again") << 1;
        QTest::newRow("configured to nothing and again") << 2;
        QTest::newRow("interface set") << 3;
    }
    void resetInTheMiddleBeginsAnew()
    {
        QFETCH(int, how);
        UsbHost &host = m_bench->host;
        for (size_t packets = 0; packets < 12; packets++) {
            QVERIFY(packets == 0 || host.bulkOut(counting(packets * 64)));
            QCOMPARE(m_bench->write(counting(1000)), size_t(1000));
            for (size_t i = 0; i < packets; i++) {
                QCOMPARE(host.bulkInPacket().kind, Kind::Done);
            }
            switch (how) {
            case 0:
                QVERIFY(host.enumerate());
                break;
            case 2:
                QVERIFY(host.controlOut(0, 9, 0, 0));
                QCOMPARE(driver().connected(), 0);
                QCOMPARE(host.bulkInPacket().kind, Kind::Nothing);
                QCOMPARE(host.bulkOutPacket({1}), Kind::Nothing);
                QCOMPARE(m_bench->write({1, 2, 3}), size_t(0));
                [[fallthrough]];
            case 1:
                QVERIFY(host.controlOut(0, 9, 1, 0));
                break;
            default:
                QVERIFY(host.controlOut(1, 11, 0, 0));
                break;
            }
            host.toggleIn = host.toggleOut = 0;
            QCOMPARE(driver().connected(), 1);
            QCOMPARE(driver().written(), 1);
            QCOMPARE(m_bench->read(3000), Bytes());
            QCOMPARE(host.bulkInPacket().kind, Kind::Nak);
            QVERIFY(host.bulkOut(counting(900, 9)));
            QVERIFY(m_bench->read(3000) == counting(900, 9));
            QCOMPARE(m_bench->write(counting(900, 5)), size_t(900));
            QVERIFY(host.bulkIn(3000) == counting(900, 5));
        }
    }

    void resetBeforeTheDriverSawThePackets()
    {
        UsbHost &host = m_bench->host;
        QCOMPARE(m_bench->model.out(1, counting(64), 0).kind, Kind::Done);
        QCOMPARE(m_bench->model.out(1, counting(10), 1).kind, Kind::Done);
        QVERIFY(host.enumerate());
        QCOMPARE(m_bench->read(3000), Bytes());
        QVERIFY(host.bulkOut(counting(600, 9)));
        QVERIFY(m_bench->read(3000) == counting(600, 9));
    }

    void sleepKeepsWhatIsQueued()
    {
        QVERIFY(m_bench->host.bulkOut(counting(5)));
        QCOMPARE(m_bench->write(counting(1000)), size_t(1000));
        QCOMPARE(m_bench->host.bulkInPacket().bytes.size(), size_t(64));
        m_bench->model.suspend();
        m_bench->host.service();
        QCOMPARE(m_bench->write({1}), size_t(0));
        QCOMPARE(m_bench->read(100), counting(5));
        m_bench->model.resume();
        m_bench->host.service();
        QCOMPARE(m_bench->host.bulkIn(3000)->size(), size_t(1000 - 64));
        QCOMPARE(m_bench->write({1}), size_t(1));
    }

    void nothingIsWrittenWithoutAHost()
    {
        m_bench = newBench();
        QCOMPARE(driver().init(&m_bench->config), 0);
        QCOMPARE(m_bench->write({1, 2}), size_t(0));
        QCOMPARE(driver().written(), 1);
        QCOMPARE(m_bench->read(10), Bytes());
    }

    void echoesAMebibyte()
    {
        constexpr size_t total = 1 << 20;
        std::mt19937 random(7);
        Bytes out(total), in;
        for (uint8_t &byte : out) {
            byte = static_cast<uint8_t>(random());
        }
        in.reserve(total);
        UsbHost &host = m_bench->host;
        for (size_t at = 0; in.size() < total;) {
            const size_t count = std::min<size_t>(random() % 65, total - at);
            const auto begin = out.begin() + static_cast<std::ptrdiff_t>(at);
            if (count && host.bulkOutPacket(Bytes(
                             begin, begin + static_cast<std::ptrdiff_t>(count))) == Kind::Done)
                at += count;
            if (m_waiting.empty()) m_waiting = m_bench->read(1 + random() % 500);
            const size_t taken = m_bench->write(m_waiting);
            m_waiting.erase(m_waiting.begin(),
                            m_waiting.begin() + static_cast<std::ptrdiff_t>(taken));
            const Dwc2Model::Answer answer = host.bulkInPacket();
            QVERIFY(answer.kind == Kind::Done || answer.kind == Kind::Nak);
            in.insert(in.end(), answer.bytes.begin(), answer.bytes.end());
        }
        QVERIFY(in == out);
    }

    // A program echoes in a thread of its own while "interrupts" come at any moment.
    void ringsMayBeUsedWhileInterruptsPoll()
    {
        constexpr size_t total = 200000;
        std::atomic_bool stop = false;
        std::thread program([&stop] {
            uint8_t bytes[700];
            while (!stop) {
                const size_t count = driver().read(bytes, sizeof bytes);
                for (size_t sent = 0; sent < count && !stop;) {
                    sent += driver().write(bytes + sent, count - sent);
                    if (sent < count) std::this_thread::yield();
                }
                if (count == 0) std::this_thread::yield();
            }
        });
        const Bytes out = counting(total);
        Bytes in;
        QElapsedTimer timer;
        timer.start();
        bool good = true;
        for (size_t at = 0; good && in.size() < total && timer.elapsed() < 60000;) {
            const size_t count = std::min<size_t>(64, total - at);
            const auto begin = out.begin() + static_cast<std::ptrdiff_t>(at);
            const Bytes packet(begin, begin + static_cast<std::ptrdiff_t>(count));
            if (count && m_bench->host.bulkOutPacket(packet) == Kind::Done) at += count;
            m_bench->poll();
            const Dwc2Model::Answer answer = m_bench->host.bulkInPacket();
            good = answer.kind == Kind::Done || answer.kind == Kind::Nak;
            if (answer.kind == Kind::Nak) std::this_thread::yield();
            in.insert(in.end(), answer.bytes.begin(), answer.bytes.end());
        }
        stop = true;
        program.join();
        QVERIFY(good && in == out);
    }

    void anythingInAnyOrder_data()
    {
        QTest::addColumn<uint>("seed");
        for (uint seed = 1; seed <= 10; seed++) {
            QTest::addRow("seed %u", seed) << seed;
        }
    }
    // Both streams stay whole whatever a host does in between.
    void anythingInAnyOrder()
    {
        QFETCH(uint, seed);
        std::mt19937 random(seed);
        UsbHost &host = m_bench->host;
        Bytes toDevice, toHost; // on their way
        const auto takeOff = [](Bytes &way, const Bytes &arrived) {
            if (arrived.size() > way.size() ||
                !std::equal(arrived.begin(), arrived.end(), way.begin()))
                return false;
            way.erase(way.begin(), way.begin() + static_cast<std::ptrdiff_t>(arrived.size()));
            return true;
        };
        for (int step = 0; step < 3000; step++) {
            const auto draw = static_cast<uint32_t>(random() % 1000);
            if (draw < 300) {
                const Bytes packet = counting(random() % 65, static_cast<uint8_t>(random()));
                const Kind kind = host.bulkOutPacket(packet);
                QVERIFY(kind == Kind::Done || kind == Kind::Nak);
                if (kind == Kind::Done)
                    toDevice.insert(toDevice.end(), packet.begin(), packet.end());
            } else if (draw < 550) {
                const Dwc2Model::Answer answer = host.bulkInPacket();
                QVERIFY(answer.kind == Kind::Done || answer.kind == Kind::Nak);
                QVERIFY(takeOff(toHost, answer.bytes));
            } else if (draw < 700) {
                QVERIFY(takeOff(toDevice, m_bench->read(random() % 700)));
            } else if (draw < 850) {
                const Bytes bytes = counting(random() % 700, static_cast<uint8_t>(random()));
                const auto taken = static_cast<std::ptrdiff_t>(m_bench->write(bytes));
                toHost.insert(toHost.end(), bytes.begin(), bytes.begin() + taken);
            } else if (draw < 900) {
                QVERIFY(
                    host.controlIn(0x80, 6, 0x0302, 0, static_cast<uint16_t>(1 + random() % 255)));
            } else if (draw < 930) { // a host that changes its mind
                std::array<uint8_t, 8> setup{0xC0, 0x20, 0, 0, 7, 0, 0xA2, 0};
                if (draw & 1) setup = {0x40, 7, 0, 0, 0, 0, 100, 0};
                m_bench->model.setup(setup);
                if (draw & 2) host.service();
                for (uint32_t i = 0; i < draw % 5; i++) {
                    if (setup[0] & 0x80) {
                        m_bench->model.in(0);
                    } else {
                        m_bench->model.out(0, counting(64), 1);
                        if (draw & 4) break;
                    }
                    host.service();
                    if (!(setup[0] & 0x80) && i) break;
                }
            } else if (draw < 945) {
                QVERIFY(host.controlIn(0x80, 0, 0, 0, 2));
                host.clearHalt(draw & 1 ? 0x81 : 0x01);
            } else if (draw < 960) {
                const uint8_t endpoint = draw & 1 ? 0x81 : 0x01;
                QVERIFY(host.controlOut(2, 3, 0, endpoint));
                QCOMPARE(endpoint == 1 ? host.bulkOutPacket({1}) : host.bulkInPacket().kind,
                         Kind::Stall);
                host.clearHalt(endpoint);
            } else if (draw < 975) {
                m_bench->model.suspend();
                host.service();
                m_bench->model.resume();
                host.service();
            } else if (draw < 985) {
                QVERIFY(host.controlOut(0x40, 3, 0, 0, counting(random() % 257)));
            } else if (draw < 990) {
                QVERIFY(host.enumerate());
                toDevice.clear();
                toHost.clear();
            } else {
                QVERIFY(!host.controlIn(0x80, 6, 0x0900, 0, 64));
            }
        }
        QCOMPARE(m_bench->violations(), QByteArray());
    }

private:
    std::unique_ptr<Bench> m_bench;
    Bytes m_waiting;
};

QTEST_GUILESS_MAIN(TestDwc2Bulk)
#include "tst_dwc2_bulk.moc"
