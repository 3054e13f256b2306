#include "core/device/process_link.h"

#include <QElapsedTimer>
#include <QFile>
#include <QTest>
#include <QThread>

#include <csignal>

#include <sys/wait.h>
#include <unistd.h>

using namespace atomnet;

namespace
{

ProcessLink shell(const QString &script)
{
    return {QStringLiteral("the program"), QStringLiteral("sh"), {QStringLiteral("-c"), script}};
}

bool isAlive(pid_t pid)
{
    return kill(pid, 0) == 0;
}

} // namespace

/// Programs as links: their ends, their complaints, and that none is left behind.
class TestProcessLink : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void whatIsWrittenComesBack();
    void moreThanAPipeHolds();
    void nothingToRead();
    void aProgramThatIsNotThere();
    void theEndIsToldWithTheLastComplaint();
    void writingToADeadProgram();
    void interruptEndsTheNextCall();
    void interruptEndsAWait();
    void theControlEndsAWait();
    void openStartsAnew();
    void closeEndsTheProgram();
    void theProgramEndsWithItsParent();
    void severalAtOnceDoNotHoldEachOtherOpen();
};

void TestProcessLink::whatIsWrittenComesBack()
{
    ProcessLink link = shell(QStringLiteral("cat"));
    QVERIFY(link.open());
    QVERIFY(link.write("hello", 1000));
    const auto bytes = link.read(5000);
    QVERIFY(bytes);
    QCOMPARE(*bytes, QByteArray("hello"));
}

