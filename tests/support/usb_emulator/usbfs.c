// The kernel's side of usbfs: transfers are submitted, wait, are handed back. Runs on umockdev's
// thread: never blocks.
#include "emulator.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

static struct usbdevfs_urb *raw(const urb_t *urb)
{
    return (struct usbdevfs_urb *)(void *)urb->data->data;
}

static void fifo_update(device_t *d)
{
    char page[4096] = {0};
    const gboolean full = d->done.length == 0 && d->plugged;
    if (d->fifo < 0) return;
    if (!full && d->fifo_full) {
        while (read(d->fifo, page, sizeof page) > 0) {
        }
        d->fifo_full = FALSE;
    }
    if (full && !d->fifo_full) d->fifo_full = write(d->fifo, page, sizeof page) == sizeof page;
}

void node_make(device_t *d)
{
    g_autofree char *root = umockdev_testbed_get_root_dir(testbed);
    g_autofree char *path = g_strconcat(root, d->node, NULL);
    g_autofree char *folder = g_path_get_dirname(path);
    g_mkdir_with_parents(folder, 0755);
    unlink(path);
    if (mkfifo(path, 0666) != 0) g_error("mkfifo %s", path);
    chmod(path, 0666);
    if (d->fifo >= 0) close(d->fifo);
    d->fifo = open(path, O_RDWR | O_NONBLOCK | O_CLOEXEC);
    fcntl(d->fifo, F_SETPIPE_SZ, 4096);
    d->fifo_full = FALSE;
    fifo_update(d);
}

void urb_complete(device_t *d, urb_t *urb, int status)
{
    raw(urb)->status = status;
    g_queue_push_tail(&d->done, urb);
    fifo_update(d);
}

void urb_feed(device_t *d)
{
    while (d->in_waiting.length && (d->stall_in || d->packets.length)) {
        urb_t *urb = g_queue_peek_head(&d->in_waiting);
        if (d->stall_in) {
            d->stall_in = FALSE;
            d->in_halted = TRUE;
            urb_complete(d, g_queue_pop_head(&d->in_waiting), -EPIPE);
            return;
        }
        GBytes *packet = g_queue_pop_head(&d->packets);
        gsize count;
        const guint8 *bytes = g_bytes_get_data(packet, &count);
        struct usbdevfs_urb *u = raw(urb);
        const gsize room = (gsize)(u->buffer_length - u->actual_length), taken = MIN(room, count);
        if (taken) memcpy((guint8 *)u->buffer + u->actual_length, bytes, taken);
        u->actual_length += (int)taken;
        const gboolean babble = count > room, full = u->actual_length == u->buffer_length;
        if (babble || full || count < PACKET_BYTES)
            urb_complete(d, g_queue_pop_head(&d->in_waiting), babble ? -EOVERFLOW : 0);
        g_bytes_unref(packet);
    }
}

static gsize text_descriptor(const char *text, guint8 *to)
{
    gsize count = 2;
    for (; *text; ++text) {
        to[count++] = (guint8)*text;
        to[count++] = 0;
    }
    to[0] = (guint8)count;
    to[1] = USB_DT_STRING;
    return count;
}

/// Length of the answer or -errno.
static int control(device_t *d, const struct usb_ctrlrequest *request, guint8 *data)
{
    const guint16 value = request->wValue;
    guint8 answer[256] = {4, USB_DT_STRING, 9, 4};
    gsize count = 4;
    if (request->bRequestType != USB_DIR_IN || request->bRequest != USB_REQ_GET_DESCRIPTOR)
        return d->kind->control ? d->kind->control(d, request, data) : -EPIPE;
    const char *const texts[] = {d->kind->manufacturer, d->kind->product, d->serial,
                                 d->kind->interface_text};
    const guint index = value & 255;
    switch (value >> 8) {
    case USB_DT_DEVICE:
        count = 18;
        memcpy(answer, d->kind->descriptor, count);
        break;
    case USB_DT_CONFIG:
        count = d->kind->configuration_bytes;
        memcpy(answer, d->kind->configuration, count);
        break;
    case USB_DT_STRING:
        if (index > 4 || (index && !texts[index - 1])) return -EPIPE;
        if (index) count = text_descriptor(texts[index - 1], answer);
        break;
    default:
        return -EPIPE;
    }
    count = MIN(count, request->wLength);
    memcpy(data, answer, count);
    return (int)count;
}

