/* The H743's Flash interface: wait states alone; the core's caches are all there is.
 *
 * SPDX-License-Identifier: MIT */
#include "firmware/port/stm32/chip.h"
#include "firmware/port/stm32/h7/rcc.h"
#include "firmware/port/stm32/reg.h"

uint32_t flash_supported(void)
{
    return 0;
}

uint32_t flash_conditions(void)
{
    return 0;
}

void flash_set_conditions(uint32_t conditions)
{
    (void)conditions;
}

uint32_t flash_wait_states(void)
{
    return reg_read(FLASH_ACR) & FLASH_ACR_LATENCY;
}

int flash_set_wait_states(uint32_t wait_states)
{
    /* Signal delay 2 serves every frequency up to 210 MHz of the bus, with two wait states and
     * more. */
    const uint32_t delay = wait_states < 2 ? wait_states : 2;
    reg_change(FLASH_ACR, FLASH_ACR_LATENCY | FLASH_ACR_WRHIGHFREQ, delay << 4 | wait_states);
    return reg_wait(FLASH_ACR, FLASH_ACR_LATENCY, wait_states);
}
