/* The F7's Flash interface: wait states, prefetch and the ART accelerator. Both serve the ITCM bus
 * (0x00200000) alone; programs at 0x08000000, ours and exported ones, come over AXI and the core's
 * caches.
 *
 * SPDX-License-Identifier: MIT */
#include "firmware/port/stm32/chip.h"
#include "firmware/port/stm32/f47/rcc.h"
#include "firmware/port/stm32/reg.h"
#include "firmware/protocol/ap_protocol.h"

#define PREFETCH BIT(8)
#define ART BIT(9)
#define ART_RESET BIT(11)

uint32_t flash_supported(void)
{
    return AP_COND_PREFETCH | AP_COND_ART;
}

uint32_t flash_conditions(void)
{
    const uint32_t now = reg_read(FLASH_ACR);
    return (now & PREFETCH ? AP_COND_PREFETCH : 0) | (now & ART ? AP_COND_ART : 0);
}

void flash_set_conditions(uint32_t conditions)
{
    reg_change(FLASH_ACR, PREFETCH | ART, 0);
    reg_change(FLASH_ACR, 0, ART_RESET); /* only allowed while it is off */
    reg_change(FLASH_ACR, ART_RESET, 0);
    reg_change(FLASH_ACR, 0,
               (conditions & AP_COND_PREFETCH ? PREFETCH : 0) |
                   (conditions & AP_COND_ART ? ART : 0));
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
