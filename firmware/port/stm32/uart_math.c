/* The UART's arithmetic: no register is touched.
 *
 * SPDX-License-Identifier: MIT */
#include <string.h>

#include "firmware/port/stm32/uart.h"

/* BRR counts sixteenths of a bit time (OVER8: eighths, whose three bits lie one lower). The divisor
 * must be at least 1. */
uart_divisor_t uart_divisor(uint32_t clock_hz, uint32_t baud)
{
    const uint32_t steps = (clock_hz + baud / 2u) / baud;
    uart_divisor_t divisor = {steps, 0};
    if (steps < 16) {
        divisor.brr = (steps & ~7u) << 1 | (steps & 7u);
        divisor.over8 = 1;
    }
    return divisor;
}

uint32_t uart_baud(uint32_t clock_hz, uart_divisor_t divisor)
{
    const uint32_t brr = divisor.brr;
    const uint32_t steps = divisor.over8 ? (brr >> 4) * 8u + (brr & 7u) : brr;
    return steps ? clock_hz / steps : 0;
}

size_t uart_ring_take(const uint8_t *ring, size_t size, size_t written_to, size_t *at, uint8_t *to,
                      size_t room)
{
    size_t taken = 0;
    while (taken < room && *at != written_to) {
        const size_t until = written_to > *at ? written_to : size;
        size_t count = until - *at;
        if (count > room - taken) count = room - taken;
        memcpy(to + taken, ring + *at, count);
        taken += count;
        *at = (*at + count) % size;
    }
    return taken;
}
