/* STM32H743 (RM0433): Cortex-M7, 2 MiB Flash, 128 KiB DTCM, 512 KiB AXI SRAM.
 *
 * SPDX-License-Identifier: MIT */
#ifndef STM32H743_H
#define STM32H743_H

#include "firmware/port/stm32/h7/rcc.h"
#include "firmware/port/stm32/reg.h"

#define CHIP_CORE 7
#define CHIP_L1_CACHES 1
#define CHIP_INTERNAL_HZ 64000000u
#define CHIP_UNIQUE_ID 0x1FF1E800u
#define CHIP_ROM 0x1FF09800u
#define CHIP_ROM_AT_ZERO 0

#define CHIP_IWDG 0x58004800u
#define CHIP_DBGMCU 0x5C001000u
#define CHIP_DEBUG_FREEZE 0x5C001054u /* APB4FZ1 */
#define CHIP_DEBUG_FREEZE_WATCHDOG BIT(18)
#define CHIP_RESET_FLAGS RCC_RSR
#define CHIP_RESET_BY_WATCHDOG BIT(26)
#define CHIP_RESET_BY_SOFTWARE BIT(24)
#define CHIP_RESET_CLEAR BIT(16)

#define CHIP_GPIO 0x58020000u
#define CHIP_GPIO_ENABLE RCC_AHB4ENR
#define CHIP_DMA_ENABLE RCC_AHB1ENR
#define CHIP_DMAMUX 0x40020800u

#define CHIP_SYSCFG 0u /* not needed */
#define CHIP_SYSCFG_ENABLE 0u
#define CHIP_SYSCFG_ENABLE_BIT 0u

#define CHIP_OTG 0x40080000u
#define CHIP_OTG_FIFO_WORDS 1024u
#define CHIP_UART_VERSION 2

/* RM0433, DMAMUX1 requests of the receivers: 41, 43, 45. All take stream 0 of DMA1. */
#define CHIP_USART1                                                                                \
    {                                                                                              \
        0x40011000u, RCC_APB2ENR, 4, 2, 0x40020000u, 0, 0, 41                                      \
    }
#define CHIP_USART2                                                                                \
    {                                                                                              \
        0x40004400u, RCC_APB1LENR, 17, 1, 0x40020000u, 0, 0, 43                                    \
    }
#define CHIP_USART3                                                                                \
    {                                                                                              \
        0x40004800u, RCC_APB1LENR, 18, 1, 0x40020000u, 0, 0, 45                                    \
    }

#endif
