/* SPDX-License-Identifier: MIT */
#include "firmware/port/stm32/boot.h"

#include "board.h"
#include "firmware/port/stm32/cache.h"
#include "firmware/port/stm32/cortex.h"
#include "firmware/port/stm32/reg.h"

#define ENTER_ROM 0xB007104Du

/* Kept over a reset: neither cleared nor initialised. Read after a reset by software alone: after
 * power-on it is noise. */
static volatile uint32_t wish __attribute__((section(".kept")));
static volatile uint32_t cause __attribute__((section(".kept")));

/* From the state after reset to the program that starts at `table`. */
static void jump(uint32_t table)
{
    if (CHIP_ROM_AT_ZERO) {
        reg_change(CHIP_SYSCFG_ENABLE, 0, CHIP_SYSCFG_ENABLE_BIT);
        reg_settle(CHIP_SYSCFG_ENABLE);
        reg_change(CHIP_SYSCFG, 3, 1); /* MEM_MODE: system memory */
    }
    reg_write(SCB_VTOR, CHIP_ROM_AT_ZERO ? 0 : table);
    cortex_barrier();
    const uint32_t stack = reg_read(table), entry = reg_read(table + 4u);
    __asm volatile("msr msp, %0\n"
                   "bx %1\n"
                   :
                   : "r"(stack), "r"(entry));
    __builtin_unreachable();
}

void boot_early(void)
{
    const uint32_t flags = reg_read(CHIP_RESET_FLAGS);
    reg_change(CHIP_RESET_FLAGS, 0, CHIP_RESET_CLEAR);
    reg_change(CHIP_RESET_FLAGS, CHIP_RESET_CLEAR, 0);
    const int software = (flags & CHIP_RESET_BY_SOFTWARE) != 0;
    const int rom = software && wish == ENTER_ROM;
    wish = 0;
    cause = flags & CHIP_RESET_BY_WATCHDOG ? BOOT_WATCHDOG : software ? BOOT_SOFTWARE : BOOT_OTHER;
    if (rom) jump(CHIP_ROM);
}

boot_cause_t boot_cause(void)
{
    return (boot_cause_t)cause;
}

_Noreturn void boot_reset(int rom)
{
    wish = rom ? ENTER_ROM : 0;
    cache_clean();
    cortex_barrier();
    reg_write(SCB_AIRCR, SCB_AIRCR_RESET);
    for (;;) {
    }
}
