// usb_emulator [--profiler SERIAL COMMAND]... -- PROGRAM ARGUMENTS...
//
// Runs a program that sees USB devices which are not there: its libusb is the real one, what it
// opens and polls and sends ioctls to is served here. Behind the bulk pair of a profiler runs
// COMMAND, with its standard input and output. The program finds a socket in the environment
// variable USB_EMULATOR (a number) and orders, one line each, answered "ok":
//   unplug N, plug N        device N = 0, 1, ... goes and comes
//   stall N in|out          the endpoint's next transfer stalls, and all behind it until the halt
//   is cleared hold N 0|1              takes no data (NAK) mute N 0|1              says nothing
//   packet N BYTES          says it in packets of so many bytes, 1 to 64
//   taken N 0|1             another program has claimed the interface
//   deny N 0|1              its node cannot be opened but by root
//   say N TEXT              says this besides
// Exit code: that of the program.
#include "emulator.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static const char preload[] = "libumockdev-preload.so.0";

UMockdevTestbed *testbed;
static device_t devices[MOST_DEVICES];
static int device_count;

static void set_node_mode(const device_t *d, mode_t mode)
{
    g_autofree char *root = umockdev_testbed_get_root_dir(testbed);
    g_autofree char *path = g_strconcat(root, d->node, NULL);
    chmod(path, mode);
}

static gboolean obey(char *line)
{
    char what[16];
    int number = -1, used = 0;
    if (sscanf(line, "%15s %d %n", what, &number, &used) != 2 || number < 0 ||
        number >= device_count)
        return FALSE;
    device_t *d = &devices[number];
    const char *argument = line + used;
    const gboolean on = argument[0] == '1';
    if (!strcmp(what, "plug")) {
        device_plug(d);
        return TRUE;
    }
    if (!strcmp(what, "unplug")) {
        device_unplug(d);
        return TRUE;
    }
    if (!strcmp(what, "say")) {
        device_say(d, (const guint8 *)argument, strlen(argument));
        return TRUE;
    }
    gboolean known = TRUE;
    g_mutex_lock(&d->lock);
    if (!strcmp(what, "stall"))
        *(strcmp(argument, "in") ? &d->stall_out : &d->stall_in) = TRUE;
    else if (!strcmp(what, "hold"))
        d->hold = on;
    else if (!strcmp(what, "mute"))
        d->mute = on;
    else if (!strcmp(what, "packet"))
        d->packet = CLAMP((gsize)atoi(argument), 1, PACKET_BYTES);
    else if (!strcmp(what, "taken"))
        d->taken = on;
    else if (!strcmp(what, "deny"))
        set_node_mode(d, on ? 0600 : 0666);
    else
        known = FALSE;
    urb_feed(d);
    g_cond_broadcast(&d->changed);
    g_mutex_unlock(&d->lock);
    return known;
}

/// Until the program closes its end.
static gpointer take_orders(gpointer file)
{
    FILE *orders = fdopen(GPOINTER_TO_INT(file), "r+");
    char line[256];
    while (orders && fgets(line, sizeof line, orders)) {
        line[strcspn(line, "\n")] = 0;
        const char *answer = obey(line) ? "ok\n" : "what?\n";
        if (write(fileno(orders), answer, strlen(answer)) < 0) break;
    }
    if (orders) fclose(orders);
    return NULL;
}

static pid_t start_program(char **words, int orders)
{
    const pid_t parent = getpid(), pid = fork();
    if (pid != 0) return pid;
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != parent) _exit(127);
    char number[12];
    snprintf(number, sizeof number, "%d", orders);
    setenv("USB_EMULATOR", number, 1);
    execvp(words[0], words);
    fprintf(stderr, "usb_emulator: %s: %s\n", words[0], strerror(errno));
    _exit(127);
}

int main(int argc, char **argv)
{
    const char *loaded = getenv("LD_PRELOAD");
    if (!loaded ||
        !strstr(loaded,
                "umockdev")) { // our own libudev must see the emulated /sys, or no event is sent
        setenv("LD_PRELOAD", preload, 1);
        execv("/proc/self/exe", argv);
        return 127;
    }
    int at = 1;
    for (; at + 2 < argc && !strcmp(argv[at], "--profiler") && device_count < MOST_DEVICES; at += 3)
        devices[device_count++] =
            (device_t){.kind = &profiler_kind, .serial = argv[at + 1], .command = argv[at + 2]};
    if (at + 1 >= argc || strcmp(argv[at], "--") != 0) {
        fprintf(stderr,
                "usage: usb_emulator [--profiler SERIAL COMMAND]... -- PROGRAM ARGUMENTS...\n");
        return 2;
    }
    signal(SIGPIPE, SIG_IGN);
    testbed = umockdev_testbed_new();
    g_autofree char *root = umockdev_testbed_get_root_dir(testbed);
    chmod(root, 0777); // "deny": a program without root's rights opens sockets for events in it
    for (int i = 0; i < device_count; ++i) {
        devices[i].number = i;
        device_start(&devices[i]);
        device_plug(&devices[i]);
    }
    int orders[2];
    if (socketpair(AF_UNIX, SOCK_STREAM, 0, orders) != 0) return 127;
    fcntl(orders[0], F_SETFD, FD_CLOEXEC);
    const pid_t program = start_program(argv + at + 1, orders[1]);
    close(orders[1]);
    GThread *taker = g_thread_new("orders", take_orders, GINT_TO_POINTER(orders[0]));
    int status = 0;
    while (waitpid(program, &status, 0) < 0 && errno == EINTR) {
    }
    g_thread_join(taker);
    for (int i = 0; i < device_count; ++i)
        device_end(&devices[i]);
    g_object_unref(testbed);
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}
