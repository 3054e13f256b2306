/* The F4's Flash interface: wait states, prefetch, and its own instruction and data caches (ART),
 * together one condition.
 *
 * SPDX-License-Identifier: MIT */
#include "firmware/port/stm32/chip.h"
#include "firmware/port/stm32/f47/rcc.h"
#include "firmware/port/stm32/reg.h"
#include "firmware/protocol/ap_protocol.h"

#define PREFETCH BIT(8)
#define CACHES (BIT(9) | BIT(10))
#define CACHES_RESET (BIT(11) | BIT(12))

uint32_t flash_supported(void)
{
    return AP_COND_PREFETCH | AP_COND_ART;
}

uint32_t flash_conditions(void)
{
    const uint32_t now = reg_read(FLASH_ACR);
    return (now & PREFETCH ? AP_COND_PREFETCH : 0) | ((now & CACHES) == CACHES ? AP_COND_ART : 0);
}

void flash_set_conditions(uint32_t conditions)
{
    reg_change(FLASH_ACR, PREFETCH | CACHES, 0);
    reg_change(FLASH_ACR, 0, CACHES_RESET); /* only allowed while they are off */
    reg_change(FLASH_ACR, CACHES_RESET, 0);
    reg_change(FLASH_ACR, 0,
               (conditions & AP_COND_PREFETCH ? PREFETCH : 0) |
                   (conditions & AP_COND_ART ? CACHES : 0));
}

uint32_t flash_wait_states(void)
{
    return reg_read(FLASH_ACR) & FLASH_ACR_LATENCY;
}

int flash_set_wait_states(uint32_t wait_states)
{
    reg_change(FLASH_ACR, FLASH_ACR_LATENCY, wait_states);
    return reg_wait(FLASH_ACR, FLASH_ACR_LATENCY, wait_states);
}
