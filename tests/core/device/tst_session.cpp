#include "core/device/operator_request.h"
#include "core/device/process_link.h"
#include "core/device/trust_operators.h"

#include <QElapsedTimer>
#include <QTest>

#include <csignal>

using namespace atomnet;

namespace
{

/// The very firmware, built for this computer.
std::unique_ptr<Link> hostLink()
{
    return makeLink({DeviceAddress::Kind::Program, QStringLiteral(ATOMNET_HOST_PROFILER), 0, {}});
}

pid_t processOf(Session &session)
{
    return dynamic_cast<ProcessLink &>(session.link()).processId();
}

AtomKey pointwise(int side, int channels)
{
    AtomKey key;
    key.kind = AtomKind::Pointwise;
    key.act = KeyAct::Relu;
    key.variant = 1;
    key.inH = key.inW = key.outH = key.outW = side;
    key.inC = key.outC = channels;
    return key;
}

ap_operator_t requestOf(const AtomKey &key)
{
    const auto op = operatorRequest(key, ownPlace(key));
    if (!op) qFatal("%s", qPrintable(op.error().message()));
    return *op;
}

template <class T>
QString complaint(const LinkResult<T> &result)
{
    return result ? QString() : result.error().what;
}

} // namespace

/// Sessions with the real profiler.
class TestSession : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void helloSaysWhoAnswers();
    void nothingIsMeasuredBeforeTrust();
    void trustsTheRealFirmware();
    void everyKindRuns();
    void repetitionsAreCounted();
    void refusalsAreSentences();
    void conditionsThatTheBoardHasNotAreRefused();
    void aNetworkRunsAsOne();
    void cancelFreesTheCallerAndTheNextRequestWorks();
    void interruptFromAnotherThread();
    void aDeadBoardIsGoneAndComesBack();
    void noModelIsLinkedIn();
};

