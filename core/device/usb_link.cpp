#include "core/device/usb_link.h"

#include "core/device/usb_access.h"
#include "firmware/protocol/ap_protocol.h"

#include <QDeadlineTimer>
#include <QStringList>

#include <atomic>
#include <optional>
#include <thread>

namespace atomnet
{

namespace
{

struct TransferEnd {
    void operator()(libusb_transfer *transfer) const { libusb_free_transfer(transfer); }
};
using Transfer = std::unique_ptr<libusb_transfer, TransferEnd>;

/// Reads that wait in the kernel. Each takes one packet, so that a reply of whole packets arrives
/// without the empty one that would end a longer read.
constexpr int readers = 16;
/// How long cancelled transfers may take to come back.
constexpr int recallMs = 1000;

} // namespace

/// All that belongs to an open device. Callbacks run on `events`; what they change is under
/// `waiting`.
struct UsbLink::Open {
    explicit Open(Waiting &w) : waiting(w) {}

    UsbContext context;
    libusb_device_handle *handle = nullptr;
    UsbInterface interface;
    std::thread events;
    std::atomic_bool ending = false;

    struct Reader {
        Open *open = nullptr;
        Transfer transfer;
        QByteArray buffer;
    };
    std::vector<Reader> reading;
    Transfer writing;
    QByteArray outgoing;

    Waiting &waiting;
    QByteArray arrived;
    int pending = 0;      ///< transfers in the kernel
    bool stalled = false; ///< the endpoint towards us
    bool closing = false; ///< finished reads do not start again
    bool gone = false;
    std::optional<libusb_transfer_status> written;

