#include "core/device/serial_link.h"

#include "firmware/protocol/ap_protocol.h"

#include <QEventLoop>
#include <QFile>
#include <QFileInfo>
#include <QSerialPort>
#include <QThread>

#include <optional>

#ifdef Q_OS_UNIX
#include <fcntl.h>
#include <unistd.h>
#endif

namespace atomnet
{

namespace
{

/// What a board still had on its way when the port was closed last time.
constexpr int staleMs = 20;

bool mayOpen(const QString &path)
{
#ifdef Q_OS_UNIX
    return faccessat(AT_FDCWD, QFile::encodeName(path).constData(), R_OK | W_OK, AT_EACCESS) == 0;
#else
    return QFileInfo(path).isWritable();
#endif
}

LinkError openError(const QSerialPort &port, const QString &path, const QString &name)
{
    switch (port.error()) {
    case QSerialPort::DeviceNotFoundError:
        return {LinkFault::NotFound,
                QStringLiteral("%1 is not there; plug the board in").arg(name)};
    case QSerialPort::PermissionError: // Qt's word for a port in use too
    case QSerialPort::OpenError:
        if (!mayOpen(path))
            return {LinkFault::NoPermission,
                    QStringLiteral("no permission to open %1; run: sudo usermod -aG dialout $USER, "
                                   "then log in again")
                        .arg(name)};
        return {LinkFault::Busy, QStringLiteral("another program has %1; close it").arg(name)};
    default:
        return {LinkFault::WrongDriver,
                QStringLiteral("%1 cannot be used: %2").arg(name, port.errorString())};
    }
}

} // namespace

/// The port lives on `thread`; the members below `waiting` are under it.
struct SerialLink::Open {
    explicit Open(Waiting &w) : waiting(w) {}

    std::unique_ptr<QThread> thread;
    QSerialPort *port = nullptr; ///< alive until close() ends its loop
    QEventLoop *loop = nullptr;

    Waiting &waiting;
    QByteArray arrived;
    qint64 unwritten = 0;
    bool started = false; ///< the port is open, or `broken` says why not
    bool serving = false; ///< its loop runs until close() ends it
    std::optional<LinkError> broken;

    void serve(const QString &path, qint32 baud, const QString &name);
};

void SerialLink::Open::serve(const QString &path, qint32 baud, const QString &name)
{
    QSerialPort serial;
    QEventLoop events;
    serial.setPortName(path);
    serial.setBaudRate(baud);
    const bool good = serial.open(QIODevice::ReadWrite);
    if (good) {
        while (serial.waitForReadyRead(staleMs))
            serial.readAll();
        serial.clear();
    }
    QObject::connect(&serial, &QSerialPort::readyRead, &serial,
                     [&] { waiting.change([&] { arrived += serial.readAll(); }); });
    QObject::connect(&serial, &QSerialPort::bytesWritten, &serial,
                     [&](qint64 count) { waiting.change([&] { unwritten -= count; }); });
    QObject::connect(
        &serial, &QSerialPort::errorOccurred, &serial, [&](QSerialPort::SerialPortError error) {
            if (error == QSerialPort::NoError || error == QSerialPort::TimeoutError) return;
            waiting.change([&] {
                broken = {LinkFault::Gone, QStringLiteral("%1 was unplugged").arg(name)};
            });
            // Some systems would tell it over and over.
            QMetaObject::invokeMethod(
                &serial, [&serial] { serial.close(); }, Qt::QueuedConnection);
        });
    waiting.change([&] {
        started = true;
        serving = good;
        port = &serial;
        loop = &events;
        if (!good) broken = openError(serial, path, name);
    });
    if (good) events.exec();
}

SerialLink::SerialLink(QString port, qint32 baud)
    : m_port(std::move(port)), m_baud(baud > 0 ? baud : qint32(AP_SERIAL_BAUD))
{
}

SerialLink::~SerialLink()
{
    close();
}

QString SerialLink::name() const
{
    return QStringLiteral("serial port %1").arg(m_port);
}

LinkResult<> SerialLink::open()
{
    close();
    m_open = std::make_unique<Open>(m_waiting);
    Open &open = *m_open;
    open.thread.reset(QThread::create([&open, path = m_port, baud = m_baud, called = name()] {
        open.serve(path, baud, called);
    }));
    open.thread->start();
    constexpr int openMs = 5000;
    const auto outcome = m_waiting.until(
        openMs, [this] { return cancelled(); }, [&open] { return open.started; });
    std::optional<LinkError> broken;
    if (outcome == Waiting::Outcome::Interrupted)
        broken = {LinkFault::Interrupted, QStringLiteral("cancelled")};
    else if (outcome == Waiting::Outcome::Timeout)
        broken = {LinkFault::Timeout, QStringLiteral("%1 does not open").arg(name())};
    else
        broken = open.broken;
    if (!broken) return {};
    close();
    return tl::unexpected(*broken);
}

void SerialLink::close()
{
    if (!m_open) return;
    Open &open = *m_open;
    // Also behind a cancelled open(): the loop must be there before it can be ended.
    while (m_waiting.until(
               1000, [] { return false; }, [&open] { return open.started; }) !=
           Waiting::Outcome::Done) {
    }
    if (open.serving)
        QMetaObject::invokeMethod(
            open.port, [&open] { open.loop->quit(); }, Qt::QueuedConnection);
    open.thread->wait();
    m_open.reset();
}

void SerialLink::interrupt()
{
    m_waiting.interrupt();
}

LinkResult<> SerialLink::write(QByteArrayView bytes, int timeoutMs)
{
    if (!m_open) return linkFail(LinkFault::Gone, QStringLiteral("%1 is closed").arg(name()));
    Open &open = *m_open;
    m_waiting.change([&] { open.unwritten += bytes.size(); });
    QMetaObject::invokeMethod(
        open.port, [&open, copy = bytes.toByteArray()] { open.port->write(copy); },
        Qt::QueuedConnection);
    bool gone = false;
    const auto outcome = m_waiting.until(
        timeoutMs, [this] { return cancelled(); },
        [&] {
            gone = open.broken.has_value();
            return gone || open.unwritten <= 0;
        });
    if (gone) return tl::unexpected(*open.broken);
    if (outcome == Waiting::Outcome::Interrupted)
        return linkFail(LinkFault::Interrupted, QStringLiteral("cancelled"));
    if (outcome == Waiting::Outcome::Timeout)
        return linkFail(LinkFault::Timeout, QStringLiteral("%1 takes no data").arg(name()));
    return {};
}

LinkResult<QByteArray> SerialLink::read(int timeoutMs)
{
    if (!m_open) return linkFail(LinkFault::Gone, QStringLiteral("%1 is closed").arg(name()));
    Open &open = *m_open;
    QByteArray bytes;
    std::optional<LinkError> broken;
    const auto outcome = m_waiting.until(
        timeoutMs, [this] { return cancelled(); },
        [&] {
            bytes = std::exchange(open.arrived, {});
            broken = open.broken;
            return !bytes.isEmpty() || broken;
        });
    if (!bytes.isEmpty()) return bytes;
    if (broken) return tl::unexpected(*broken);
    if (outcome == Waiting::Outcome::Interrupted)
        return linkFail(LinkFault::Interrupted, QStringLiteral("cancelled"));
    return linkFail(LinkFault::Timeout, QStringLiteral("%1 did not answer").arg(name()));
}

} // namespace atomnet
