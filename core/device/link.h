#pragma once

#include "core/base/result.h"
#include "core/base/run_control.h"

#include <QByteArray>

#include <memory>

// A stream of bytes to a board, over whatever wire. Blocking, with a timeout at every call; one thread at a time, but for
// interrupt().
namespace atomnet
{

/// Why a link does not work: what the connection doctor, retries and messages tell apart.
enum class LinkFault : quint8 {
    Timeout,      ///< nothing came, or nothing was taken, in time
    Gone,         ///< unplugged, or the emulator ended
    NotFound,     ///< no such device now
    NoPermission, ///< the udev rules are not installed
    Busy,         ///< another program has it
    WrongDriver,  ///< something else than our interface answers, or a driver holds it
    NotInstalled, ///< a program that is needed is missing (QEMU)
    Interrupted,  ///< by interrupt() or RunControl
    Protocol,     ///< what came cannot be: bad CRC, wrong length, impossible values
    Version,      ///< another major version of the protocol, or stale firmware
    Refused,      ///< the firmware said no; LinkError::status says how
    Faulted,      ///< the firmware caught a hard fault
};

struct LinkError {
    LinkFault fault = LinkFault::Timeout;
    QString what;   ///< one sentence with what to do
    int status = 0; ///< ap_status_t of Refused
    bool operator==(const LinkError &) const = default;
};
template <class T = void>
using LinkResult = tl::expected<T, LinkError>;
[[nodiscard]] inline tl::unexpected<LinkError> linkFail(LinkFault fault, QString what, int status = 0)
{
    return tl::unexpected<LinkError>(LinkError{fault, std::move(what), status});
}
/// As an Error for the command line and the window: Cancelled for Interrupted, else Device.
[[nodiscard]] Error toError(const LinkError &error, const QString &where);

class Link
{
public:
    virtual ~Link() = default;
    /// Opens, or opens anew after it was lost.
    [[nodiscard]] virtual LinkResult<> open() = 0;
    virtual void close() = 0;
    /// All of `bytes` on their way.
    [[nodiscard]] virtual LinkResult<> write(QByteArrayView bytes, int timeoutMs) = 0;
    /// What has arrived, at least one byte. Timeout when nothing did.
    [[nodiscard]] virtual LinkResult<QByteArray> read(int timeoutMs) = 0;
    /// From any thread: the call that waits, or else the next one, returns Interrupted within 200 ms.
    virtual void interrupt() = 0;
    /// "USB 1209:0001, serial 0123" for people.
    [[nodiscard]] virtual QString name() const = 0;

    /// Asked at least every 100 ms by the calls that wait, on their thread; cancelled, they return Interrupted. Null ends it.
    void setControl(const RunControl *control) { m_control = control; }

protected:
    [[nodiscard]] bool cancelled() const { return m_control && m_control->cancelled(); }

private:
    const RunControl *m_control = nullptr;
};

} // namespace atomnet
