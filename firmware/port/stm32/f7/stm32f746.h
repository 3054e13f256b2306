/* STM32F746 (RM0385): Cortex-M7, 1 MiB Flash, 64 KiB DTCM and 256 KiB SRAM behind it.
 *
 * SPDX-License-Identifier: MIT */
#ifndef STM32F746_H
#define STM32F746_H

#include "firmware/port/stm32/f47/chip_f47.h"

#define CHIP_CORE 7
#define CHIP_OVERDRIVE 1
#define CHIP_L1_CACHES 1
#define CHIP_UNIQUE_ID 0x1FF0F420u
#define CHIP_ROM 0x1FF00000u
#define CHIP_ROM_AT_ZERO 0
#define CHIP_UART_VERSION 2

#endif