void TestProcessLink::moreThanAPipeHolds()
{
    ProcessLink link = shell(QStringLiteral("sleep 0.2; cat"));
    QVERIFY(link.open());
    const QByteArray much(100'000, 'm'); // a pipe holds 64 KiB: the rest waits for the program
    QVERIFY(link.write(much, 5000));
    QByteArray back;
    while (back.size() < much.size()) {
        const auto bytes = link.read(5000);
        QVERIFY(bytes);
        back += *bytes;
    }
    QCOMPARE(back, much);
    ProcessLink deaf = shell(QStringLiteral("sleep 10"));
    QVERIFY(deaf.open());
    const auto full = deaf.write(much, 100);
    QVERIFY(!full);
    QCOMPARE(full.error().fault, LinkFault::Timeout);
}

void TestProcessLink::nothingToRead()
{
    ProcessLink link = shell(QStringLiteral("sleep 10"));
    QVERIFY(link.open());
    QElapsedTimer timer;
    timer.start();
    const auto bytes = link.read(120);
    QVERIFY(!bytes);
    QCOMPARE(bytes.error().fault, LinkFault::Timeout);
    QVERIFY(timer.elapsed() >= 119 && timer.elapsed() < 1000);
}

void TestProcessLink::aProgramThatIsNotThere()
{
    ProcessLink link(QStringLiteral("x"), QStringLiteral("/nowhere/at-all"), {});
    const auto opened = link.open();
    QVERIFY(!opened);
    QCOMPARE(opened.error().fault, LinkFault::NotInstalled);
    QVERIFY(opened.error().what.contains(u"/nowhere/at-all"));
    QCOMPARE(link.read(100).error().fault, LinkFault::Gone);
    QCOMPARE(link.write("x", 100).error().fault, LinkFault::Gone);
}

void TestProcessLink::theEndIsToldWithTheLastComplaint()
{
    ProcessLink link = shell(QStringLiteral("echo first >&2; echo 'no such machine' >&2; exit 1"));
    QVERIFY(link.open());
    const auto bytes = link.read(5000);
    QVERIFY(!bytes);
    QCOMPARE(bytes.error().fault, LinkFault::Gone);
    QCOMPARE(bytes.error().what, QStringLiteral("the program has ended: no such machine"));
}

/// No SIGPIPE either: that would end this test.
void TestProcessLink::writingToADeadProgram()
{
    ProcessLink link = shell(QStringLiteral("exit 0"));
    QVERIFY(link.open());
    waitpid(link.processId(), nullptr, 0);
    const auto written = link.write("x", 1000);
    QVERIFY(!written);
    QCOMPARE(written.error().fault, LinkFault::Gone);
}

void TestProcessLink::interruptEndsTheNextCall()
{
    ProcessLink link = shell(QStringLiteral("cat"));
    QVERIFY(link.open());
    link.interrupt();
    QElapsedTimer timer;
    timer.start();
    QCOMPARE(link.read(5000).error().fault, LinkFault::Interrupted);
    QVERIFY(timer.elapsed() < 200);
    // Once is once.
    QVERIFY(link.write("x", 1000));
    QVERIFY(link.read(5000));
}

void TestProcessLink::interruptEndsAWait()
{
    ProcessLink link = shell(QStringLiteral("sleep 10"));
    QVERIFY(link.open());
    QElapsedTimer timer;
    std::atomic<qint64> called = 0;
    timer.start();
    const std::unique_ptr<QThread> other(QThread::create([&] {
        QThread::msleep(50);
        called = timer.elapsed();
        link.interrupt();
    }));
    other->start();
    const auto bytes = link.read(5000);
    const qint64 freed = timer.elapsed();
    other->wait();
    QVERIFY(!bytes);
    QCOMPARE(bytes.error().fault, LinkFault::Interrupted);
    QVERIFY2(freed - called < 200, qPrintable(QString::number(freed - called)));
}

void TestProcessLink::theControlEndsAWait()
{
    ProcessLink link = shell(QStringLiteral("sleep 10"));
    QVERIFY(link.open());
    QElapsedTimer timer;
    timer.start();
    RunControl control;
    control.isCancelled = [&timer] { return timer.elapsed() > 50; };
    link.setControl(&control);
    QCOMPARE(link.read(5000).error().fault, LinkFault::Interrupted);
    QVERIFY(timer.elapsed() < 300);
    link.setControl(nullptr);
    QCOMPARE(link.read(10).error().fault, LinkFault::Timeout);
}

void TestProcessLink::openStartsAnew()
{
    ProcessLink link = shell(QStringLiteral("read line; echo $$; exec sleep 10"));
    QVERIFY(link.open());
    const pid_t before = link.processId();
    QVERIFY(link.write("\n", 1000));
    QVERIFY(link.read(5000));
    QVERIFY(link.open());
    QVERIFY(link.processId() != before);
    QVERIFY(!isAlive(before));
    QVERIFY(link.write("\n", 1000));
    const auto bytes = link.read(5000);
    QVERIFY(bytes);
    QCOMPARE(bytes->trimmed(), QByteArray::number(link.processId()));
}

void TestProcessLink::closeEndsTheProgram()
{
    pid_t pid = -1;
    {
        ProcessLink link = shell(QStringLiteral("trap '' TERM INT HUP; exec sleep 10"));
        QVERIFY(link.open());
        pid = link.processId();
        QVERIFY(isAlive(pid));
    }
    QVERIFY(!isAlive(pid));
}

/// The designer is killed: the program sees the end of its input.
void TestProcessLink::theProgramEndsWithItsParent()
{
    int report[2];
    QCOMPARE(pipe(report), 0);
    const pid_t parent = fork();
    if (parent == 0) {
        ProcessLink link(QStringLiteral("x"), QStringLiteral("cat"), {});
        (void)link.open();
        const pid_t pid = link.processId();
        (void)!::write(report[1], &pid, sizeof pid);
        pause();
    }
    pid_t orphan = -1;
    QCOMPARE(::read(report[0], &orphan, sizeof orphan), ssize_t(sizeof orphan));
    QVERIFY(isAlive(orphan));
    kill(parent, SIGKILL);
    waitpid(parent, nullptr, 0);
    // Whoever takes orphans up may leave the dead one in the table: it reads nothing any more.
    const auto isGone = [orphan] {
        QFile state(QStringLiteral("/proc/%1/stat").arg(orphan));
        return !state.open(QIODevice::ReadOnly) || state.readAll().contains(") Z ");
    };
    QTRY_VERIFY_WITH_TIMEOUT(isGone(), 5000);
    ::close(report[0]);
    ::close(report[1]);
}

/// A program must not hold the pipes of one that was started before it.
void TestProcessLink::severalAtOnceDoNotHoldEachOtherOpen()
{
    ProcessLink first = shell(QStringLiteral("cat >/dev/null; echo end"));
    QVERIFY(first.open());
    ProcessLink second = shell(QStringLiteral("sleep 10"));
    QVERIFY(second.open());
    kill(first.processId(), SIGKILL);
    const auto bytes = first.read(5000);
    QVERIFY(!bytes);
    QCOMPARE(bytes.error().fault, LinkFault::Gone);
}

QTEST_GUILESS_MAIN(TestProcessLink)
#include "tst_process_link.moc"