    static void LIBUSB_CALL onRead(libusb_transfer *transfer);
    static void LIBUSB_CALL onWritten(libusb_transfer *transfer);
    [[nodiscard]] bool startReading();
    [[nodiscard]] bool recall();
    [[nodiscard]] bool clearStall(unsigned char endpoint);
};

void UsbLink::Open::onRead(libusb_transfer *transfer)
{
    Reader &reader = *static_cast<Reader *>(transfer->user_data);
    Open &open = *reader.open;
    bool again = false;
    open.waiting.change([&] {
        --open.pending;
        if (transfer->actual_length > 0)
            open.arrived.append(reader.buffer.constData(), transfer->actual_length);
        switch (transfer->status) {
        case LIBUSB_TRANSFER_COMPLETED:
            again = !open.closing && !open.stalled;
            break;
        case LIBUSB_TRANSFER_STALL:
        case LIBUSB_TRANSFER_OVERFLOW:
            open.stalled = true;
            break;
        case LIBUSB_TRANSFER_CANCELLED:
            break;
        default:
            open.gone = true;
        }
        if (again) ++open.pending;
    });
    if (again && libusb_submit_transfer(transfer) != LIBUSB_SUCCESS)
        open.waiting.change([&] {
            --open.pending;
            open.gone = true;
        });
}

void UsbLink::Open::onWritten(libusb_transfer *transfer)
{
    Open &open = *static_cast<Open *>(transfer->user_data);
    open.waiting.change([&] {
        --open.pending;
        open.written = transfer->status;
    });
}

bool UsbLink::Open::startReading()
{
    for (Reader &reader : reading) {
        libusb_fill_bulk_transfer(reader.transfer.get(), handle, AP_USB_ENDPOINT_IN,
                                  reinterpret_cast<unsigned char *>(reader.buffer.data()),
                                  int(reader.buffer.size()), onRead, &reader, 0);
        waiting.change([this] { ++pending; });
        if (libusb_submit_transfer(reader.transfer.get()) != LIBUSB_SUCCESS) {
            waiting.change([this] { --pending; });
            return false;
        }
    }
    return true;
}

/// Gets all transfers back from the kernel.
bool UsbLink::Open::recall()
{
    if (!writing) return true; // nothing was ever sent out
    waiting.change([this] { closing = true; });
    const QDeadlineTimer deadline(recallMs);
    bool interrupted = false, back = false;
    while (!back && !deadline.hasExpired()) {
        for (Reader &reader : reading) // again and again: one may just have been started anew
            libusb_cancel_transfer(reader.transfer.get());
        libusb_cancel_transfer(writing.get());
        const auto outcome = waiting.until(
            20, [] { return false; }, [this] { return pending == 0; });
        interrupted = interrupted || outcome == Waiting::Outcome::Interrupted;
        back = outcome == Waiting::Outcome::Done;
    }
    if (interrupted) waiting.interrupt(); // it was meant for what comes behind this
    return back;
}

bool UsbLink::Open::clearStall(unsigned char endpoint)
{
    if (!recall() || libusb_clear_halt(handle, endpoint) != LIBUSB_SUCCESS) return false;
    waiting.change([this] { closing = stalled = false; });
    return startReading();
}

UsbLink::UsbLink(QString serial)
    : m_serial(std::move(serial)), m_open(std::make_unique<Open>(m_waiting))
{
}

UsbLink::~UsbLink()
{
    close();
}

QString UsbLink::name() const
{
    const QString id = QStringLiteral("the AtomNet profiler on USB");
    return m_serial.isEmpty() ? id : id + QStringLiteral(", serial ") + m_serial;
}

LinkResult<> UsbLink::open()
{
    close();
    m_open = std::make_unique<Open>(m_waiting);
    Open &open = *m_open;
    open.context = usbContext();
    if (!open.context)
        return linkFail(LinkFault::NoPermission,
                        QStringLiteral("this system gives no access to USB devices"));
    const std::vector<UsbDevice> same = usbDevices(open.context.get(), isProfilerId);
    std::vector<UsbDevice> found;
    for (const UsbDevice &device : same)
        if ((isProfiler(device) || (device.name.isEmpty() && device.openError)) &&
            (m_serial.isEmpty() || device.serial == m_serial))
            found.push_back(device);
    if (found.empty() && !same.empty() && m_serial.isEmpty())
        return linkFail(
            LinkFault::WrongDriver,
            QStringLiteral("the USB device 1209:0001 (%1) is not an AtomNet profiler; flash "
                           "the profiling firmware")
                .arg(same.front().name));
    if (found.empty()) return tl::unexpected(usbError(LIBUSB_ERROR_NOT_FOUND, name()));
    if (found.size() > 1) {
        QStringList serials;
        for (const UsbDevice &device : found)
            serials << device.serial;
        return linkFail(
            LinkFault::NotFound,
            QStringLiteral("several AtomNet profilers are connected; choose one as usb:SERIAL "
                           "(%1)")
                .arg(serials.join(QStringLiteral(", "))));
    }
    const UsbDevice &device = found.front();
    const auto failed = [&](int error) {
        close();
        return tl::unexpected(usbError(error, name()));
    };
    if (device.openError) return failed(device.openError);
    open.interface = profilerInterface(device.device.get());
    if (open.interface.number < 0)
        return linkFail(
            LinkFault::WrongDriver,
            QStringLiteral("%1 has not the profiler's endpoints; flash the firmware anew")
                .arg(name()));
    if (const int error = libusb_open(device.device.get(), &open.handle)) {
        open.handle = nullptr;
        return failed(error);
    }
    libusb_set_auto_detach_kernel_driver(open.handle,
                                         1); // not everywhere, and nothing is lost without
    if (const int error = libusb_claim_interface(open.handle, open.interface.number))
        return failed(error);

    open.reading.resize(readers);
    open.writing.reset(libusb_alloc_transfer(0));
    for (Open::Reader &reader : open.reading) {
        reader.open = &open;
        reader.transfer.reset(libusb_alloc_transfer(0));
        reader.buffer = QByteArray(open.interface.packetBytes, '\0');
    }
    open.events = std::thread([&open] {
        while (!open.ending) {
            timeval second{1, 0};
            libusb_handle_events_timeout_completed(open.context.get(), &second, nullptr);
        }
    });
    if (!open.startReading()) return failed(LIBUSB_ERROR_NO_DEVICE);
    return {};
}

void UsbLink::close()
{
    Open &open = *m_open;
    if (!open.handle) return;
    const bool back = open.recall();
    libusb_release_interface(open.handle, open.interface.number);
    if (back) libusb_close(open.handle); // with transfers in the kernel it must stay
    open.handle = nullptr;
    open.ending = true;
    if (open.events.joinable()) {
        libusb_interrupt_event_handler(open.context.get());
        open.events.join();
    }
    if (back)
        m_open = std::make_unique<Open>(m_waiting);
    else
        (void)std::exchange(m_open, std::make_unique<Open>(m_waiting)).release();
}

void UsbLink::interrupt()
{
    m_waiting.interrupt();
}

LinkResult<> UsbLink::write(QByteArrayView bytes, int timeoutMs)
{
    Open &open = *m_open;
    const QDeadlineTimer deadline(timeoutMs);
    bool cleared = false;
    while (!bytes.isEmpty()) {
        if (!open.handle || open.gone)
            return tl::unexpected(usbError(LIBUSB_ERROR_NO_DEVICE, name()));
        open.outgoing = bytes.toByteArray();
        libusb_fill_bulk_transfer(open.writing.get(), open.handle, AP_USB_ENDPOINT_OUT,
                                  reinterpret_cast<unsigned char *>(open.outgoing.data()),
                                  int(open.outgoing.size()), Open::onWritten, &open, 0);
        open.waiting.change([&] {
            open.written.reset();
            ++open.pending;
        });
        if (const int error = libusb_submit_transfer(open.writing.get())) {
            open.waiting.change([&] { --open.pending; });
            return tl::unexpected(usbError(error, name()));
        }
        const auto done = [&open] { return open.written.has_value(); };
        auto outcome = m_waiting.until(
            int(std::max<qint64>(deadline.remainingTime(), 0)), [this] { return cancelled(); },
            done);
        if (outcome != Waiting::Outcome::Done) {
            libusb_cancel_transfer(open.writing.get());
            while (m_waiting.until(
                       recallMs, [] { return false; }, done) == Waiting::Outcome::Interrupted) {
            }
            if (outcome == Waiting::Outcome::Interrupted)
                return linkFail(LinkFault::Interrupted, QStringLiteral("cancelled"));
            return linkFail(LinkFault::Timeout,
                            QStringLiteral("%1 takes no data; press its reset button").arg(name()));
        }
        bytes = bytes.sliced(std::min<qsizetype>(open.writing->actual_length, bytes.size()));
        if (*open.written == LIBUSB_TRANSFER_COMPLETED) continue;
        if (*open.written != LIBUSB_TRANSFER_STALL)
            return tl::unexpected(usbError(LIBUSB_ERROR_NO_DEVICE, name()));
        if (cleared || libusb_clear_halt(open.handle, AP_USB_ENDPOINT_OUT) != LIBUSB_SUCCESS)
            return linkFail(LinkFault::Protocol,
                            QStringLiteral("%1 refuses data; press its reset button").arg(name()));
        cleared = true;
    }
    return {};
}

LinkResult<QByteArray> UsbLink::read(int timeoutMs)
{
    Open &open = *m_open;
    if (!open.handle) return tl::unexpected(usbError(LIBUSB_ERROR_NO_DEVICE, name()));
    QByteArray bytes;
    bool stalled = false;
    const auto outcome = m_waiting.until(
        timeoutMs, [this] { return cancelled(); },
        [&] {
            bytes = std::exchange(open.arrived, {});
            stalled = open.stalled;
            return !bytes.isEmpty() || stalled || open.gone;
        });
    if (outcome == Waiting::Outcome::Interrupted)
        return linkFail(LinkFault::Interrupted, QStringLiteral("cancelled"));
    if (outcome == Waiting::Outcome::Timeout)
        return linkFail(LinkFault::Timeout, QStringLiteral("%1 did not answer").arg(name()));
    if (!bytes.isEmpty()) return bytes;
    if (!stalled || !open.clearStall(AP_USB_ENDPOINT_IN))
        return tl::unexpected(usbError(LIBUSB_ERROR_NO_DEVICE, name()));
    return linkFail(LinkFault::Protocol, QStringLiteral("%1 broke off an answer").arg(name()));
}

} // namespace atomnet
