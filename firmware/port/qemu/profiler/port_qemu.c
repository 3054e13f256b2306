/* The profiler's port to QEMU's MPS2 boards. It speaks over the emulator's standard input and
 * output, which it opens as files by semihosting, and counts instructions.
 *
 * SPDX-License-Identifier: MIT */
#include "firmware/port/port.h"
#include "firmware/port/qemu/semihost.h"
#include "firmware/port/qemu/stack.h"
#include "firmware/port/qemu/timer.h"
#include "firmware/profiler/ap_image.h"
#include "firmware/protocol/ap_pattern.h"

extern uint8_t __arena_start[], __arena_end[], __flash_end[];
extern const uint32_t __stack_limit;

static port_info_t info;
static uint32_t input, output;

void port_init(void)
{
    /* What QEMU calls Flash is RAM, full of zeros: behind the image it shall look erased. */
    const uint8_t *const image_end = ap_weights_pattern + AP_PATTERN_BYTES;
    uint32_t *const behind = (uint32_t *)(uintptr_t)image_end;
    for (uint32_t *p = behind; p < (uint32_t *)(void *)__flash_end; ++p)
        *p = 0xFFFFFFFFu;
    info = (port_info_t){.board = PORT_BOARD,
                         .core = PORT_CORE,
                         .flags = AP_FLAG_VIRTUAL,
                         .arena = __arena_start,
                         .arena_bytes = (uint32_t)(__arena_end - __arena_start),
                         .window = ap_weights_pattern,
                         .window_bytes = (uint32_t)(__flash_end - ap_weights_pattern),
                         .image_crc = ap_image_crc((const void *)0),
                         .image_crc_built = ap_image_crc_built()};
    stack_paint();
    input = semihost_open("/dev/stdin", 0);
    output = semihost_open("/dev/stdout", 1);
}

const port_info_t *port_info(void)
{
    return &info;
}

/* Instructions: the timer of timer.h, started anew with every measurement, so that its 2^32 ticks
 * are all there. */

#define TIMER_CONTROL (*(volatile uint32_t *)0x40000000u)
#define TIMER_INTERRUPT (*(volatile uint32_t *)0x4000000Cu) /* it has wrapped; a 1 clears */

void port_irq_off(void)
{
    __asm volatile("cpsid i" ::: "memory");
    timer_start();
    TIMER_CONTROL = 1u | 8u; /* an interrupt too, which the NVIC keeps off */
    TIMER_INTERRUPT = 1u;
}

void port_irq_on(void)
{
    __asm volatile("cpsie i" ::: "memory");
}

uint32_t port_cycles(void)
{
    const uint32_t ticks = timer_ticks();
    return TIMER_INTERRUPT ? UINT32_MAX : timer_instructions(ticks);
}

uint32_t port_cycles_between(uint32_t start, uint32_t end)
{
    return end == UINT32_MAX ? UINT32_MAX : end - start;
}

uint32_t port_clock_hz(void)
{
    return 0;
}

/* The emulator cannot look whether there is input without waiting for it. */
size_t port_read(uint8_t *to, size_t room, int wait)
{
    return wait ? semihost_read(input, to, room) : 0;
}

void port_write(const uint8_t *bytes, size_t count)
{
    semihost_write_to(output, bytes, count);
}

/* There are no run conditions, caches, pins or watchdog. */

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

static uint32_t in_use; /* when the stack was painted */

void port_stack_paint(void)
{
    in_use = stack_paint();
}
uint32_t port_stack_high_water(void)
{
    const uint32_t deepest = stack_high_water();
    return deepest > in_use ? deepest - in_use : 0;
}
int port_stack_intact(void)
{
    return stack_intact();
}

void port_reset(void)
{
    *(volatile uint32_t *)0xE000ED0Cu = 0x05FA0004u; /* AIRCR: SYSRESETREQ */
    for (;;) {
    }
}

int port_bootloader(void)
{
    return 0;
}
