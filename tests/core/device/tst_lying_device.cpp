#include "core/device/operator_request.h"
#include "core/device/session_private.h"
#include "tests/core/device/middle_link.h"

#include <QElapsedTimer>
#include <QTest>

#include <random>

using namespace atomnet;
using test::frameOf;
using test::MiddleLink;

namespace
{

using Change = MiddleLink::Change;

std::unique_ptr<MiddleLink> liar(Change change = {})
{
    return std::make_unique<MiddleLink>(
        makeLink({DeviceAddress::Kind::Program, QStringLiteral(ATOMNET_HOST_PROFILER), 0, {}}),
        std::move(change));
}

ap_operator_t smallOperator()
{
    AtomKey key;
    key.kind = AtomKind::Pointwise;
    key.act = KeyAct::Relu;
    key.variant = 1;
    key.inH = key.inW = key.outH = key.outW = 4;
    key.inC = key.outC = 8;
    const auto op = operatorRequest(key, ownPlace(key));
    if (!op) qFatal("%s", qPrintable(op.error().message()));
    return *op;
}

/// The truth but for one message, whose decoded payload `change` may alter.
template <class T>
Change altered(ap_message_t type,
               ap_status_t (*decode)(const uint8_t *, std::size_t, T *, uint16_t *),
               std::size_t (*encode)(const T *, uint8_t *), std::function<void(T &)> change)
{
    return [=](const ap_header_t &header, const QByteArray &payload) {
        T value{};
        if (header.type != type || header.status != AP_OK || !decoded(decode, payload, value))
            return frameOf(header, payload);
        change(value);
        return frameOf(header, encoded(encode, value));
    };
}
Change alteredHello(std::function<void(ap_hello_t &)> change)
{
    return altered<ap_hello_t>(AP_MSG_HELLO, ap_decode_hello, ap_encode_hello, std::move(change));
}
Change alteredResult(std::function<void(ap_result_t &)> change)
{
    return altered<ap_result_t>(AP_MSG_RUN_OPERATOR, ap_decode_result, ap_encode_result,
                                std::move(change));
}

/// A session that was honest up to here, and the link to make it lie.
struct Honest {
    explicit Honest(bool trusted = false, Change hello = {})
    {
        auto link = liar(std::move(hello));
        middle = link.get();
        auto opened = Session::open(std::move(link));
        if (!opened || (trusted && !opened->trust())) qFatal("the profiler does not work");
        session.emplace(*std::move(opened));
    }
    MiddleLink *middle = nullptr;
    std::optional<Session> session;
};

/// Less Flash than there is: it is read whole.
Change smallWindow()
{
    return alteredHello([](ap_hello_t &hello) { hello.window_bytes = 64 << 10; });
}

QByteArray damagedFrame(const ap_header_t &header, const QByteArray &payload)
{
    QByteArray frame = frameOf(header, payload);
    frame[frame.size() / 2] = char(frame[frame.size() / 2] == 'x' ? 'y' : 'x');
    return frame;
}

QByteArray helloRequest()
{
    const ap_hello_request_t hello{AP_PROTOCOL_MAJOR, AP_PROTOCOL_MINOR};
    return encoded(ap_encode_hello_request, hello);
}

} // namespace

Q_DECLARE_METATYPE(MiddleLink::Change)

/// Devices that lie: each lie ends in one clear sentence within its timeout, and never in a wrong
/// figure.
class TestLyingDevice : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void hellosThatCannotBe_data();
    void hellosThatCannotBe();
    void resultsThatCannotBe_data();
    void resultsThatCannotBe();
    void oneDamagedReplyIsAskedForAgain();
    void onlyDamagedReplies();
    void whatChangesSomethingIsNotAskedAgain();
    void wrongSequenceNumber();
    void wrongType();
    void unknownStatus();
    void silence();
    void aBoardThatNeverSaysHello();
    void endlessGarbage();
    void garbageBeforeTheReply();
    void lateRepliesAreDropped();
    void repliesInSmallPieces();
    void hardFaultsAreReported();
    void otherProtocolVersion();
    void failedSelfTest();
    void windowThatIsNotWhatItWas();
    void windowCrcThatLies();
    void shortPayloads();
    void anotherBoardComesBack();
    void randomMutations();
};

