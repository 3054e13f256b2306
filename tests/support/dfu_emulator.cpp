#include "tests/support/dfu_emulator.h"

#include <QFile>
#include <QFileInfo>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <deque>
#include <mutex>
#include <thread>

#include <fcntl.h>
#include <linux/usb/ch9.h>
#include <linux/usbdevice_fs.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <umockdev.h>
#include <unistd.h>

namespace atomnet::test
{

namespace
{

constexpr auto busNode = "/dev/bus/usb/001/002";
constexpr auto busPath = "/sys/devices/pci0000:00/0000:00:14.0/usb1/1-1";
constexpr auto preload = "libumockdev-preload.so.0";
constexpr int pageBytes = 4096;
/// The program on the other side gets its last answer before the device goes.
constexpr auto unplugDelay = std::chrono::milliseconds(20);

QByteArray hex(const std::vector<uint8_t> &bytes)
{
    return QByteArray(reinterpret_cast<const char *>(bytes.data()), qsizetype(bytes.size()))
        .toHex();
}

} // namespace

void underUmockdev(char **argv)
{
    if (qgetenv("LD_PRELOAD").contains("umockdev")) return;
    const QByteArray before = qgetenv("LD_PRELOAD");
    qputenv("LD_PRELOAD", before.isEmpty() ? QByteArray(preload) : preload + (' ' + before));
    execv("/proc/self/exe", argv);
}

QString whyNoUmockdev()
{
    QFile maps(
        QStringLiteral("/proc/self/maps")); // the loader goes on without what it does not find
    const bool there = maps.open(QIODevice::ReadOnly) && maps.readAll().contains(preload);
    return there ? QString()
                 : QStringLiteral("umockdev's library is not there (Debian: apt install umockdev)");
}

struct DfuEmulator::Private {
    explicit Private(const DfuRom::Options &options) : rom(options) {}

    DfuRom rom;
    mutable std::mutex mutex; ///< the bus's thread, the one that unplugs, and the test's
    UMockdevTestbed *testbed = nullptr;
    UMockdevIoctlBase *handler = nullptr;
    struct Transfer {
        UMockdevIoctlClient *client;
        UMockdevIoctlData *data;
    };
    std::deque<Transfer> done; ///< wait to be taken
    bool plugged = false, busy = false, leaving = false;
    std::thread unplugging;
    /// libusb waits until the node can be written to, when a transfer is done. So the node is a
    /// pipe of one page: full while there is nothing, empty when there is something.
    QByteArray node;
    int pipe = -1;
    bool full = false;

