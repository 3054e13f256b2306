/* port.h on the STM32: everything is polled, so that nothing but the program itself ever runs.
 *
 * SPDX-License-Identifier: MIT */
#include "firmware/port/port.h"

#include <string.h>

#include "board.h"
#include "firmware/port/stm32/boot.h"
#include "firmware/port/stm32/cache.h"
#include "firmware/port/stm32/chip.h"
#include "firmware/port/stm32/conditions.h"
#include "firmware/port/stm32/cortex.h"
#include "firmware/port/stm32/duplex.h"
#include "firmware/port/stm32/gpio.h"
#include "firmware/port/stm32/reg.h"
#include "firmware/port/stm32/uart.h"
#include "firmware/port/stm32/usb/dwc2.h"
#include "firmware/port/stm32/watchdog.h"
#include "firmware/profiler/ap_image.h"
#include "firmware/protocol/ap_pattern.h"

extern uint8_t __arena_start[], __arena_end[], __flash_end[];
extern const uint32_t vectors[];

static const clock_plan_t plan = BOARD_CLOCK;
static clock_state_t clocks;
static port_info_t info;
static duplex_t duplex;
static int usb_runs;

static uint32_t milliseconds(uint32_t count)
{
    return clocks.core_hz / 1000u * count;
}

static size_t usb_read(uint8_t *to, size_t room)
{
    return usb_runs ? dwc2_read(to, room) : 0;
}

static void start_usb(void)
{
    static dwc2_config_t config;
    if (!clocks.usb_hz || !chip_usb_power()) return;
    gpio_alternate(PIN('A', 11), 10, 0);
    gpio_alternate(PIN('A', 12), 10, 0);
    config = (dwc2_config_t){.base = CHIP_OTG,
                             .fifo_words = CHIP_OTG_FIFO_WORDS,
                             .board = BOARD_ID,
                             .unique_id = info.unique_id};
    usb_runs = dwc2_init(&config) == 0;
}

static void start_cycle_counter(void)
{
    reg_change(SCB_DEMCR, 0, SCB_DEMCR_TRCENA);
    if (CHIP_CORE == 7) reg_write(DWT_LAR, DWT_LAR_KEY);
    reg_write(DWT_CYCCNT, 0);
    reg_change(DWT_CTRL, 0, 1);
}

void port_init(void)
{
    port_stack_paint();
    chip_memory_on();
    clocks = clock_start(&plan);
    start_cycle_counter();
    cache_fence_external_memory();

    info.board = BOARD_ID;
    info.core = CHIP_CORE;
    info.chip_id = (uint16_t)(reg_read(CHIP_DBGMCU) & 0xFFFu);
    info.flags = AP_FLAG_BOOTLOADER | (boot_cause() == BOOT_WATCHDOG ? AP_FLAG_WATCHDOG : 0);
    info.conditions_supported = conditions_supported();
    for (uint32_t i = 0; i < AP_UNIQUE_BYTES; i += 4) {
        const uint32_t word = reg_read(CHIP_UNIQUE_ID + i);
        memcpy(info.unique_id + i, &word, sizeof word);
    }
    info.arena = __arena_start;
    info.arena_bytes = (uint32_t)(__arena_end - __arena_start);
    info.window = ap_weights_pattern;
    info.window_bytes = (uint32_t)((uintptr_t)__flash_end - (uintptr_t)ap_weights_pattern);
    port_set_conditions(info.conditions_supported, AP_WAIT_STATES_DEFAULT);
    info.image_crc = ap_image_crc(vectors);
    info.image_crc_built = ap_image_crc_built();

    gpio_output(BOARD_PULSE);
    duplex.read[DUPLEX_UART] = uart_read;
    duplex.read[DUPLEX_USB] = usb_read;
    duplex.patience = milliseconds(100);
    uart_start(BOARD_UART_BUS == 1 ? clocks.apb1_hz : clocks.apb2_hz);
    start_usb();
    watchdog_start();
}

const port_info_t *port_info(void)
{
    info.flags &= ~AP_FLAG_USB;
    if (duplex.reply == DUPLEX_USB) info.flags |= AP_FLAG_USB;
    return &info;
}

uint32_t port_cycles(void)
{
    return reg_read(DWT_CYCCNT);
}

uint32_t port_cycles_between(uint32_t start, uint32_t end)
{
    return end - start;
}

uint32_t port_clock_hz(void)
{
    return clocks.core_hz;
}

void port_irq_off(void)
{
    cortex_irq_off();
}

void port_irq_on(void)
{
    cortex_irq_on();
}

static void poll(void)
{
    watchdog_feed();
    if (usb_runs) dwc2_poll();
}

size_t port_read(uint8_t *to, size_t room, int wait)
{
    for (;;) {
        poll();
        const size_t count = duplex_read(&duplex, to, room, port_cycles());
        if (count || !wait) return count;
    }
}

/* A host that does not fetch anything for two seconds has gone. */
static void usb_write(const uint8_t *bytes, size_t count)
{
    uint32_t last = port_cycles();
    size_t sent = 0;
    while ((sent < count || !dwc2_written()) && dwc2_connected()) {
        const size_t more = sent < count ? dwc2_write(bytes + sent, count - sent) : 0;
        sent += more;
        if (more) last = port_cycles();
        poll();
        if (port_cycles() - last > milliseconds(2000)) return;
    }
}

void port_write(const uint8_t *bytes, size_t count)
{
    if (duplex.reply == DUPLEX_USB && usb_runs)
        usb_write(bytes, count);
    else
        uart_write(bytes, count);
}

ap_status_t port_set_conditions(uint32_t conditions, uint32_t wait_states)
{
    return conditions_set(conditions, wait_states, clocks.wait_states);
}

uint32_t port_conditions(void)
{
    return conditions_now();
}

uint32_t port_wait_states(void)
{
    return flash_wait_states();
}

void port_clean_caches(void)
{
    cache_clean();
}

void port_pulse(int on)
{
    gpio_set(BOARD_PULSE, on);
}

void port_watchdog(void)
{
    watchdog_feed();
}

static void leave(int rom)
{
    uart_flush();
    if (usb_runs) dwc2_stop();
    boot_reset(rom);
}

void port_reset(void)
{
    leave(0);
}

int port_bootloader(void)
{
    leave(1);
    return 0;
}
