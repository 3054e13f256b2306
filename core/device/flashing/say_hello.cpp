#include "core/device/flashing/say_hello.h"

#include <QElapsedTimer>
#include <QThread>

#include <algorithm>
#include <thread>

namespace atomnet
{

namespace
{

constexpr int lookMs = 50;
constexpr int againMs = 300; ///< between two looks for the board

/// A link that can still be interrupted while a session owns it.
class SharedLink : public Link
{
public:
    explicit SharedLink(std::shared_ptr<Link> link) : m_link(std::move(link)) {}
    LinkResult<> open() override { return m_link->open(); }
    void close() override { m_link->close(); }
    LinkResult<> write(QByteArrayView bytes, int timeoutMs) override
    {
        return m_link->write(bytes, timeoutMs);
    }
    LinkResult<QByteArray> read(int timeoutMs) override { return m_link->read(timeoutMs); }
    void interrupt() override { m_link->interrupt(); }
    QString name() const override { return m_link->name(); }

private:
    std::shared_ptr<Link> m_link;
};

bool wait(int ms, const RunControl &control)
{
    for (int left = ms; left > 0 && !control.cancelled(); left -= lookMs)
        QThread::msleep(std::min(left, lookMs));
    return !control.cancelled();
}

/// Where the flashed board may answer.
std::vector<DeviceAddress> candidates(const FlashRequest &request, const HelloWays &ways)
{
    std::vector<DeviceAddress> addresses;
    for (const FoundDevice &device : ways.devices()) {
        const bool profiler = device.what == FoundDevice::What::Profiler;
        const bool port = device.what == FoundDevice::What::SerialPort &&
                          request.probe.kind == Probe::Kind::StLink &&
                          !request.probe.serial.isEmpty() &&
                          device.serial.compare(request.probe.serial, Qt::CaseInsensitive) == 0;
        if (profiler || port) addresses.push_back(device.address);
    }
    return addresses;
}

} // namespace

LinkResult<DeviceInfo> sayHello(const DeviceAddress &address, const RunControl &control)
{
    const std::shared_ptr<Link> link = makeLink(address);
    std::jthread watch;
    if (control.isCancelled)
        watch = std::jthread([&](const std::stop_token &stop) {
            while (!stop.stop_requested()) {
                if (control.cancelled()) link->interrupt();
                QThread::msleep(lookMs);
            }
        });
    auto session = Session::open(std::make_unique<SharedLink>(link));
    if (!session) return tl::unexpected(session.error());
    return session->info();
}

HelloWays realWays()
{
    return {findDevices, sayHello};
}

Result<QString> helloAfterFlash(const FlashRequest &request, const RunControl &control,
                                const HelloWays &ways)
{
    std::optional<DeviceAddress> given;
    if (!request.address.isEmpty()) {
        const auto parsed = deviceAddress(request.address);
        if (!parsed) return tl::make_unexpected(parsed.error());
        given = *parsed;
    }
    const QString where = request.variant.name;
    QString last;
    QElapsedTimer timer;
    timer.start();
    do {
        const auto addresses = given ? std::vector{*given} : candidates(request, ways);
        for (const DeviceAddress &address : addresses) {
            const auto info = ways.hello(address, control);
            if (info && info->board == request.variant.board) return info->summary();
            if (control.cancelled()) break;
            if (!info && info.error().fault == LinkFault::Version)
                return fail(ErrorCode::Device, info.error().what, where);
            last =
                info ? QStringLiteral("%1 answers there").arg(info->summary()) : info.error().what;
        }
    } while (wait(againMs, control) && !timer.hasExpired(ways.patienceMs));
    if (control.cancelled())
        return fail(ErrorCode::Cancelled,
                    QStringLiteral("stopped while waiting for the firmware's answer; it is written "
                                   "and verified"),
                    where);
    return fail(
        ErrorCode::Device,
        last.isEmpty()
            ? QStringLiteral("the firmware is written and verified, but does not show itself; "
                             "press the board's reset button, and plug its own USB connector in")
            : QStringLiteral("the firmware is written and verified, but does not answer as it "
                             "should (%1); press the board's reset button and run atomnet-designer "
                             "doctor")
                  .arg(last),
        where);
}

} // namespace atomnet