/// 0 or errno.
static int submit(device_t *d, UMockdevIoctlClient *client, UMockdevIoctlData *argument)
{
    urb_t *urb = g_new0(urb_t, 1);
    urb->client = client;
    urb->data = umockdev_ioctl_data_resolve(argument, 0, sizeof(struct usbdevfs_urb), NULL);
    struct usbdevfs_urb *u = raw(urb);
    if (u->buffer_length) { // the transfer keeps its own reference
        UMockdevIoctlData *buffer = umockdev_ioctl_data_resolve(
            urb->data, G_STRUCT_OFFSET(struct usbdevfs_urb, buffer), (gsize)u->buffer_length, NULL);
        g_clear_object(&buffer);
    }
    u->actual_length = 0;
    if (u->type == USBDEVFS_URB_TYPE_CONTROL) {
        const struct usb_ctrlrequest *request = u->buffer;
        const int length = control(d, request, (guint8 *)u->buffer + sizeof *request);
        if (length >= 0)
            u->actual_length = request->bRequestType & USB_DIR_IN ? length : request->wLength;
        urb_complete(d, urb, MIN(length, 0));
    } else if (u->type == USBDEVFS_URB_TYPE_BULK && u->endpoint == EP_IN) {
        g_queue_push_tail(&d->in_waiting, urb);
        if (d->in_halted)
            urb_complete(d, g_queue_pop_tail(&d->in_waiting), -EPIPE);
        else
            urb_feed(d);
    } else if (u->type == USBDEVFS_URB_TYPE_BULK && u->endpoint == EP_OUT) {
        if (d->stall_out) d->out_halted = TRUE;
        d->stall_out = FALSE;
        if (d->out_halted) {
            urb_complete(d, urb, -EPIPE);
        } else {
            g_queue_push_tail(&d->out_waiting, urb);
            g_cond_broadcast(&d->changed);
        }
    } else {
        g_object_unref(urb->data);
        g_free(urb);
        return ENOENT;
    }
    return 0;
}

static int discard(device_t *d, gulong address)
{
    GQueue *const queues[] = {&d->in_waiting, &d->out_waiting};
    for (int q = 0; q < 2; ++q)
        for (GList *at = queues[q]->head; at; at = at->next) {
            urb_t *urb = at->data;
            if (urb->data->client_addr != address) continue;
            g_queue_delete_link(queues[q], at);
            urb_complete(d, urb, -ENOENT);
            return 0;
        }
    return EINVAL;
}

static urb_t *next_done(device_t *d, UMockdevIoctlClient *client)
{
    for (GList *at = d->done.head; at; at = at->next) {
        urb_t *urb = at->data;
        if (urb->client != client) continue;
        g_queue_delete_link(&d->done, at);
        return urb;
    }
    return NULL;
}

/// 0 or errno.
static int claim(device_t *d, UMockdevIoctlClient *client)
{
    if (d->taken || (d->claimed_by && d->claimed_by != client)) return EBUSY;
    d->claimed_by = client;
    return 0;
}

