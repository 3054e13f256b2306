/* NUCLEO-F412ZG. The ST-LINK clocks the chip.
 *
 * SPDX-License-Identifier: MIT */
#ifndef BOARD_H
#define BOARD_H

#include "firmware/port/stm32/f4/stm32f412.h"

#define BOARD_ID "stm32f412"

/* 8 / 4 * 100 / 2 = 100 MHz; USB: 8 / 4 * 96 / 4 = 48 MHz from PLLI2S. APB1 50, APB2 100 MHz. 3
 * wait states above 90. */
#define BOARD_CLOCK                                                                                \
    {                                                                                              \
        .source_hz = 8000000u, .bypass = 1, .core = {4, 100, 2, 4}, .usb = {4, 96, 0, 4},          \
        .ahb = 1, .apb1 = 2, .apb2 = 1, .wait_states = 3                                           \
    }

/* The ST-LINK's virtual COM port: USART3 on PD8 and PD9. */
#define BOARD_UART CHIP_USART3
#define BOARD_UART_BUS 1
#define BOARD_UART_FUNCTION 7
#define BOARD_UART_TX PIN('D', 8)
#define BOARD_UART_RX PIN('D', 9)

#define BOARD_PULSE PIN('D', 15) /* Arduino header, D9 */

#endif
