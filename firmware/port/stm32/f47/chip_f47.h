/* Addresses that the F4 and F7 have in common.
 *
 * SPDX-License-Identifier: MIT */
#ifndef CHIP_F47_H
#define CHIP_F47_H

#include "firmware/port/stm32/f47/rcc.h"
#include "firmware/port/stm32/reg.h"

#define CHIP_INTERNAL_HZ 16000000u
#define CHIP_IWDG 0x40003000u
#define CHIP_DBGMCU 0xE0042000u
#define CHIP_DEBUG_FREEZE DBGMCU_APB1_FZ
#define CHIP_DEBUG_FREEZE_WATCHDOG BIT(12)
#define CHIP_RESET_FLAGS RCC_CSR
#define CHIP_RESET_BY_WATCHDOG BIT(29)
#define CHIP_RESET_BY_SOFTWARE BIT(28)
#define CHIP_RESET_CLEAR BIT(24)

#define CHIP_GPIO 0x40020000u
#define CHIP_GPIO_ENABLE RCC_AHB1ENR
#define CHIP_DMA_ENABLE RCC_AHB1ENR
#define CHIP_DMAMUX 0u /* none */

#define CHIP_SYSCFG 0x40013800u
#define CHIP_SYSCFG_ENABLE RCC_APB2ENR
#define CHIP_SYSCFG_ENABLE_BIT BIT(14)

#define CHIP_OTG 0x50000000u
#define CHIP_OTG_FIFO_WORDS 320u

/* RM0402 and RM0385, DMA request mapping: channel 4 of these streams. */
#define CHIP_USART1                                                                                \
    {                                                                                              \
        0x40011000u, RCC_APB2ENR, 4, 2, 0x40026400u, 22, 2, 4                                      \
    }
#define CHIP_USART2                                                                                \
    {                                                                                              \
        0x40004400u, RCC_APB1ENR, 17, 1, 0x40026000u, 21, 5, 4                                     \
    }
#define CHIP_USART3                                                                                \
    {                                                                                              \
        0x40004800u, RCC_APB1ENR, 18, 1, 0x40026000u, 21, 1, 4                                     \
    }

#endif