static int answer(device_t *d, UMockdevIoctlClient *client, UMockdevIoctlData *argument,
                  gulong request)
{
    UMockdevIoctlData *number;
    switch (request) {
    case USBDEVFS_GET_CAPABILITIES:
        number = umockdev_ioctl_data_resolve(argument, 0, 4, NULL);
        *(guint32 *)(void *)number->data =
            USBDEVFS_CAP_ZERO_PACKET | USBDEVFS_CAP_BULK_CONTINUATION |
            USBDEVFS_CAP_NO_PACKET_SIZE_LIM | USBDEVFS_CAP_BULK_SCATTER_GATHER |
            USBDEVFS_CAP_REAP_AFTER_DISCONNECT;
        g_object_unref(number);
        return 0;
    case USBDEVFS_CLAIMINTERFACE:
    case USBDEVFS_DISCONNECT_CLAIM:
        return claim(d, client);
    case USBDEVFS_RELEASEINTERFACE:
        if (d->claimed_by != client) return EINVAL;
        d->claimed_by = NULL;
        return 0;
    case USBDEVFS_GETDRIVER:
        return ENODATA; // none holds it
    case USBDEVFS_CLEAR_HALT:
        number = umockdev_ioctl_data_resolve(argument, 0, 4, NULL);
        if (*(guint32 *)(void *)number->data == EP_IN)
            d->in_halted = FALSE;
        else
            d->out_halted = FALSE;
        g_object_unref(number);
        return 0;
    case USBDEVFS_SETCONFIGURATION:
    case USBDEVFS_SETINTERFACE:
    case USBDEVFS_RESET:
        return 0;
    case USBDEVFS_SUBMITURB:
        return submit(d, client, argument);
    case USBDEVFS_DISCARDURB:
        return discard(d, *(gulong *)(void *)argument->data);
    default:
        return ENOTTY;
    }
}

gboolean usbfs_ioctl(UMockdevIoctlBase *handler, UMockdevIoctlClient *client, gpointer device)
{
    (void)handler;
    device_t *d = device;
    UMockdevIoctlData *argument = umockdev_ioctl_client_get_arg(client);
    const gulong request = umockdev_ioctl_client_get_request(client);
    const gboolean reaps = request == USBDEVFS_REAPURB || request == USBDEVFS_REAPURBNDELAY;
    UMockdevIoctlData *back = NULL;
    urb_t *urb = NULL;
    int error = 0, result = 0;
    g_mutex_lock(&d->lock);
    if (reaps) {
        urb = next_done(d, client);
        fifo_update(d);
        if (!urb) error = d->plugged ? EAGAIN : ENODEV;
    } else if (request == USBDEVFS_GET_SPEED) {
        result = USB_SPEED_FULL;
    } else if (!d->plugged && request != USBDEVFS_DISCARDURB) {
        error = ENODEV;
    } else {
        error = answer(d, client, argument, request);
    }
    g_mutex_unlock(&d->lock);
    if (urb) { // writes the transfer and its buffer back into the client
        back = umockdev_ioctl_data_resolve(argument, 0, sizeof(gpointer), NULL);
        umockdev_ioctl_data_set_ptr(back, 0, urb->data);
    }
    umockdev_ioctl_client_complete(client, error ? -1 : result, error);
    if (urb) {
        g_object_unref(back);
        g_object_unref(urb->data);
        g_free(urb);
    }
    return TRUE;
}

static void forget(GQueue *queue, UMockdevIoctlClient *client)
{
    for (GList *at = queue->head, *next; at; at = next) {
        urb_t *urb = at->data;
        next = at->next;
        if (urb->client != client) continue;
        g_queue_delete_link(queue, at);
        g_object_unref(urb->data);
        g_free(urb);
    }
}

void usbfs_vanished(UMockdevIoctlBase *handler, UMockdevIoctlClient *client, gpointer device)
{
    (void)handler;
    device_t *d = device;
    g_mutex_lock(&d->lock);
    if (d->claimed_by == client) d->claimed_by = NULL;
    forget(&d->in_waiting, client);
    forget(&d->out_waiting, client);
    forget(&d->done, client);
    fifo_update(d);
    g_mutex_unlock(&d->lock);
}
