#include "core/device/operator_request.h"
#include "core/device/serial_link.h"

#include <QElapsedTimer>
#include <QTest>
#include <QThread>

#include <atomic>
#include <csignal>
#include <cstdlib>

#include <fcntl.h>
#include <poll.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

using namespace atomnet;

namespace
{

/// A pseudo terminal: its other end is what the link opens as a serial port.
class Port
{
public:
    Port() : m_master(posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC))
    {
        if (grantpt(m_master) != 0 || unlockpt(m_master) != 0) qFatal("no pseudo terminal");
        m_name = QString::fromLocal8Bit(ptsname(m_master));
        termios raw{};
        tcgetattr(m_master, &raw);
        cfmakeraw(&raw);
        tcsetattr(m_master, TCSANOW, &raw);
    }
    ~Port() { unplug(); }
    Port(const Port &) = delete;
    Port &operator=(const Port &) = delete;

    [[nodiscard]] QString name() const { return m_name; }
    [[nodiscard]] int file() const { return m_master; }
    void unplug()
    {
        if (m_master >= 0) ::close(m_master);
        m_master = -1;
    }
    void say(const QByteArray &bytes)
    {
        QCOMPARE(::write(m_master, bytes.constData(), std::size_t(bytes.size())), bytes.size());
    }
    [[nodiscard]] QByteArray heard(qsizetype count)
    {
        QByteArray all;
        pollfd file{m_master, POLLIN, 0};
        while (all.size() < count && poll(&file, 1, 2000) > 0) {
            char bytes[4096];
            const ssize_t got = ::read(m_master, bytes, sizeof bytes);
            if (got <= 0) break;
            all.append(bytes, got);
        }
        return all;
    }

private:
    int m_master;
    QString m_name;
};

/// The profiler for this computer behind a pseudo terminal, as behind an ST-LINK's UART.
class SerialProfiler
{
public:
    SerialProfiler()
    {
        m_keep = ::open(port.name().toLocal8Bit().constData(), O_RDWR | O_NOCTTY | O_CLOEXEC);
        m_pid = fork();
        if (m_pid != 0) return;
        dup2(port.file(), STDIN_FILENO);
        dup2(port.file(), STDOUT_FILENO);
        execl(ATOMNET_HOST_PROFILER, ATOMNET_HOST_PROFILER, static_cast<char *>(nullptr));
        _exit(127);
    }
    ~SerialProfiler()
    {
        kill(m_pid, SIGKILL);
        waitpid(m_pid, nullptr, 0);
        ::close(m_keep);
    }
    SerialProfiler(const SerialProfiler &) = delete;
    SerialProfiler &operator=(const SerialProfiler &) = delete;
    Port port;

private:
    pid_t m_pid;
    int m_keep; ///< without it the terminal would hang up whenever the link closes
};

} // namespace

/// Serial ports, on pseudo terminals.
class TestSerialLink : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void bytesGoBothWays();
    void staleBytesAreDropped();
    void nothingToRead();
    void aPortThatIsNotThere();
    void aPortInUse();
    void noPermission();
    void unpluggedInMidRead();
    void interruptAndCancel();
    void anyThreadMayUseIt();
    void measuresOverAPort();
    void aSessionComesBack();
};

void TestSerialLink::bytesGoBothWays()
{
    Port port;
    SerialLink link(port.name(), 0);
    QVERIFY(link.open());
    QByteArray all;
    for (int i = 0; i < 256; ++i)
        all += char(i); // nothing is translated on the way
    QVERIFY(link.write(all, 2000));
    QCOMPARE(port.heard(all.size()), all);
    port.say(all);
    QByteArray back;
    while (back.size() < all.size()) {
        const auto bytes = link.read(2000);
        QVERIFY(bytes);
        back += *bytes;
    }
    QCOMPARE(back, all);
}

void TestSerialLink::staleBytesAreDropped()
{
    Port port;
    {
        SerialLink before(port.name(), 0);
        QVERIFY(before.open());
    }
    port.say("old news");
    SerialLink link(port.name(), 0);
    QVERIFY(link.open());
    port.say("new");
    const auto bytes = link.read(2000);
    QVERIFY(bytes);
    QCOMPARE(*bytes, QByteArray("new"));
}

void TestSerialLink::nothingToRead()
{
    Port port;
    SerialLink link(port.name(), 115200);
    QVERIFY(link.open());
    QElapsedTimer timer;
    timer.start();
    QCOMPARE(link.read(100).error().fault, LinkFault::Timeout);
    QVERIFY(timer.elapsed() >= 99 && timer.elapsed() < 1000);
}

