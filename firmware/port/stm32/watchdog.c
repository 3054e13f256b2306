/* SPDX-License-Identifier: MIT */
#include "firmware/port/stm32/watchdog.h"

#include "board.h"
#include "firmware/port/stm32/reg.h"

#define KEY (CHIP_IWDG + 0x00u)
#define PRESCALER (CHIP_IWDG + 0x04u)
#define RELOAD (CHIP_IWDG + 0x08u)
#define STATUS (CHIP_IWDG + 0x0Cu)

void watchdog_start(void)
{
    /* Tools flash with the core halted: they must not be reset in the middle of it. */
    reg_change(CHIP_DEBUG_FREEZE, 0, CHIP_DEBUG_FREEZE_WATCHDOG);
    reg_write(KEY, 0xCCCC);
    reg_write(KEY, 0x5555);
    reg_write(PRESCALER, 6); /* 32 kHz / 256 */
    reg_write(RELOAD, 1000);
    reg_wait(STATUS, 3, 0);
    watchdog_feed();
}

void watchdog_feed(void)
{
    reg_write(KEY, 0xAAAA);
}
