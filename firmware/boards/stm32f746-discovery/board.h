/* STM32F746G-DISCO, with a crystal of its own.
 *
 * SPDX-License-Identifier: MIT */
#ifndef BOARD_H
#define BOARD_H

#include "firmware/port/stm32/f7/stm32f746.h"

#define BOARD_ID "stm32f746"

/* 25 / 25 * 432 / 2 = 216 MHz; USB: the same PLL's Q, 432 / 9 = 48 MHz. APB1 54, APB2 108 MHz. 7
 * wait states. */
#define BOARD_CLOCK                                                                                \
    {                                                                                              \
        .source_hz = 25000000u, .bypass = 0, .core = {25, 432, 2, 9}, .usb = {0, 0, 0, 0},         \
        .ahb = 1, .apb1 = 4, .apb2 = 2, .wait_states = 7                                           \
    }

/* The ST-LINK's virtual COM port: USART1 on PA9 and PB7. PA9 would be USB's VBUS pin too, which is
 * not used. */
#define BOARD_UART CHIP_USART1
#define BOARD_UART_BUS 2
#define BOARD_UART_FUNCTION 7
#define BOARD_UART_TX PIN('A', 9)
#define BOARD_UART_RX PIN('B', 7)

#define BOARD_PULSE PIN('A', 15) /* Arduino header, D9 */

#endif
