#include "core/device/device_address.h"
#include "core/device/usb_access.h"

#include <QSerialPortInfo>

#include <atomic>
#include <condition_variable>
#include <mutex>
#include <thread>

namespace atomnet
{

namespace
{

/// All that is there, as one text to compare.
QStringList serialPorts()
{
    QStringList names;
    for (const QSerialPortInfo &port : QSerialPortInfo::availablePorts())
        names << port.systemLocation() + port.serialNumber();
    names.sort();
    return names;
}

std::vector<std::pair<int, int>> usbAddresses(libusb_context *context)
{
    std::vector<std::pair<int, int>> all;
    libusb_device **list = nullptr;
    const ssize_t count = libusb_get_device_list(context, &list);
    for (ssize_t i = 0; i < count; ++i)
        all.emplace_back(libusb_get_bus_number(list[i]), libusb_get_device_address(list[i]));
    if (count >= 0) libusb_free_device_list(list, 1);
    std::sort(all.begin(), all.end());
    return all;
}

} // namespace

struct DeviceWatcher::Private {
    std::function<void()> changed;
    std::atomic_bool ending = false;
    std::mutex mutex;
    std::condition_variable ended;
    UsbContext context;
    bool told = false;    ///< by a hotplug callback
    bool hotplug = false; ///< the system tells
    std::thread thread;

    static int LIBUSB_CALL onHotplug(libusb_context *, libusb_device *, libusb_hotplug_event,
                                     void *self)
    {
        static_cast<Private *>(self)->told = true; // on the watching thread
        return 0;
    }

    void watch();
    void wait();
};

/// A second, or until something comes or goes.
void DeviceWatcher::Private::wait()
{
    if (hotplug) {
        timeval second{1, 0};
        libusb_handle_events_timeout_completed(context.get(), &second, nullptr);
        return;
    }
    std::unique_lock lock(mutex);
    ended.wait_for(lock, std::chrono::seconds(1), [this] { return ending.load(); });
}

void DeviceWatcher::Private::watch()
{
    QStringList ports = serialPorts();
    auto usb =
        hotplug || !context ? std::vector<std::pair<int, int>>() : usbAddresses(context.get());
    while (!ending) {
        wait();
        if (ending) return;
        bool news = std::exchange(told, false);
        if (const QStringList now = serialPorts(); now != ports) {
            ports = now;
            news = true;
        }
        if (context && !hotplug) {
            if (auto now = usbAddresses(context.get()); now != usb) {
                usb = std::move(now);
                news = true;
            }
        }
        if (news) changed();
    }
}

DeviceWatcher::DeviceWatcher(std::function<void()> changed) : d(std::make_unique<Private>())
{
    d->changed = std::move(changed);
    d->context = usbContext();
    if (d->context && libusb_has_capability(LIBUSB_CAP_HAS_HOTPLUG))
        d->hotplug =
            libusb_hotplug_register_callback(
                d->context.get(),
                LIBUSB_HOTPLUG_EVENT_DEVICE_ARRIVED | LIBUSB_HOTPLUG_EVENT_DEVICE_LEFT,
                LIBUSB_HOTPLUG_NO_FLAGS, LIBUSB_HOTPLUG_MATCH_ANY, LIBUSB_HOTPLUG_MATCH_ANY,
                LIBUSB_HOTPLUG_MATCH_ANY, &Private::onHotplug, d.get(), nullptr) == LIBUSB_SUCCESS;
    d->thread = std::thread([this] { d->watch(); });
}

DeviceWatcher::~DeviceWatcher()
{
    {
        const std::lock_guard lock(d->mutex);
        d->ending = true;
    }
    d->ended.notify_all();
    if (d->hotplug) libusb_interrupt_event_handler(d->context.get());
    d->thread.join();
}

} // namespace atomnet