    void makeNode();
    void setReady(bool ready);
    int submit(UMockdevIoctlClient *client);
    int reap(UMockdevIoctlClient *client);
    bool handle(UMockdevIoctlClient *client);
    void forget(UMockdevIoctlClient *client);
    void unplug();
    static gboolean onIoctl(UMockdevIoctlBase *, UMockdevIoctlClient *client, gpointer self)
    {
        return static_cast<Private *>(self)->handle(client);
    }
    static void onVanished(UMockdevIoctlBase *, UMockdevIoctlClient *client, gpointer self)
    {
        static_cast<Private *>(self)->forget(client);
    }
};

void DfuEmulator::Private::makeNode()
{
    const QByteArray folder = QFileInfo(QString::fromLocal8Bit(node)).path().toLocal8Bit();
    g_mkdir_with_parents(folder.constData(), 0755);
    ::unlink(node.constData());
    if (::mkfifo(node.constData(), 0666) != 0) qFatal("mkfifo %s failed", node.constData());
    if (pipe >= 0) ::close(pipe);
    pipe = ::open(node.constData(), O_RDWR | O_NONBLOCK | O_CLOEXEC);
    if (pipe < 0 || fcntl(pipe, F_SETPIPE_SZ, pageBytes) < 0) qFatal("no pipe of one page");
    full = false;
    setReady(false);
}

void DfuEmulator::Private::setReady(bool ready)
{
    char page[pageBytes] = {};
    if (ready && full) {
        while (::read(pipe, page, sizeof page) > 0) {
        }
        full = false;
    } else if (!ready && !full) {
        full = ::write(pipe, page, sizeof page) == ssize_t(sizeof page);
    }
}

/// Every control transfer is answered at once; the ROM's own delays are in its answers. 0, or an
/// errno: the program may have been ended meanwhile, then its memory cannot be had.
int DfuEmulator::Private::submit(UMockdevIoctlClient *client)
{
    UMockdevIoctlData *data = umockdev_ioctl_data_resolve(umockdev_ioctl_client_get_arg(client), 0,
                                                          sizeof(usbdevfs_urb), nullptr);
    if (!data) return EFAULT;
    auto *urb = reinterpret_cast<usbdevfs_urb *>(data->data);
    UMockdevIoctlData *buffer = umockdev_ioctl_data_resolve(
        data, G_STRUCT_OFFSET(usbdevfs_urb, buffer), gsize(urb->buffer_length), nullptr);
    if (!buffer || urb->buffer_length < int(sizeof(usb_ctrlrequest))) {
        g_clear_object(&buffer);
        g_object_unref(data);
        return EFAULT;
    }
    g_object_unref(buffer); // data keeps it
    auto *bytes = static_cast<uint8_t *>(urb->buffer);
    const auto &request = *reinterpret_cast<const usb_ctrlrequest *>(bytes);
    const auto count = rom.control(request, bytes + sizeof request);
    urb->status = count ? 0 : -EPIPE;
    urb->actual_length = count.value_or(0);
    done.push_back({client, data});
    setReady(true);
    if (rom.unplugDue() && !leaving) {
        leaving = true;
        if (unplugging.joinable()) unplugging.join();
        unplugging = std::thread([this] { unplug(); });
    }
    return 0;
}

/// 0, or an errno.
int DfuEmulator::Private::reap(UMockdevIoctlClient *client)
{
    const auto mine = std::find_if(done.begin(), done.end(),
                                   [&](const Transfer &one) { return one.client == client; });
    if (mine == done.end()) {
        if (plugged) setReady(false);
        return plugged ? EAGAIN : ENODEV;
    }
    UMockdevIoctlData *data = mine->data;
    done.erase(mine);
    if (done.empty() && plugged) setReady(false);
    UMockdevIoctlData *target = umockdev_ioctl_data_resolve(umockdev_ioctl_client_get_arg(client),
                                                            0, sizeof(gpointer), nullptr);
    if (target) umockdev_ioctl_data_set_ptr(target, 0, data); // transfer and bytes go back with it
    g_clear_object(&target);
    g_object_unref(data);
    return 0;
}

bool DfuEmulator::Private::handle(UMockdevIoctlClient *client)
{
    const gulong request = umockdev_ioctl_client_get_request(client);
    int result = 0, error = 0;
    {
        const std::lock_guard lock(mutex);
        const bool takes = request == USBDEVFS_REAPURB || request == USBDEVFS_REAPURBNDELAY;
        if (!plugged && !takes) {
            error = ENODEV;
        } else if (takes) {
            error = reap(client);
        } else if (request == USBDEVFS_SUBMITURB) {
            error = submit(client);
        } else if (request == USBDEVFS_GET_CAPABILITIES) {
            UMockdevIoctlData *data = umockdev_ioctl_data_resolve(
                umockdev_ioctl_client_get_arg(client), 0, sizeof(guint32), nullptr);
            if (data)
                *reinterpret_cast<guint32 *>(data->data) = USBDEVFS_CAP_ZERO_PACKET |
                                                           USBDEVFS_CAP_NO_PACKET_SIZE_LIM |
                                                           USBDEVFS_CAP_REAP_AFTER_DISCONNECT;
            g_clear_object(&data);
        } else if (request == USBDEVFS_CLAIMINTERFACE || request == USBDEVFS_DISCONNECT_CLAIM) {
            if (busy) error = EBUSY;
        } else if (request == USBDEVFS_GETDRIVER) {
            error = ENODATA;
        } else if (request == USBDEVFS_GET_SPEED) {
            result = 2; // full speed
        } else if (request == USBDEVFS_DISCARDURB) {
            error = EINVAL; // it is done already
        } else if (request != USBDEVFS_RELEASEINTERFACE && request != USBDEVFS_SETCONFIGURATION &&
                   request != USBDEVFS_SETINTERFACE && request != USBDEVFS_CLEAR_HALT &&
                   request != USBDEVFS_RESET) {
            error = ENOTTY;
        }
    }
    umockdev_ioctl_client_complete(client, error ? -1 : result, error);
    return true;
}

/// A program has gone; the next one may be here already. Null: all of them.
void DfuEmulator::Private::forget(UMockdevIoctlClient *client)
{
    const std::lock_guard lock(mutex);
    std::erase_if(done, [&](const Transfer &one) {
        if (client && one.client != client) return false;
        g_object_unref(one.data);
        return true;
    });
    if (plugged && done.empty()) setReady(false);
}

void DfuEmulator::Private::unplug()
{
    std::this_thread::sleep_for(unplugDelay);
    {
        const std::lock_guard lock(mutex);
        plugged = false;
        setReady(true); // who waits shall look
    }
    umockdev_testbed_uevent(testbed, busPath, "remove");
    umockdev_testbed_remove_device(testbed, busPath);
}

DfuEmulator::DfuEmulator(const DfuRom::Options &options) : d(std::make_unique<Private>(options))
{
    d->testbed = umockdev_testbed_new();
    gchar *root = umockdev_testbed_get_root_dir(d->testbed);
    d->node = QByteArray(root) + busNode;
    const QByteArray socket = QByteArray(root) + "/ioctl" + busNode;
    ::chmod(root, 0777); // for tests that give the superuser's rights away
    g_free(root);
    d->handler = umockdev_ioctl_base_new();
    g_signal_connect(d->handler, "handle-ioctl", G_CALLBACK(Private::onIoctl), d.get());
    g_signal_connect(d->handler, "client-vanished", G_CALLBACK(Private::onVanished), d.get());
    GError *error = nullptr;
    if (!umockdev_testbed_attach_ioctl(d->testbed, busNode, d->handler, &error))
        qFatal("umockdev: %s", error->message);
    ::chmod(socket.constData(), 0777);
    plugIn();
}

DfuEmulator::~DfuEmulator()
{
    if (d->unplugging.joinable()) d->unplugging.join();
    umockdev_testbed_detach_ioctl(d->testbed, busNode, nullptr);
    d->forget(nullptr);
    g_object_unref(d->handler);
    g_object_unref(d->testbed);
    if (d->pipe >= 0) ::close(d->pipe);
}

DfuRom &DfuEmulator::rom()
{
    return d->rom;
}

void DfuEmulator::plugIn()
{
    if (d->unplugging.joinable()) d->unplugging.join();
    d->makeNode(); // without an "N:" line below umockdev makes none
    {
        const std::lock_guard lock(d->mutex);
        d->plugged = true;
        d->leaving = false;
        d->rom.restart();
    }
    const QByteArray description = "P: /devices/pci0000:00/0000:00:14.0/usb1/1-1\n"
                                   "E: SUBSYSTEM=usb\nE: DRIVER=usb\nE: BUSNUM=001\nE: DEVNUM=002\n"
                                   "E: DEVNAME=" +
                                   QByteArray(busNode) +
                                   "\nE: DEVTYPE=usb_device\nE: PRODUCT=483/df11/2200\n"
                                   "E: MAJOR=189\nE: MINOR=1\n"
                                   "A: busnum=1\\n\nA: devnum=2\\n\nA: speed=12\\n\n"
                                   "A: bConfigurationValue=1\\n\nA: devpath=1\\n\n"
                                   "A: idVendor=0483\\n\nA: idProduct=df11\\n\n"
                                   "H: descriptors=" +
                                   hex(DfuRom::deviceDescriptor()) +
                                   hex(DfuRom::configDescriptor()) + "\n";
    GError *error = nullptr;
    if (!umockdev_testbed_add_from_string(d->testbed, description.constData(), &error))
        qFatal("umockdev: %s", error->message);
}

void DfuEmulator::setBusy(bool busy)
{
    const std::lock_guard lock(d->mutex);
    d->busy = busy;
}

bool DfuEmulator::pluggedIn() const
{
    const std::lock_guard lock(d->mutex);
    return d->plugged;
}

QString DfuEmulator::node() const
{
    return QString::fromLocal8Bit(d->node);
}

} // namespace atomnet::test
