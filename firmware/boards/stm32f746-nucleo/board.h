/* NUCLEO-F746ZG. The ST-LINK clocks the chip.
 *
 * SPDX-License-Identifier: MIT */
#ifndef BOARD_H
#define BOARD_H

#include "firmware/port/stm32/f7/stm32f746.h"

#define BOARD_ID "stm32f746"

/* 8 / 4 * 216 / 2 = 216 MHz; USB: the same PLL's Q, 432 / 9 = 48 MHz. APB1 54, APB2 108 MHz. 7 wait
 * states. */
#define BOARD_CLOCK                                                                                \
    {                                                                                              \
        .source_hz = 8000000u, .bypass = 1, .core = {4, 216, 2, 9}, .usb = {0, 0, 0, 0}, .ahb = 1, \
        .apb1 = 4, .apb2 = 2, .wait_states = 7                                                     \
    }

/* The ST-LINK's virtual COM port: USART3 on PD8 and PD9. */
#define BOARD_UART CHIP_USART3
#define BOARD_UART_BUS 1
#define BOARD_UART_FUNCTION 7
#define BOARD_UART_TX PIN('D', 8)
#define BOARD_UART_RX PIN('D', 9)

#define BOARD_PULSE PIN('D', 15) /* Arduino header, D9 */

#endif