void TestSerialLink::aPortThatIsNotThere()
{
    SerialLink link(QStringLiteral("/dev/ttyNOTHERE"), 0);
    const auto opened = link.open();
    QVERIFY(!opened);
    QCOMPARE(opened.error().fault, LinkFault::NotFound);
    QVERIFY(opened.error().what.contains(u"/dev/ttyNOTHERE"));
    QCOMPARE(link.read(10).error().fault, LinkFault::Gone);
    QCOMPARE(link.write("x", 10).error().fault, LinkFault::Gone);
}

void TestSerialLink::aPortInUse()
{
    Port port;
    SerialLink link(port.name(), 0), again(port.name(), 0);
    QVERIFY(link.open());
    const auto opened = again.open();
    QVERIFY(!opened);
    QCOMPARE(opened.error().fault, LinkFault::Busy);
    link.close();
    QVERIFY(again.open());
}

void TestSerialLink::noPermission()
{
    Port port;
    const bool root = geteuid() == 0;
    constexpr uid_t nobody = 65534;
    QCOMPARE(chmod(port.name().toLocal8Bit().constData(), 0), 0);
    if (root) QCOMPARE(seteuid(nobody), 0);
    SerialLink link(port.name(), 0);
    const auto opened = link.open();
    if (root) QCOMPARE(seteuid(0), 0);
    QVERIFY(!opened);
    QCOMPARE(opened.error().fault, LinkFault::NoPermission);
    QVERIFY(opened.error().what.contains(u"dialout"));
}

void TestSerialLink::unpluggedInMidRead()
{
    Port port;
    SerialLink link(port.name(), 0);
    QVERIFY(link.open());
    const std::unique_ptr<QThread> other(QThread::create([&port] {
        QThread::msleep(50);
        port.unplug();
    }));
    other->start();
    QElapsedTimer timer;
    timer.start();
    const auto bytes = link.read(5000);
    other->wait();
    QVERIFY(!bytes);
    QCOMPARE(bytes.error().fault, LinkFault::Gone);
    QVERIFY(timer.elapsed() < 1000);
    QCOMPARE(link.write("x", 500).error().fault, LinkFault::Gone);
}

void TestSerialLink::interruptAndCancel()
{
    Port port;
    SerialLink link(port.name(), 0);
    QVERIFY(link.open());
    link.interrupt();
    QCOMPARE(link.read(5000).error().fault, LinkFault::Interrupted);
    QElapsedTimer timer;
    timer.start();
    RunControl control;
    control.isCancelled = [&timer] { return timer.elapsed() > 50; };
    link.setControl(&control);
    QCOMPARE(link.read(5000).error().fault, LinkFault::Interrupted);
    QVERIFY(timer.elapsed() < 300);
}

void TestSerialLink::anyThreadMayUseIt()
{
    Port port;
    SerialLink link(port.name(), 0);
    QVERIFY(link.open());
    std::atomic_bool good = false;
    const std::unique_ptr<QThread> other(QThread::create([&] {
        port.say("abc");
        const auto bytes = link.read(2000);
        good = bytes && *bytes == "abc" && link.write("def", 2000);
    }));
    other->start();
    QCOMPARE(port.heard(3), QByteArray("def"));
    other->wait();
    QVERIFY(good);
}

void TestSerialLink::measuresOverAPort()
{
    SerialProfiler profiler;
    auto session = Session::open(std::make_unique<SerialLink>(profiler.port.name(), 0));
    QVERIFY2(session, session ? "" : qPrintable(session.error().what));
    const auto trusted = session->trust();
    QVERIFY2(trusted, trusted ? "" : qPrintable(trusted.error().what));
}

/// Of a frame that was cut off, the board keeps the front; the next one must be understood all the
/// same.
void TestSerialLink::aSessionComesBack()
{
    SerialProfiler profiler;
    SerialLink broken(profiler.port.name(), 0);
    QVERIFY(broken.open());
    QVERIFY(broken.write("half a frame", 1000));
    broken.close();
    QElapsedTimer timer;
    timer.start();
    auto session = Session::open(std::make_unique<SerialLink>(profiler.port.name(), 0));
    QVERIFY2(session, session ? "" : qPrintable(session.error().what));
    QVERIFY(timer.elapsed() < 900); // at the first attempt
    const auto back = session->reconnect(1000);
    QVERIFY2(back, back ? "" : qPrintable(back.error().what));
}

QTEST_GUILESS_MAIN(TestSerialLink)
#include "tst_serial_link.moc"
