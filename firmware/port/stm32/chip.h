/* What differs between families of chips; f4/, f7/ and h7/ implement it. The chip's addresses are
 * macros CHIP_* of the header that board.h includes.
 *
 * SPDX-License-Identifier: MIT */
#ifndef CHIP_H
#define CHIP_H

#include "firmware/port/stm32/clock_plan.h"

#ifdef __cplusplus
extern "C" {
#endif

/** The Flash interface's part of the run conditions: AP_COND_PREFETCH, AP_COND_ART. */
uint32_t flash_supported(void);
uint32_t flash_conditions(void);
void flash_set_conditions(uint32_t conditions);
uint32_t flash_wait_states(void);
/** Returns when the Flash interface has taken them; 0 when it did not. */
int flash_set_wait_states(uint32_t wait_states);

/** Power and clock of the USB core; 1 when it may be touched. */
int chip_usb_power(void);

/** Memory and buses that are off after reset: what DMA writes to. */
void chip_memory_on(void);

#ifdef __cplusplus
}
#endif
#endif