void TestLyingDevice::hellosThatCannotBe_data()
{
    QTest::addColumn<Change>("change");
    QTest::addColumn<LinkFault>("fault");
    QTest::addColumn<QString>("says");
    const auto row = [](const char *name, LinkFault fault, const char *says,
                        std::function<void(ap_hello_t &)> change) {
        QTest::newRow(name) << alteredHello(std::move(change)) << fault
                            << QString::fromLatin1(says);
    };
    constexpr LinkFault protocol = LinkFault::Protocol;
    row("clock of a fast computer", protocol, "a clock of",
        [](auto &h) { h.clock_hz = 3'000'000'000u; });
    row("no clock on a real board", protocol, "a value in field 5",
        [](auto &h) { h.clock_hz = 0; });
    row("a clock on a virtual board", protocol, "a value in field 5",
        [](auto &h) { h.flags |= AP_FLAG_VIRTUAL; });
    row("arena of 4 GiB", protocol, "a value in field 10",
        [](auto &h) { h.arena_bytes = 0xffffffffu; });
    row("no arena", protocol, "an arena of 0", [](auto &h) { h.arena_bytes = 0; });
    row("window of 4 GiB", protocol, "a value in field 11",
        [](auto &h) { h.window_bytes = 0xffffffffu; });
    row("window of 64 MiB", protocol, "bytes for weights",
        [](auto &h) { h.window_bytes = 64u << 20; });
    row("window shorter than its pattern", protocol, "a value in field 12",
        [](auto &h) { h.window_bytes = 100; });
    row("messages of no bytes", protocol, "a value in field 15",
        [](auto &h) { h.max_payload = 0; });
    row("longer messages than the protocol's", protocol, "messages of 65535 bytes",
        [](auto &h) { h.max_payload = 65535; });
    row("no repetitions", protocol, "a value in field 17", [](auto &h) { h.max_repetitions = 0; });
    row("no steps", protocol, "a value in field 16", [](auto &h) { h.max_steps = 0; });
    row("too many channels", protocol, "a value in field 14",
        [](auto &h) { h.max_channels = 1u << 20; });
    row("a model without an input", protocol, "a value in field 20",
        [](auto &h) { h.flags |= AP_FLAG_MODEL; });
    row("no board", protocol, "a value in field 24", [](auto &h) { h.board[0] = 0; });
    row("a board that is no text", protocol, "a value in field 24",
        [](auto &h) { h.board[0] = char(0xff); });
    row("other kernels", LinkFault::Version, "stale firmware", [](auto &h) { h.kernel_hash ^= 1; });
    row("older firmware", LinkFault::Version, "stale firmware",
        [](auto &h) { h.firmware_version = 0; });
    row("other constants", LinkFault::Version, "stale firmware",
        [](auto &h) { h.pattern_bytes /= 2; });
    row("another major version", LinkFault::Version, "protocol", [](auto &h) { h.major = 2; });
}

void TestLyingDevice::hellosThatCannotBe()
{
    QFETCH(Change, change);
    QFETCH(LinkFault, fault);
    QFETCH(QString, says);
    const auto session = Session::open(liar(change));
    QVERIFY(!session);
    QCOMPARE(session.error().fault, fault);
    QVERIFY2(session.error().what.contains(says), qPrintable(session.error().what));
}

void TestLyingDevice::resultsThatCannotBe_data()
{
    QTest::addColumn<Change>("change");
    QTest::addColumn<QString>("says");
    const auto row = [](const char *name, const char *says,
                        std::function<void(ap_result_t &)> change) {
        QTest::newRow(name) << alteredResult(std::move(change)) << QString::fromLatin1(says);
    };
    row("another output", "the operator's output differs", [](auto &r) { r.output_crc ^= 1; });
    row("other repetitions", "a result that cannot be", [](auto &r) { r.repetitions = 3; });
    row("nothing counted", "a result that cannot be",
        [](auto &r) { r.first = r.min = r.median = r.max = 0; });
    const auto lie = [](auto &r) {
        r.min = 100;
        r.median = r.first = 50;
        r.max = 200;
    };
    row("the median below the least", "cannot be", lie);
    row("the first beyond the most", "cannot be", [](auto &r) {
        r.min = r.median = r.max = 100;
        r.first = 101;
    });
}

void TestLyingDevice::resultsThatCannotBe()
{
    QFETCH(Change, change);
    QFETCH(QString, says);
    Honest board(true);
    board.middle->change = change;
    const auto result = board.session->run(smallOperator(), 2);
    QVERIFY(!result);
    QCOMPARE(result.error().fault, LinkFault::Protocol);
    QVERIFY2(result.error().what.contains(says), qPrintable(result.error().what));
}

void TestLyingDevice::oneDamagedReplyIsAskedForAgain()
{
    Honest board(true);
    for (int damaged = 1; damaged <= 2; ++damaged) {
        int left = damaged;
        board.middle->change = [&left](const ap_header_t &header, const QByteArray &payload) {
            return left-- > 0 ? damagedFrame(header, payload) : frameOf(header, payload);
        };
        const int before = board.middle->requests;
        const auto result = board.session->run(smallOperator(), 2);
        QVERIFY2(result, result ? "" : qPrintable(result.error().what));
        QCOMPARE(board.middle->requests - before, 1 + damaged);
    }
}

void TestLyingDevice::onlyDamagedReplies()
{
    Honest board(true);
    board.middle->change = damagedFrame;
    const int before = board.middle->requests;
    QElapsedTimer timer;
    timer.start();
    const auto result = board.session->run(smallOperator(), 1);
    QVERIFY(!result);
    QCOMPARE(result.error().fault, LinkFault::Protocol);
    QVERIFY2(result.error().what.contains(u"only damaged data"), qPrintable(result.error().what));
    QCOMPARE(board.middle->requests - before, 3);
    QVERIFY(timer.elapsed() < 2000);
}

void TestLyingDevice::whatChangesSomethingIsNotAskedAgain()
{
    Honest board;
    board.middle->change = damagedFrame;
    const int before = board.middle->requests;
    const auto result = board.session->request(AP_MSG_ABORT, {}, 500);
    QVERIFY(!result);
    QCOMPARE(result.error().fault, LinkFault::Protocol);
    QCOMPARE(board.middle->requests - before, 1);
}

void TestLyingDevice::wrongSequenceNumber()
{
    Honest board;
    board.middle->change = [](ap_header_t header, const QByteArray &payload) {
        header.sequence = quint16(header.sequence + 7);
        return frameOf(header, payload);
    };
    QElapsedTimer timer;
    timer.start();
    const auto result = board.session->request(AP_MSG_HELLO, helloRequest(), 300);
    QVERIFY(!result);
    QCOMPARE(result.error().fault, LinkFault::Protocol);
    QVERIFY2(result.error().what.contains(u"answers other requests"),
             qPrintable(result.error().what));
    QVERIFY(timer.elapsed() >= 290 && timer.elapsed() < 1000);
}

void TestLyingDevice::wrongType()
{
    Honest board;
    board.middle->change = [](ap_header_t header, const QByteArray &payload) {
        header.type = AP_MSG_RESET;
        return frameOf(header, payload);
    };
    const auto result = board.session->request(AP_MSG_HELLO, helloRequest(), 1000);
    QVERIFY(!result);
    QCOMPARE(result.error().fault, LinkFault::Protocol);
    QVERIFY2(result.error().what.contains(u"answers with message 13"),
             qPrintable(result.error().what));
}

void TestLyingDevice::unknownStatus()
{
    Honest board;
    board.middle->change = [](ap_header_t header, const QByteArray &payload) {
        header.status = 200;
        return frameOf(header, payload);
    };
    const auto result = board.session->request(AP_MSG_HELLO, helloRequest(), 1000);
    QVERIFY(!result);
    QCOMPARE(result.error().fault, LinkFault::Protocol);
}

void TestLyingDevice::silence()
{
    Honest board;
    board.middle->change = [](const ap_header_t &, const QByteArray &) { return QByteArray(); };
    QElapsedTimer timer;
    timer.start();
    const auto result = board.session->request(AP_MSG_HELLO, helloRequest(), 300);
    QVERIFY(!result);
    QCOMPARE(result.error().fault, LinkFault::Timeout);
    QVERIFY2(result.error().what.contains(u"did not answer in time"),
             qPrintable(result.error().what));
    QVERIFY(timer.elapsed() >= 290 && timer.elapsed() < 1000);
}

void TestLyingDevice::aBoardThatNeverSaysHello()
{
    QElapsedTimer timer;
    timer.start();
    const auto session =
        Session::open(liar([](const ap_header_t &, const QByteArray &) { return QByteArray(); }));
    QVERIFY(!session);
    QCOMPARE(session.error().fault, LinkFault::Timeout);
    QVERIFY(timer.elapsed() < 6000);
}

void TestLyingDevice::endlessGarbage()
{
    Honest board;
    for (const QByteArray &garbage : {QByteArray(100, 'g'), QByteArray(3000, '\1'),
                                      QByteArray("a\0b\0c\0", 6), QByteArray(50, '\0')}) {
        board.middle->garbage = garbage;
        QElapsedTimer timer;
        timer.start();
        const auto result = board.session->request(AP_MSG_HELLO, helloRequest(), 250);
        QVERIFY(!result);
        QVERIFY(result.error().fault == LinkFault::Protocol ||
                result.error().fault == LinkFault::Timeout);
        QVERIFY(!result.error().what.isEmpty());
        QVERIFY2(timer.elapsed() < 1500, qPrintable(QString::number(timer.elapsed())));
    }
}

void TestLyingDevice::garbageBeforeTheReply()
{
    Honest board(true);
    board.middle->change = [first = true](const ap_header_t &header,
                                          const QByteArray &payload) mutable {
        const QByteArray noise = std::exchange(first, false) ? QByteArray(700, 'n') : QByteArray();
        return noise + '\0' + '\0' + frameOf(header, payload);
    };
    const auto result = board.session->run(smallOperator(), 2);
    QVERIFY2(result, result ? "" : qPrintable(result.error().what));
}

void TestLyingDevice::lateRepliesAreDropped()
{
    Honest board(true);
    QByteArray held;
    board.middle->change = [&held](const ap_header_t &header, const QByteArray &payload) {
        return std::exchange(held, frameOf(header, payload)); // each comes with the next one
    };
    const auto late = board.session->request(AP_MSG_HELLO, helloRequest(), 200);
    QVERIFY(!late);
    board.middle->change = [&held](const ap_header_t &header, const QByteArray &payload) {
        return std::exchange(held, {}) + frameOf(header, payload);
    };
    const auto result = board.session->run(smallOperator(), 5);
    QVERIFY2(result, result ? "" : qPrintable(result.error().what));
    QCOMPARE(result->raw.repetitions, 5u);
}

void TestLyingDevice::repliesInSmallPieces()
{
    Honest board;
    board.middle->mostAtOnce = 1;
    const auto trusted = board.session->trust();
    QVERIFY2(trusted, trusted ? "" : qPrintable(trusted.error().what));
}

void TestLyingDevice::hardFaultsAreReported()
{
    Honest board(true);
    board.middle->change = [](ap_header_t header, const QByteArray &) {
        const ap_fault_t fault{0x08001234, 0, 0, 0x8200, 0, 0, 0x60000000};
        header.status = AP_FAULT;
        return frameOf(header, encoded(ap_encode_fault, fault));
    };
    const auto result = board.session->run(smallOperator(), 1);
    QVERIFY(!result);
    QCOMPARE(result.error().fault, LinkFault::Faulted);
    QVERIFY2(result.error().what.contains(u"0x08001234 (CFSR 0x00008200, BFAR 0x60000000)"),
             qPrintable(result.error().what));
}

void TestLyingDevice::otherProtocolVersion()
{
    const auto session = Session::open(liar([](ap_header_t header, const QByteArray &payload) {
        ap_hello_t hello{};
        if (!decoded(ap_decode_hello, payload, hello)) return QByteArray();
        hello.major = 9;
        header.status = AP_WRONG_VERSION;
        return frameOf(header, encoded(ap_encode_hello, hello));
    }));
    QVERIFY(!session);
    QCOMPARE(session.error().fault, LinkFault::Version);
    QVERIFY2(session.error().what.contains(u"speaks protocol 9, this designer 1"),
             qPrintable(session.error().what));
}

void TestLyingDevice::failedSelfTest()
{
    Honest board;
    board.middle->change = altered<ap_self_test_t>(
        AP_MSG_SELF_TEST, ap_decode_self_test, ap_encode_self_test,
        [](ap_self_test_t &test) { test.failed = AP_SELF_IMAGE | AP_SELF_COUNTER; });
    const auto trusted = board.session->trust();
    QVERIFY(!trusted);
    QCOMPARE(trusted.error().fault, LinkFault::Refused);
    QVERIFY2(
        trusted.error().what.contains(u"the firmware in Flash is damaged; flash it anew, its cycle "
                                      u"counter stands still"),
        qPrintable(trusted.error().what));
    QVERIFY(!board.session->trusted());
    QVERIFY(!board.session->run(smallOperator(), 1));
}

/// Flash behind the image holds something: the window is read whole, and CRCs are those of what was
/// read.
void TestLyingDevice::windowThatIsNotWhatItWas()
{
    Honest board(false, smallWindow());
    QByteArray written = freshWindow(board.session->info().hello.window_bytes);
    written[AP_MAX_PAYLOAD * 20 + 5] = 17;
    quint32 at = 0;
    board.middle->change = [&](const ap_header_t &header, const QByteArray &payload) {
        if (header.type == AP_MSG_CRC) {
            const quint32 crc = ap_crc32(0, written.constData(), std::size_t(written.size()));
            const char bytes[]{char(crc), char(crc >> 8), char(crc >> 16), char(crc >> 24)};
            return frameOf(header, QByteArray(bytes, 4));
        }
        if (header.type == AP_MSG_READ) {
            const QByteArray part = written.mid(at, payload.size());
            at += quint32(payload.size());
            return frameOf(header, part);
        }
        return frameOf(header, payload);
    };
    const auto trusted = board.session->trust();
    QVERIFY2(trusted, trusted ? "" : qPrintable(trusted.error().what));
    QCOMPARE(board.session->window().toByteArray(), written);

    at = 0;
    written[100] = char(written[100] + 1); // not behind the image but in it
    const auto other = board.session->trust();
    QVERIFY(!other);
    QCOMPARE(other.error().fault, LinkFault::Version);
}

void TestLyingDevice::windowCrcThatLies()
{
    Honest board(false, smallWindow());
    board.middle->change = [](const ap_header_t &header, const QByteArray &payload) {
        return frameOf(header, header.type == AP_MSG_CRC ? QByteArray("abcd") : payload);
    };
    const auto trusted = board.session->trust();
    QVERIFY(!trusted);
    QCOMPARE(trusted.error().fault, LinkFault::Protocol);
    QVERIFY2(trusted.error().what.contains(u"reads differently each time"),
             qPrintable(trusted.error().what));
}

void TestLyingDevice::shortPayloads()
{
    for (const ap_message_t type : {AP_MSG_SELF_TEST, AP_MSG_CRC, AP_MSG_RUN_OPERATOR}) {
        Honest board;
        board.middle->change = [type](const ap_header_t &header, const QByteArray &payload) {
            return frameOf(header, header.type == type ? payload.left(3) : payload);
        };
        const auto trusted = board.session->trust();
        QVERIFY(!trusted);
        QCOMPARE(trusted.error().fault, LinkFault::Protocol);
    }
    const auto hello = Session::open(liar([](const ap_header_t &header, const QByteArray &payload) {
        return frameOf(header, payload.left(40));
    }));
    QVERIFY(!hello);
    QCOMPARE(hello.error().fault, LinkFault::Protocol);
}

void TestLyingDevice::anotherBoardComesBack()
{
    Honest board(true);
    board.middle->change = alteredHello([](ap_hello_t &hello) { hello.unique_id[3] = 1; });
    const auto other = board.session->reconnect(500);
    QVERIFY(!other);
    QCOMPARE(other.error().fault, LinkFault::Protocol);
    QVERIFY2(other.error().what.contains(u"another board"), qPrintable(other.error().what));
    board.middle->change = alteredHello([](ap_hello_t &hello) { hello.image_crc ^= 5; });
    const auto flashed = board.session->reconnect(500);
    QVERIFY(!flashed);
    QCOMPARE(flashed.error().fault, LinkFault::Version);
    board.middle->change = alteredHello([](ap_hello_t &hello) { hello.clock_hz = 200'000'000; });
    const auto slower = board.session->reconnect(500);
    QVERIFY(!slower);
    board.middle->change = {};
    const auto same = board.session->reconnect(500);
    QVERIFY2(same, same ? "" : qPrintable(same.error().what));
    QVERIFY(board.session->run(smallOperator(), 1));
}

/// Bytes of good frames changed, lost and doubled: never a wrong figure, always an end.
void TestLyingDevice::randomMutations()
{
    Honest board(true);
    std::mt19937 random(20261121);
    const auto below = [&random](qsizetype limit) {
        return qsizetype(random() % std::uint32_t(limit));
    };
    const ap_operator_t op = smallOperator();
    int good = 0, bad = 0;
    for (int round = 0; round < 60; ++round) {
        board.middle->change = [&](const ap_header_t &header, const QByteArray &payload) {
            QByteArray frame = frameOf(header, payload);
            for (auto changes = below(4); changes > 0; --changes) {
                const qsizetype at = below(frame.size());
                switch (below(4)) {
                case 0:
                    frame[at] = char(random());
                    break;
                case 1:
                    frame.remove(at, 1);
                    break;
                case 2:
                    frame.insert(at, char(random()));
                    break;
                default:
                    frame += frame;
                }
                if (frame.isEmpty()) frame = "?";
            }
            return frame + '\0';
        };
        const auto reply = board.session->request(AP_MSG_HELLO, helloRequest(), 100);
        if (reply) {
            ap_hello_t hello{};
            QVERIFY(decoded(ap_decode_hello, *reply, hello));
            QCOMPARE(hello.kernel_hash, kernelHash());
            ++good;
        } else {
            QVERIFY(!reply.error().what.isEmpty());
            ++bad;
        }
    }
    QVERIFY2(good > 10 && bad > 0, qPrintable(QStringLiteral("%1 %2").arg(good).arg(bad)));
    board.middle->change = {};
    QVERIFY(board.session->run(op, 1));
}

QTEST_GUILESS_MAIN(TestLyingDevice)
#include "tst_lying_device.moc"
