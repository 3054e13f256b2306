// Devices that come and go, and the program behind each.
#include "emulator.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

/// The program without the preloaded library: it is no part of the emulation.
static char **plain_environment(void)
{
    char **all = g_get_environ();
    all = g_environ_unsetenv(all, "LD_PRELOAD");
    return g_environ_unsetenv(all, "UMOCKDEV_DIR");
}

static void program_start(device_t *d)
{
    int in[2], out[2];
    if (!d->command) return;
    if (pipe2(in, O_CLOEXEC) != 0 || pipe2(out, O_CLOEXEC) != 0) g_error("pipe2");
    posix_spawn_file_actions_t files;
    posix_spawn_file_actions_init(&files);
    posix_spawn_file_actions_adddup2(&files, in[0], STDIN_FILENO);
    posix_spawn_file_actions_adddup2(&files, out[1], STDOUT_FILENO);
    g_autofree char *line = g_strconcat("exec ", d->command, NULL);
    char *const words[] = {(char[]){"sh"}, (char[]){"-c"}, line, NULL};
    char **environment = plain_environment();
    const int error = posix_spawn(&d->program, "/bin/sh", &files, NULL, words, environment);
    if (error) g_error("cannot start %s: %s", d->command, g_strerror(error));
    g_strfreev(environment);
    posix_spawn_file_actions_destroy(&files);
    close(in[0]);
    close(out[1]);
    d->to_program = in[1];
    d->from_program = out[0];
}

void device_say(device_t *d, const guint8 *bytes, gsize count)
{
    g_mutex_lock(&d->lock);
    for (gsize at = 0; at < count && d->plugged && !d->mute; at += d->packet)
        g_queue_push_tail(&d->packets, g_bytes_new(bytes + at, MIN(d->packet, count - at)));
    urb_feed(d);
    g_mutex_unlock(&d->lock);
}

/// What the program says, until it ends.
static gpointer read_program(gpointer device)
{
    device_t *d = device;
    guint8 bytes[4096];
    for (;;) {
        const ssize_t count = read(d->from_program, bytes, sizeof bytes);
        if (count < 0 && errno == EINTR) continue;
        if (count <= 0) return NULL;
        device_say(d, bytes, (gsize)count);
    }
}

static void write_program(device_t *d, const guint8 *bytes, gsize count)
{
    while (count && d->to_program >= 0) {
        const ssize_t written = write(d->to_program, bytes, count);
        if (written < 0 && errno == EINTR) continue;
        if (written <= 0) return; // it has ended: the device takes what nobody hears
        bytes += written;
        count -= (gsize)written;
    }
}

/// Takes the host's data, one transfer after the other.
static gpointer take_writes(gpointer device)
{
    device_t *d = device;
    g_mutex_lock(&d->lock);
    while (!d->ending) {
        urb_t *urb = d->hold || !d->plugged ? NULL : g_queue_pop_head(&d->out_waiting);
        if (!urb) {
            g_cond_wait(&d->changed, &d->lock);
            continue;
        }
        struct usbdevfs_urb *u = (struct usbdevfs_urb *)(void *)urb->data->data;
        d->writing = TRUE;
        g_mutex_unlock(&d->lock);
        write_program(d, u->buffer, (gsize)u->buffer_length);
        g_mutex_lock(&d->lock);
        d->writing = FALSE;
        u->actual_length = u->buffer_length;
        urb_complete(d, urb, 0);
        g_cond_broadcast(&d->changed);
    }
    g_mutex_unlock(&d->lock);
    return NULL;
}

static void append_hex(GString *text, const guint8 *bytes, gsize count)
{
    for (gsize i = 0; i < count; ++i)
        g_string_append_printf(text, "%02X", bytes[i]);
}

