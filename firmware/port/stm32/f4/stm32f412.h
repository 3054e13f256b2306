/* STM32F412 (RM0402): Cortex-M4, 1 MiB Flash, 256 KiB SRAM.
 *
 * SPDX-License-Identifier: MIT */
#ifndef STM32F412_H
#define STM32F412_H

#include "firmware/port/stm32/f47/chip_f47.h"

#define CHIP_CORE 4
#define CHIP_OVERDRIVE 0
#define CHIP_L1_CACHES 0
#define CHIP_UNIQUE_ID 0x1FFF7A10u
#define CHIP_ROM 0x1FFF0000u /* system memory: ST's bootloader */
#define CHIP_ROM_AT_ZERO 1   /* ... which expects to be seen at 0 */
#define CHIP_UART_VERSION 1

#endif
