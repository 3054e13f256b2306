// USB devices that are not there, for the real libusb: usbfs at ioctl level, through umockdev.
// README at the top of main.c.
#pragma once

#include <glib.h>
#include <linux/usb/ch9.h>
#include <linux/usbdevice_fs.h>
#include <umockdev.h>

enum { EP_OUT = 0x01, EP_IN = 0x81, PACKET_BYTES = 64, MOST_DEVICES = 4 };

typedef struct device device_t;

/// What kind of device it is.
typedef struct {
    const guint8 *descriptor; ///< of the device, 18 bytes
    const guint8 *configuration;
    gsize configuration_bytes;
    const char *manufacturer, *product;
    const char *interface_text; ///< string 4, or NULL
    /// Requests of class and vendor; called under the lock. Length of the answer, or -errno.
    int (*control)(device_t *device, const struct usb_ctrlrequest *request, guint8 *data);
} kind_t;

/// A transfer of a client.
typedef struct {
    UMockdevIoctlData *data; ///< a struct usbdevfs_urb
    UMockdevIoctlClient *client;
} urb_t;

struct device {
    const kind_t *kind;
    const char *serial, *command; ///< command: behind the bulk pair, run by sh; NULL for none
    int number;                   ///< 0, 1, ...: port and address follow from it
    char *node, *sys;

    GMutex lock;
    GCond changed;
    GQueue in_waiting, out_waiting,
        done;       ///< urb_t: reads without data, writes not yet taken, for REAPURB
    GQueue packets; ///< GBytes towards the host
    UMockdevIoctlClient *claimed_by;
    gboolean plugged, in_halted, out_halted;
    gboolean stall_in, stall_out; ///< the next transfer stalls
    gboolean hold;                ///< takes no data
    gboolean mute;                ///< says nothing
    gboolean taken;               ///< another program has the interface
    gsize packet;                 ///< bytes of packets towards the host, up to PACKET_BYTES

    int fifo, fifo_full; ///< our end of the FIFO that stands for the node
    int to_program, from_program;
    GPid program;
    gboolean writing, ending;
    GThread *reader, *writer;
    UMockdevIoctlBase *handler;
};

extern UMockdevTestbed *testbed;
extern const kind_t profiler_kind;

void device_start(device_t *device);
void device_end(device_t *device);
void device_plug(device_t *device);
void device_unplug(device_t *device);
/// Bytes towards the host, as packets.
void device_say(device_t *device, const guint8 *bytes, gsize count);

/// Under the lock: hands a transfer back.
void urb_complete(device_t *device, urb_t *urb, int status);
/// Under the lock: packets into waiting reads.
void urb_feed(device_t *device);
/// The node's FIFO anew: a one-page pipe that is full while nothing is to be reaped, so that poll()
/// tells.
void node_make(device_t *device);
gboolean usbfs_ioctl(UMockdevIoctlBase *handler, UMockdevIoctlClient *client, gpointer device);
void usbfs_vanished(UMockdevIoctlBase *handler, UMockdevIoctlClient *client, gpointer device);
