/* A UART and the DMA stream of its receiver, as a chip's header gives them.
 *
 * SPDX-License-Identifier: MIT */
#ifndef UART_CHIP_H
#define UART_CHIP_H

#include <stdint.h>

typedef struct {
    uint32_t base;
    uint32_t enable; /**< RCC register that clocks it ... */
    uint8_t enable_bit;
    uint8_t bus;  /**< APB 1 or 2: the clock it divides */
    uint32_t dma; /**< DMA1 or DMA2 */
    uint8_t dma_enable_bit;
    uint8_t stream;
    uint8_t request; /**< channel of the stream; on the H7 the request number of DMAMUX1 */
} uart_chip_t;

#endif
