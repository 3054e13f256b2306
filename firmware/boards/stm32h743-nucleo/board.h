/* NUCLEO-H743ZI2 (and -H743ZI). The ST-LINK clocks the chip.
 *
 * SPDX-License-Identifier: MIT */
#ifndef BOARD_H
#define BOARD_H

#include "firmware/port/stm32/h7/stm32h743.h"

#define BOARD_ID "stm32h743"

/* 8 / 4 * 400 / 2 = 400 MHz, buses 200, APB 100 MHz; USB: 8 / 4 * 192 / 8 = 48 MHz from PLL3. 2
 * wait states at 200. */
#define BOARD_CLOCK                                                                                \
    {                                                                                              \
        .source_hz = 8000000u, .bypass = 1, .core = {4, 400, 2, 0}, .usb = {4, 192, 0, 8},         \
        .ahb = 2, .apb1 = 2, .apb2 = 2, .wait_states = 2                                           \
    }

/* The ST-LINK's virtual COM port: USART3 on PD8 and PD9. */
#define BOARD_UART CHIP_USART3
#define BOARD_UART_BUS 1
#define BOARD_UART_FUNCTION 7
#define BOARD_UART_TX PIN('D', 8)
#define BOARD_UART_RX PIN('D', 9)

#define BOARD_PULSE PIN('D', 15) /* Arduino header, D9 */

#endif
