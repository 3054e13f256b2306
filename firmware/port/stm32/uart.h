/* The UART to the ST-LINK's virtual COM port: 8N1, received by circular DMA so that nothing is lost
 * while interrupts are off, sent byte by byte.
 *
 * SPDX-License-Identifier: MIT */
#ifndef UART_H
#define UART_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/** More than a whole frame: a request and an abort behind it find room. */
enum { UART_RING_BYTES = 4096 };
extern uint8_t uart_ring[UART_RING_BYTES]; /**< DMA alone writes it */

/** BRR and CR1's OVER8 for a baud rate. */
typedef struct {
    uint32_t brr;
    uint8_t over8;
} uart_divisor_t;
uart_divisor_t uart_divisor(uint32_t clock_hz, uint32_t baud);
/** The rate that a divisor gives. */
uint32_t uart_baud(uint32_t clock_hz, uart_divisor_t divisor);

/** Copies what lies between *at and where DMA writes next, at most `room` bytes, and moves *at. */
size_t uart_ring_take(const uint8_t *ring, size_t size, size_t written_to, size_t *at, uint8_t *to,
                      size_t room);

/** clock_hz: of the UART's bus. */
void uart_start(uint32_t clock_hz);
size_t uart_read(uint8_t *to, size_t room);
void uart_write(const uint8_t *bytes, size_t count);
/** Waits until the last bit is out. */
void uart_flush(void);

#ifdef __cplusplus
}
#endif
#endif
