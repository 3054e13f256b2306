/* The profiler as a program on this computer, over standard input and output: for tests and for
 * trying links. It counts nanoseconds, so that its figures say nothing about any board.
 *
 * SPDX-License-Identifier: MIT */
#define _DEFAULT_SOURCE
#include <errno.h>
#include <poll.h>
#include <setjmp.h>
#include <signal.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "firmware/port/port.h"
#include "firmware/protocol/ap_pattern.h"

enum { ARENA_BYTES = 4 << 20, WINDOW_BYTES = 2 << 20, PAINTED_BYTES = 64 << 10 };

static uint8_t arena[ARENA_BYTES] __attribute__((aligned(32)));
static uint8_t window[WINDOW_BYTES] __attribute__((aligned(32)));
static const port_info_t info = {.board = "host",
                                 .core = 7, /* the protocol knows no others */
                                 .arena = arena,
                                 .arena_bytes = ARENA_BYTES,
                                 .window = window,
                                 .window_bytes = WINDOW_BYTES};

const port_info_t *port_info(void)
{
    return &info;
}

/* Time, from port_irq_off() on. */

static uint64_t measuring_since;

static uint64_t now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

uint32_t port_cycles(void)
{
    const uint64_t passed = now() - measuring_since;
    return passed < UINT32_MAX ? (uint32_t)passed : UINT32_MAX;
}

uint32_t port_cycles_between(uint32_t start, uint32_t end)
{
    return end == UINT32_MAX ? UINT32_MAX : end - start;
}

uint32_t port_clock_hz(void)
{
    return 1000000000u;
}

void port_irq_off(void)
{
    measuring_since = now();
}
void port_irq_on(void) {}

/* The stream. */

size_t port_read(uint8_t *to, size_t room, int wait)
{
    for (;;) {
        struct pollfd in = {STDIN_FILENO, POLLIN, 0};
        const int ready = poll(&in, 1, wait ? -1 : 0);
        if (ready == 0) return 0;
        const ssize_t count = ready < 0 ? -1 : read(STDIN_FILENO, to, room);
        if (count >= 0) return (size_t)count;
        if (errno != EINTR) return 0;
    }
}

void port_write(const uint8_t *bytes, size_t count)
{
    while (count > 0) {
        const ssize_t written = write(STDOUT_FILENO, bytes, count);
        if (written < 0 && errno == EINTR) continue;
        if (written <= 0) return; /* the host has gone */
        bytes += written;
        count -= (size_t)written;
    }
}

/* There are no run conditions to set. */

ap_status_t port_set_conditions(uint32_t conditions, uint32_t wait_states)
{
    return conditions || (wait_states && wait_states != AP_WAIT_STATES_DEFAULT) ? AP_UNSUPPORTED
                                                                                : AP_OK;
}
uint32_t port_conditions(void)
{
    return 0;
}
uint32_t port_wait_states(void)
{
    return 0;
}
void port_clean_caches(void) {}
void port_pulse(int on)
{
    (void)on;
}
void port_watchdog(void) {}

/* Faults are signals. */

static sigjmp_buf guard;
static volatile sig_atomic_t guarded;
static ap_fault_t *guard_fault;

static void on_signal(int number, siginfo_t *about, void *context)
{
    (void)context;
    if (!guarded) { /* our own bug: end as any program does */
        signal(number, SIG_DFL);
        raise(number);
        return;
    }
    guarded = 0;
    memset(guard_fault, 0, sizeof *guard_fault);
    guard_fault->cfsr = (uint32_t)number;
    guard_fault->bfar = (uint32_t)(uintptr_t)about->si_addr;
    siglongjmp(guard, 1);
}

int port_guard(void (*work)(void *), void *argument, ap_fault_t *fault)
{
    guard_fault = fault;
    if (sigsetjmp(guard, 1)) return 1;
    guarded = 1;
    work(argument);
    guarded = 0;
    return 0;
}

/* The stack of this process: painted as far as a kernel may go. */

enum { PAINT = 0x57ACC0DE, PAINTED_WORDS = PAINTED_BYTES / 4 };
static uintptr_t painted;

/* What is below the caller's frame stays as it is written here until something deeper runs. */
__attribute__((noinline, no_sanitize("address", "undefined"))) void port_stack_paint(void)
{
    volatile uint32_t words[PAINTED_WORDS];
    for (int i = 0; i < PAINTED_WORDS; ++i)
        words[i] = PAINT;
    painted = (uintptr_t)words;
}

__attribute__((noinline, no_sanitize("address", "undefined"))) uint32_t port_stack_high_water(void)
{
    const volatile uint32_t *const words = (const volatile uint32_t *)painted;
    uint32_t unused = 0;
    while (unused < PAINTED_WORDS && words[unused] == PAINT)
        ++unused;
    return (uint32_t)PAINTED_BYTES - unused * 4;
}

int port_stack_intact(void)
{
    return 1;
} /* its limit is the system's to guard */

void port_reset(void) {}
int port_bootloader(void)
{
    return 0;
}

void port_init(void)
{
    static uint8_t signal_stack[64 << 10];
    const stack_t stack = {.ss_sp = signal_stack, .ss_size = sizeof signal_stack};
    struct sigaction action;
    memset(&action, 0, sizeof action);
    action.sa_sigaction = on_signal;
    action.sa_flags = SA_SIGINFO | SA_ONSTACK;
    sigaltstack(&stack, NULL);
    sigaction(SIGSEGV, &action, NULL);
    sigaction(SIGBUS, &action, NULL);
    sigaction(SIGFPE, &action, NULL);
    sigaction(SIGILL, &action, NULL);
    signal(SIGPIPE, SIG_IGN); /* port_write() sees it */
    memset(window, 0xFF, sizeof window);
    memcpy(window, ap_weights_pattern, AP_PATTERN_BYTES);
}
