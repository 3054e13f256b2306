#include "core/device/operator_request.h"
#include "core/device/process_link.h"
#include "core/device/trust_operators.h"
#include "tests/core/device/pointwise_operator.h"

#include <QElapsedTimer>
#include <QTest>

#include <csignal>

using namespace atomnet;
using namespace atomnet::test;

namespace
{

const QString m4 = QStringLiteral("qemu-m4"), m7 = QStringLiteral("qemu-m7");

LinkResult<Session> session(const QString &board)
{
    return Session::open(std::make_unique<EmulatorLink>(board));
}

} // namespace

/// The virtual boards: the firmware's images in QEMU.
class TestEmulatorLink : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void virtualBoardsAreFound();
    void isTrusted_data();
    void isTrusted();
    void countsAreEqualFromRunToRun();
    void cancelInALongRun();
    void aKilledEmulatorComesBack();
    void anImageThatIsNone();
};

void TestEmulatorLink::initTestCase()
{
    if (EmulatorLink::program().isEmpty()) QSKIP("qemu-system-arm is not installed");
    if (!firmwareFile(QStringLiteral("profiler-qemu-m7.elf")))
        QSKIP("arm-none-eabi-gcc is not installed: there is no image");
}

void TestEmulatorLink::virtualBoardsAreFound()
{
    std::vector<FoundDevice> found = findDevices();
    std::erase_if(
        found, [](const FoundDevice &one) { return one.what != FoundDevice::What::VirtualBoard; });
    QCOMPARE(found.size(), 2u);
    QCOMPARE(toString(found[0].address), m4);
    QCOMPARE(toString(found[1].address), m7);
    QCOMPARE(found[1].name, QStringLiteral("QEMU Cortex-M7"));
    QCOMPARE(found[1].problem, QString());
}

void TestEmulatorLink::isTrusted_data()
{
    QTest::addColumn<QString>("board");
    QTest::newRow("m4") << m4;
    QTest::newRow("m7") << m7;
}

void TestEmulatorLink::isTrusted()
{
    QFETCH(QString, board);
    auto opened = session(board);
    QVERIFY2(opened, complaint(opened).constData());
    const DeviceInfo &info = opened->info();
    QCOMPARE(info.board, board);
    QVERIFY(info.isVirtual());
    QCOMPARE(info.condition().clockHz, 0);
    QVERIFY(info.compiler.startsWith(u"arm-none-eabi-gcc"));
    QVERIFY2(info.summary().startsWith(
                 board == m4 ? QStringLiteral("QEMU Cortex-M4, firmware 1, kernels 1-")
                             : QStringLiteral("QEMU Cortex-M7, firmware 1, kernels 1-")),
             qPrintable(info.summary()));
    const auto trusted = opened->trust();
    QVERIFY2(trusted, complaint(trusted).constData());
    for (const AtomKey &key : trustOperators()) {
        const auto op = operatorRequest(key, ownPlace(key));
        QVERIFY(op);
        const auto result = opened->run(*op, 1);
        QVERIFY2(result, (describe(key).toUtf8() + complaint(result)).constData());
        QCOMPARE(result->unit, SampleUnit::Instructions);
        QVERIFY(result->median > 100);
    }
}

void TestEmulatorLink::countsAreEqualFromRunToRun()
{
    QList<qint64> counts;
    for (int i = 0; i < 2; ++i) {
        auto board = session(m7);
        QVERIFY2(board, complaint(board).constData());
        QVERIFY(board->trust());
        const auto result = board->run(pointwise(10, 16), 3);
        QVERIFY2(result, complaint(result).constData());
        QCOMPARE(result->min, result->max);
        counts << result->median;
    }
    QCOMPARE(counts[0], counts[1]);
}

/// The emulator cannot look for an abort while it runs: the caller is freed all the same, and the
/// next request waits.
void TestEmulatorLink::cancelInALongRun()
{
    auto board = session(m7);
    QVERIFY(board);
    QVERIFY(board->trust());
    QElapsedTimer timer;
    qint64 asked = -1;
    RunControl control;
    control.isCancelled = [&] {
        if (timer.elapsed() >= 50 && asked < 0) asked = timer.elapsed();
        return asked >= 0;
    };
    const ap_operator_t op = pointwise(40, 64);
    timer.start();
    const auto result = board->run(op, 10, control);
    QVERIFY(!result);
    QCOMPARE(result.error().fault, LinkFault::Interrupted);
    QVERIFY2(timer.elapsed() - asked < 200, qPrintable(QString::number(timer.elapsed() - asked)));
    const auto next = board->run(pointwise(4, 8), 1);
    QVERIFY2(next, complaint(next).constData());
}

void TestEmulatorLink::aKilledEmulatorComesBack()
{
    auto board = session(m7);
    QVERIFY(board);
    QVERIFY(board->trust());
    const auto before = board->run(pointwise(4, 8), 1);
    QVERIFY(before);
    kill(dynamic_cast<ProcessLink &>(board->link()).processId(), SIGKILL);
    const auto gone = board->run(pointwise(4, 8), 1);
    QVERIFY(!gone);
    QCOMPARE(gone.error().fault, LinkFault::Gone);
    const auto back = board->reconnect(5000);
    QVERIFY2(back, complaint(back).constData());
    const auto after = board->run(pointwise(4, 8), 1);
    QVERIFY2(after, complaint(after).constData());
    QCOMPARE(after->median, before->median);
}

void TestEmulatorLink::anImageThatIsNone()
{
    const auto board = Session::open(
        std::make_unique<EmulatorLink>(m7, QStringLiteral(ATOMNET_SOURCE_DIR "/README.md")));
    QVERIFY(!board);
    QCOMPARE(board.error().fault, LinkFault::Gone);
    QVERIFY2(board.error().what.startsWith(u"qemu-m7 has ended: "), complaint(board).constData());
}

QTEST_GUILESS_MAIN(TestEmulatorLink)
#include "tst_emulator_link.moc"
