#include "core/device/operator_request.h"
#include "core/device/usb_link.h"
#include "tests/core/device/pointwise_operator.h"
#include "tests/support/emulated_usb.h"

#include <QElapsedTimer>
#include <QTest>
#include <QThread>

#include <unistd.h>

using namespace atomnet;
using namespace atomnet::test;

namespace
{

const QString first = QStringLiteral("EMU0001"), second = QStringLiteral("EMU0002"),
              third = QStringLiteral("EMU0003");

std::unique_ptr<Link> usb(const QString &serial)
{
    return std::make_unique<UsbLink>(serial);
}

LinkResult<Session> session(const QString &serial = first)
{
    return Session::open(usb(serial));
}

/// The profilers among the found devices.
std::vector<FoundDevice> profilers()
{
    std::vector<FoundDevice> found = findDevices();
    std::erase_if(found,
                  [](const FoundDevice &one) { return one.what != FoundDevice::What::Profiler; });
    return found;
}

} // namespace

/// The link over libusb, with the real firmware behind emulated connectors: two boards built for
/// this computer.
class TestUsbLink : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void cleanup();
    void findsBothBoards();
    void measures();
    void severalBoardsNeedASerialNumber();
    void anAbsentBoardIsNotFound();
    void aSecondProgramFindsItBusy();
    void whatAnotherProgramHoldsIsBusy();
    void withoutPermission();
    void silenceEndsInTime();
    void aBoardThatTakesNothing();
    void cancelIsQuick();
    void interruptIsQuick();
    void aStalledReplyIsAskedForAgain();
    void aStalledRequestIsSentAgain();
    void shortPackets();
    void longMessagesInWholePackets();
    void garbageFromTheBoard();
    void unpluggedInMidRequest();
    void unpluggedWhileReadingComesBack();
    void twoBoardsAtOnce();
    void watcherTellsOfComingAndGoing();
};

void TestUsbLink::initTestCase()
{
    if (!test::usbIsEmulated()) QSKIP("umockdev is not installed");
}

void TestUsbLink::cleanup()
{
    if (!test::usbIsEmulated()) return;
    for (const QByteArray &number : {QByteArray("0"), QByteArray("1")})
        for (const char *what : {"hold ", "mute ", "taken ", "deny "})
            QVERIFY(orderUsb(what + number + " 0"));
    QVERIFY(orderUsb("packet 0 64"));
}

void TestUsbLink::findsBothBoards()
{
    const std::vector<FoundDevice> found = profilers();
    QCOMPARE(found.size(), 2u);
    for (std::size_t i = 0; i < 2; ++i) {
        const FoundDevice &one = found[i];
        QCOMPARE(one.serial, i ? second : first);
        QCOMPARE(one.name, QStringLiteral("AtomNet profiler EMULATED"));
        QCOMPARE(toString(one.address), QStringLiteral("usb:") + one.serial);
        QCOMPARE(one.problem, QString());
        QCOMPARE(one.vendor, quint16(0x1209));
        QCOMPARE(one.product, quint16(1));
    }
}

void TestUsbLink::measures()
{
    auto board = session();
    QVERIFY2(board, complaint(board).constData());
    const auto trusted = board->trust();
    QVERIFY2(trusted, complaint(trusted).constData());
    const auto result = board->run(pointwise(8, 16), 3);
    QVERIFY2(result, complaint(result).constData());
    QVERIFY(result->median > 0);
}

void TestUsbLink::severalBoardsNeedASerialNumber()
{
    const auto any = session(QString());
    QVERIFY(!any);
    QVERIFY2(any.error().what.contains(u"usb:SERIAL (EMU0001, EMU0002)"),
             complaint(any).constData());
}

void TestUsbLink::anAbsentBoardIsNotFound()
{
    const auto absent = session(QStringLiteral("NONE"));
    QVERIFY(!absent);
    QCOMPARE(absent.error().fault, LinkFault::NotFound);
    QVERIFY2(absent.error().what.contains(u"serial NONE is not connected"),
             complaint(absent).constData());
}

void TestUsbLink::aSecondProgramFindsItBusy()
{
    auto board = session();
    QVERIFY2(board, complaint(board).constData());
    const auto again = session();
    QVERIFY(!again);
    QCOMPARE(again.error().fault, LinkFault::Busy);
    QVERIFY(profilers().front().problem.contains(u"another program uses it"));
    // The one that has it does not notice.
    QVERIFY(board->request(AP_MSG_SELF_TEST, {}, 5000));
}

void TestUsbLink::whatAnotherProgramHoldsIsBusy()
{
    QVERIFY(orderUsb("taken 0 1"));
    const auto board = session();
    QVERIFY(!board);
    QCOMPARE(board.error().fault, LinkFault::Busy);
    QVERIFY(orderUsb("taken 0 0"));
    QVERIFY(session());
}