void device_plug(device_t *d)
{
    const guint8 *id = d->kind->descriptor;
    const guint vendor = id[8] | (guint)id[9] << 8, product = id[10] | (guint)id[11] << 8;
    program_start(d);
    g_mutex_lock(&d->lock);
    d->plugged = TRUE;
    d->in_halted = d->out_halted = d->stall_in = d->stall_out = FALSE;
    d->claimed_by = NULL;
    node_make(d); // before the event; no N: line below, so that no regular file is made
    g_mutex_unlock(&d->lock);
    if (d->program) d->reader = g_thread_new("reader", read_program, d);
    GString *text = g_string_new(NULL);
    g_string_append_printf(
        text,
        "P: %s\nE: SUBSYSTEM=usb\nE: DRIVER=usb\nE: BUSNUM=001\nE: DEVNUM=%03d\nE: DEVNAME=%s\n"
        "E: DEVTYPE=usb_device\nE: PRODUCT=%x/%x/100\nE: MAJOR=189\nE: MINOR=%d\n"
        "A: busnum=1\\n\nA: devnum=%d\\n\nA: speed=12\\n\nA: bConfigurationValue=1\\n\n"
        "A: devpath=%d\\n\nA: idVendor=%04x\\n\nA: idProduct=%04x\\n\nA: product=%s\\n\n"
        "A: serial=%s\\n\nH: descriptors=",
        d->sys + strlen("/sys"), d->number + 2, d->node, vendor, product, d->number + 1,
        d->number + 2, d->number + 1, vendor, product, d->kind->product, d->serial);
    append_hex(text, id, 18);
    append_hex(text, d->kind->configuration, d->kind->configuration_bytes);
    g_string_append_c(text, '\n');
    GError *error = NULL;
    if (!umockdev_testbed_add_from_string(testbed, text->str, &error))
        g_error("%s", error->message);
    g_string_free(text, TRUE);
}

/// What the kernel does when a device goes: every transfer comes back, the program behind it loses
/// its wire.
void device_unplug(device_t *d)
{
    if (!d->plugged) return;
    g_mutex_lock(&d->lock);
    d->plugged = FALSE;
    urb_t *urb;
    GBytes *packet;
    while ((urb = g_queue_pop_head(&d->in_waiting)))
        urb_complete(d, urb, -ESHUTDOWN);
    while ((urb = g_queue_pop_head(&d->out_waiting)))
        urb_complete(d, urb, -ESHUTDOWN);
    while ((packet = g_queue_pop_head(&d->packets)))
        g_bytes_unref(packet);
    g_mutex_unlock(&d->lock);
    if (d->program) {
        kill(d->program, SIGKILL);
        waitpid(d->program, NULL, 0);
        g_mutex_lock(&d->lock);
        while (d->writing)
            g_cond_wait(&d->changed, &d->lock);
        close(d->to_program);
        d->to_program = -1;
        g_mutex_unlock(&d->lock);
        g_thread_join(d->reader);
        close(d->from_program);
        d->program = 0;
    }
    umockdev_testbed_uevent(testbed, d->sys, "remove");
    umockdev_testbed_remove_device(testbed, d->sys);
}

void device_start(device_t *d)
{
    d->node = g_strdup_printf("/dev/bus/usb/001/%03d", d->number + 2);
    d->sys = g_strdup_printf("/sys/devices/pci0000:00/0000:00:14.0/usb1/1-%d", d->number + 1);
    d->fifo = d->to_program = d->from_program = -1;
    d->packet = PACKET_BYTES;
    g_mutex_init(&d->lock);
    g_cond_init(&d->changed);
    d->handler = umockdev_ioctl_base_new();
    g_signal_connect(d->handler, "handle-ioctl", G_CALLBACK(usbfs_ioctl), d);
    g_signal_connect(d->handler, "client-vanished", G_CALLBACK(usbfs_vanished), d);
    GError *error = NULL;
    if (!umockdev_testbed_attach_ioctl(testbed, d->node, d->handler, &error))
        g_error("%s", error->message);
    g_autofree char *root = umockdev_testbed_get_root_dir(testbed);
    g_autofree char *socket = g_strconcat(root, "/ioctl", d->node, NULL);
    if (chmod(socket, 0666) != 0) g_warning("%s: %s", socket, g_strerror(errno)); // see "deny"
    d->writer = g_thread_new("writer", take_writes, d);
}

void device_end(device_t *d)
{
    device_unplug(d);
    g_mutex_lock(&d->lock);
    d->ending = TRUE;
    g_cond_broadcast(&d->changed);
    g_mutex_unlock(&d->lock);
    g_thread_join(d->writer);
    umockdev_testbed_detach_ioctl(testbed, d->node, NULL);
    g_object_unref(d->handler);
    if (d->fifo >= 0) close(d->fifo);
    g_free(d->node);
    g_free(d->sys);
}