void TestSession::helloSaysWhoAnswers()
{
    auto session = Session::open(hostLink());
    QVERIFY2(session, qPrintable(complaint(session)));
    const DeviceInfo &info = session->info();
    QCOMPARE(info.board, QStringLiteral("host"));
    QVERIFY(!info.isVirtual());
    QVERIFY(!info.hasModel());
    QCOMPARE(info.hello.kernel_hash, kernelHash());
    QCOMPARE(info.uniqueId, QString(24, u'0'));
    const RunCondition condition = info.condition();
    QCOMPARE(condition.runtime, QStringLiteral("atomnet-1"));
    QCOMPARE(condition.clockHz, 1'000'000'000);
    QCOMPARE(condition.caches, QStringLiteral("off"));
    QCOMPARE(condition.kernelVersion, QStringLiteral("1-%1").arg(kernelHash(), 8, 16, QChar(u'0')));
    QCOMPARE(info.summary(), QStringLiteral("host at 1000 MHz, caches off, firmware 1, kernels ") +
                                 condition.kernelVersion);
}

void TestSession::nothingIsMeasuredBeforeTrust()
{
    auto session = Session::open(hostLink());
    QVERIFY(session);
    QVERIFY(!session->trusted());
    const auto result = session->run(requestOf(pointwise(4, 8)), 1);
    QVERIFY(!result);
    QCOMPARE(result.error().fault, LinkFault::Refused);
}

void TestSession::trustsTheRealFirmware()
{
    auto session = Session::open(hostLink());
    QVERIFY(session);
    const auto trusted = session->trust();
    QVERIFY2(trusted, qPrintable(complaint(trusted)));
    QVERIFY(session->trusted());
    QCOMPARE(session->window().size(), qsizetype(session->info().hello.window_bytes));
    QCOMPARE(session->window().toByteArray(), freshWindow(session->info().hello.window_bytes));
}

void TestSession::everyKindRuns()
{
    auto session = Session::open(hostLink());
    QVERIFY(session);
    QVERIFY(session->trust());
    for (const AtomKey &key : trustOperators()) {
        const auto result = session->run(requestOf(key), 3);
        QVERIFY2(result, qPrintable(describe(key) + QStringLiteral(": ") + complaint(result)));
        QCOMPARE(result->unit, SampleUnit::Nanoseconds);
        QVERIFY(result->min > 0 && result->min <= result->median && result->median <= result->max);
        QCOMPARE(result->raw.scratch_bytes <= requestOf(key).scratch_bytes, true);
    }
}

void TestSession::repetitionsAreCounted()
{
    auto session = Session::open(hostLink());
    QVERIFY(session);
    QVERIFY(session->trust());
    const auto result = session->run(requestOf(pointwise(8, 16)), 7);
    QVERIFY2(result, qPrintable(complaint(result)));
    QCOMPARE(result->raw.repetitions, 7u);
    // More than the firmware does at once: as many as it does.
    const auto most = session->run(requestOf(pointwise(2, 4)), 1'000'000);
    QVERIFY2(most, qPrintable(complaint(most)));
    QCOMPARE(most->raw.repetitions, quint32(session->info().hello.max_repetitions));
}

void TestSession::refusalsAreSentences()
{
    auto session = Session::open(hostLink());
    QVERIFY(session);
    QVERIFY(session->trust());
    ap_operator_t op = requestOf(pointwise(8, 16));
    op.out_offset = 1u << 30;
    const auto result = session->run(op, 1);
    QVERIFY(!result);
    QCOMPARE(result.error().fault, LinkFault::Refused);
    QCOMPARE(result.error().status, int(AP_DOES_NOT_FIT));
    QVERIFY2(result.error().what.endsWith(
                 QLatin1String("refuses this operator: it does not fit into the board's memory")),
             qPrintable(result.error().what));
    op.kind = 77;
    const auto unknown = session->run(op, 1);
    QVERIFY(!unknown);
    QCOMPARE(unknown.error().status, int(AP_BAD_FIELD));
    // A refusal is no fault of the connection.
    QVERIFY(session->run(requestOf(pointwise(8, 16)), 1));
}

void TestSession::conditionsThatTheBoardHasNotAreRefused()
{
    auto session = Session::open(hostLink());
    QVERIFY(session);
    const auto good = session->setConditions(0);
    QVERIFY2(good, qPrintable(complaint(good)));
    const auto caches = session->setConditions(AP_COND_ICACHE);
    QVERIFY(!caches);
    QCOMPARE(caches.error().status, int(AP_UNSUPPORTED));
}

void TestSession::aNetworkRunsAsOne()
{
    auto session = Session::open(hostLink());
    QVERIFY(session);
    QVERIFY(session->trust());
    constexpr quint32 bytes = 8 * 8 * 16;
    ap_operator_t first = requestOf(pointwise(8, 16)), second = first;
    first.in_offset = 0;
    first.out_offset = bytes;
    second.in_offset = bytes;
    second.out_offset = 2 * bytes;
    first.scratch_offset = second.scratch_offset = 3 * bytes;
    const ap_network_begin_t begin{4 * bytes, 0, bytes, 2 * bytes, bytes, 7, 2};
    const auto result = session->runNetwork(begin, {first, second}, 2);
    QVERIFY2(result, qPrintable(complaint(result)));
    QCOMPARE(result->stepCycles.size(), 2u);
    for (const qint64 cycles : result->stepCycles)
        QVERIFY(cycles > 0);
    QVERIFY(result->total.median > 0);
    // Fewer steps than announced never reach the board.
    const auto wrong = session->runNetwork(begin, {first}, 1);
    QVERIFY(!wrong);
    QCOMPARE(wrong.error().fault, LinkFault::Refused);
}

void TestSession::cancelFreesTheCallerAndTheNextRequestWorks()
{
    auto session = Session::open(hostLink());
    QVERIFY(session);
    QVERIFY(session->trust());
    const ap_operator_t op = requestOf(pointwise(56, 96));
    QElapsedTimer timer;
    RunControl control;
    qint64 asked = -1;
    timer.start();
    control.isCancelled = [&] {
        if (timer.elapsed() < 100) return false;
        if (asked < 0) asked = timer.elapsed();
        return true;
    };
    const auto result = session->run(op, 1000, control);
    const qint64 freed = timer.elapsed();
    QVERIFY(!result);
    QCOMPARE(result.error().fault, LinkFault::Interrupted);
    QVERIFY2(freed - asked < 200, qPrintable(QString::number(freed - asked)));
    // Its late result is not taken for that of the next one.
    const auto next = session->run(requestOf(pointwise(4, 8)), 2);
    QVERIFY2(next, qPrintable(complaint(next)));
    QCOMPARE(next->raw.repetitions, 2u);
}

void TestSession::interruptFromAnotherThread()
{
    auto session = Session::open(hostLink());
    QVERIFY(session);
    QVERIFY(session->trust());
    QElapsedTimer timer;
    std::atomic<qint64> called = 0;
    timer.start();
    const std::unique_ptr<QThread> other(QThread::create([&] {
        QThread::msleep(100);
        called = timer.elapsed();
        session->link().interrupt();
    }));
    other->start();
    const auto result = session->run(requestOf(pointwise(56, 96)), 1000);
    const qint64 freed = timer.elapsed();
    other->wait();
    QVERIFY(!result);
    QCOMPARE(result.error().fault, LinkFault::Interrupted);
    QVERIFY2(freed - called < 200, qPrintable(QString::number(freed - called)));
    QVERIFY(session->run(requestOf(pointwise(4, 8)), 1));
}

void TestSession::aDeadBoardIsGoneAndComesBack()
{
    auto session = Session::open(hostLink());
    QVERIFY(session);
    QVERIFY(session->trust());
    kill(processOf(*session), SIGKILL);
    const auto result = session->run(requestOf(pointwise(4, 8)), 1);
    QVERIFY(!result);
    QCOMPARE(result.error().fault, LinkFault::Gone);
    const auto back = session->reconnect(2000);
    QVERIFY2(back, qPrintable(complaint(back)));
    QVERIFY(session->run(requestOf(pointwise(4, 8)), 1));
}

void TestSession::noModelIsLinkedIn()
{
    auto session = Session::open(hostLink());
    QVERIFY(session);
    const auto result = session->runModel(QByteArray(16, '\0'));
    QVERIFY(!result);
    QCOMPARE(result.error().status, int(AP_NO_MODEL));
}

QTEST_GUILESS_MAIN(TestSession)
#include "tst_session.moc"