void TestUsbLink::withoutPermission()
{
    QVERIFY(orderUsb("deny 0 1"));
    const bool root = geteuid() == 0;
    constexpr uid_t nobody = 65534;
    if (root) QCOMPARE(seteuid(nobody), 0);
    const auto board = session();
    const std::vector<FoundDevice> found = profilers();
    if (root) QCOMPARE(seteuid(0), 0);
    QVERIFY(!board);
    QCOMPARE(board.error().fault, LinkFault::NoPermission);
    QVERIFY2(board.error().what.contains(u"doctor --install-udev"), complaint(board).constData());
    QCOMPARE(found.size(), 2u);
    QCOMPARE(found.front().name, QStringLiteral("AtomNet profiler EMULATED"));
    QVERIFY2(found.front().problem.contains(u"no permission"), qPrintable(found.front().problem));
}

void TestUsbLink::silenceEndsInTime()
{
    auto board = session();
    QVERIFY(board);
    QVERIFY(orderUsb("mute 0 1"));
    QElapsedTimer timer;
    timer.start();
    const auto reply = board->request(AP_MSG_SELF_TEST, {}, 300);
    QVERIFY(!reply);
    QCOMPARE(reply.error().fault, LinkFault::Timeout);
    QVERIFY(timer.elapsed() >= 290 && timer.elapsed() < 800);
    QVERIFY(orderUsb("mute 0 0"));
    const auto again = board->request(AP_MSG_SELF_TEST, {}, 5000);
    QVERIFY2(again, complaint(again).constData());
}

void TestUsbLink::aBoardThatTakesNothing()
{
    auto board = session();
    QVERIFY(board);
    QVERIFY(orderUsb("hold 0 1"));
    QElapsedTimer timer;
    timer.start();
    const auto reply = board->request(AP_MSG_SELF_TEST, {}, 300);
    QVERIFY(!reply);
    QCOMPARE(reply.error().fault, LinkFault::Timeout);
    QVERIFY(timer.elapsed() < 1000);
    QVERIFY(orderUsb("hold 0 0"));
    const auto again = board->request(AP_MSG_SELF_TEST, {}, 5000);
    QVERIFY2(again, complaint(again).constData());
}

void TestUsbLink::cancelIsQuick()
{
    for (const char *state : {"mute 0 1", "hold 0 1"}) {
        cleanup();
        auto board = session();
        QVERIFY(board);
        QVERIFY(orderUsb(state));
        QElapsedTimer timer;
        RunControl control;
        qint64 asked = -1;
        timer.start();
        control.isCancelled = [&] {
            if (timer.elapsed() >= 100 && asked < 0) asked = timer.elapsed();
            return asked >= 0;
        };
        const auto reply = board->request(AP_MSG_SELF_TEST, {}, 5000, control);
        QVERIFY(!reply);
        QCOMPARE(reply.error().fault, LinkFault::Interrupted);
        QVERIFY2(timer.elapsed() - asked < 200,
                 qPrintable(QString::number(timer.elapsed() - asked)));
    }
}

void TestUsbLink::interruptIsQuick()
{
    auto board = session();
    QVERIFY(board);
    QVERIFY(orderUsb("mute 0 1"));
    QElapsedTimer timer;
    timer.start();
    std::atomic<qint64> called = 0;
    const std::unique_ptr<QThread> other(QThread::create([&] {
        QThread::msleep(100);
        called = timer.elapsed();
        board->link().interrupt();
    }));
    other->start();
    const auto reply = board->request(AP_MSG_SELF_TEST, {}, 5000);
    const qint64 freed = timer.elapsed();
    other->wait();
    QVERIFY(!reply);
    QCOMPARE(reply.error().fault, LinkFault::Interrupted);
    QVERIFY2(freed - called < 200, qPrintable(QString::number(freed - called)));
}

void TestUsbLink::aStalledReplyIsAskedForAgain()
{
    auto board = session();
    QVERIFY(board);
    for (int i = 0; i < 3; ++i) {
        QVERIFY(orderUsb("stall 0 in"));
        const auto reply = board->request(AP_MSG_SELF_TEST, {}, 5000);
        QVERIFY2(reply, complaint(reply).constData());
    }
}

void TestUsbLink::aStalledRequestIsSentAgain()
{
    auto board = session();
    QVERIFY(board);
    QVERIFY(board->trust());
    for (int i = 0; i < 3; ++i) {
        QVERIFY(orderUsb("stall 0 out"));
        const auto result = board->run(pointwise(8, 16), 2);
        QVERIFY2(result, complaint(result).constData());
    }
}

void TestUsbLink::shortPackets()
{
    for (const char *bytes : {"1", "7", "63"}) {
        QVERIFY(orderUsb(QByteArray("packet 0 ") + bytes));
        auto board = session();
        QVERIFY2(board, complaint(board).constData());
        const auto reply = board->request(AP_MSG_SELF_TEST, {}, 5000);
        QVERIFY2(reply, complaint(reply).constData());
    }
}

/// Replies of every length modulo the packet, whole packets without an empty one behind them among
/// them.
void TestUsbLink::longMessagesInWholePackets()
{
    auto board = session();
    QVERIFY(board);
    const QByteArray window = freshWindow(4096);
    QByteArray request(AP_MAX_PAYLOAD, '\0');
    for (quint32 count = 100; count <= AP_MAX_PAYLOAD; count += count < 100 + 66 ? 1 : 941) {
        const ap_range_t range{AP_REGION_WINDOW, 1, count};
        const auto size = ap_encode_range(&range, reinterpret_cast<uint8_t *>(request.data()));
        const auto reply = board->request(AP_MSG_READ, request.first(qsizetype(size)), 3000);
        QVERIFY2(reply, complaint(reply).constData());
        QCOMPARE(*reply, window.sliced(1, count));
    }
}

void TestUsbLink::garbageFromTheBoard()
{
    auto board = session();
    QVERIFY(board);
    QVERIFY(orderUsb("say 0 what a board would never say"));
    const auto reply = board->request(AP_MSG_SELF_TEST, {}, 5000);
    QVERIFY2(reply, complaint(reply).constData());
}

void TestUsbLink::unpluggedInMidRequest()
{
    auto board = session();
    QVERIFY(board);
    QVERIFY(orderUsb("mute 0 1"));
    const std::unique_ptr<QThread> other(QThread::create([] {
        QThread::msleep(100);
        QVERIFY(orderUsb("unplug 0"));
    }));
    other->start();
    QElapsedTimer timer;
    timer.start();
    const auto reply = board->request(AP_MSG_SELF_TEST, {}, 5000);
    other->wait();
    QVERIFY(!reply);
    QCOMPARE(reply.error().fault, LinkFault::Gone);
    QVERIFY2(reply.error().what.contains(u"was unplugged"), complaint(reply).constData());
    QVERIFY(timer.elapsed() < 1500);
    QCOMPARE(board->request(AP_MSG_SELF_TEST, {}, 500).error().fault, LinkFault::Gone);
    // Nobody puts it back.
    timer.restart();
    const auto absent = board->reconnect(300);
    QVERIFY(!absent);
    QCOMPARE(absent.error().fault, LinkFault::NotFound);
    QVERIFY(timer.elapsed() >= 290 && timer.elapsed() < 1500);
    QCOMPARE(profilers().size(), 1u);
    QVERIFY(orderUsb("plug 0"));
}

void TestUsbLink::unpluggedWhileReadingComesBack()
{
    auto board = session();
    QVERIFY(board);
    QVERIFY(board->trust());
    const std::unique_ptr<QThread> other(QThread::create([] {
        QThread::msleep(150);
        QVERIFY(orderUsb("unplug 0"));
        QThread::msleep(300);
        QVERIFY(orderUsb("plug 0"));
    }));
    other->start();
    LinkResult<OperatorResult> result;
    for (int i = 0; i < 100'000 && (result = board->run(pointwise(8, 16), 3)); ++i) {
    }
    QVERIFY(!result);
    QCOMPARE(result.error().fault, LinkFault::Gone);
    const auto back = board->reconnect(5000);
    other->wait();
    QVERIFY2(back, complaint(back).constData());
    QVERIFY(board->trusted());
    QVERIFY(board->run(pointwise(8, 16), 3));
}

void TestUsbLink::twoBoardsAtOnce()
{
    std::atomic_int good = 0;
    std::vector<std::unique_ptr<QThread>> threads;
    for (const QString &serial : {first, second}) {
        threads.emplace_back(QThread::create([serial, &good] {
            auto board = session(serial);
            if (!board || !board->trust()) return;
            for (int i = 1; i <= 20; ++i)
                if (const auto result = board->run(pointwise(4 + i, 8), 2))
                    good += result->raw.repetitions == 2;
        }));
        threads.back()->start();
    }
    for (const auto &thread : threads)
        thread->wait();
    QCOMPARE(good.load(), 40);
}

void TestUsbLink::watcherTellsOfComingAndGoing()
{
    std::atomic_int told = 0;
    const DeviceWatcher watcher([&told] { ++told; });
    QVERIFY(orderUsb("unplug 1"));
    QTRY_COMPARE_WITH_TIMEOUT(told.load(), 1, 3000);
    QCOMPARE(profilers().size(), 1u);
    QVERIFY(orderUsb("plug 1"));
    QTRY_COMPARE_WITH_TIMEOUT(told.load(), 2, 3000);
    QCOMPARE(profilers().size(), 2u);
}

int main(int argc, char **argv)
{
    const QByteArray profiler = QByteArrayLiteral(ATOMNET_HOST_PROFILER);
    test::emulateUsb(argv, {{first.toLatin1(), profiler}, {second.toLatin1(), profiler}});
    const QCoreApplication app(argc, argv);
    TestUsbLink test;
    return QTest::qExec(&test, argc, argv);
}
#include "tst_usb_link.moc"
