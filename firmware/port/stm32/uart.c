/* SPDX-License-Identifier: MIT */
#include "firmware/port/stm32/uart.h"

#include "board.h"
#include "firmware/port/stm32/cache.h"
#include "firmware/port/stm32/gpio.h"
#include "firmware/port/stm32/reg.h"
#include "firmware/port/stm32/uart_chip.h"
#include "firmware/protocol/ap_protocol.h"

#if CHIP_UART_VERSION == 1
#define STATUS 0x00u
#define RECEIVE 0x04u
#define TRANSMIT 0x04u
#define BRR 0x08u
#define CR1 0x0Cu
#define CR3 0x14u
#define CR1_ENABLE BIT(13)
#define CR3_NO_OVERRUN 0u
#else
#define STATUS 0x1Cu
#define RECEIVE 0x24u
#define TRANSMIT 0x28u
#define BRR 0x0Cu
#define CR1 0x00u
#define CR3 0x08u
#define CR1_ENABLE BIT(0)
#define CR3_NO_OVERRUN BIT(12) /* an overrun must not stop DMA: the frame's CRC notices */
#endif
#define STATUS_SENT BIT(6)
#define STATUS_ROOM BIT(7)
#define CR1_OVER8 BIT(15)
#define CR1_RECEIVE_SEND (BIT(2) | BIT(3))
#define CR3_DMA_RECEIVE BIT(6)

#define DMA_CLEAR 0x08u /* low: streams 0 to 3; high: 4 to 7 */
#define DMA_STREAM(n) (0x10u + 0x18u * (n))
#define DMA_CR 0x00u
#define DMA_COUNT 0x04u
#define DMA_FROM 0x08u
#define DMA_TO 0x0Cu
#define DMA_CR_ON BIT(0)
#define DMA_CR_CIRCULAR BIT(8)
#define DMA_CR_INCREMENT BIT(10)
#define DMA_CR_BUFFERABLE BIT(20) /* H7: DMA of a UART must */

static const uart_chip_t uart = BOARD_UART;
uint8_t uart_ring[UART_RING_BYTES] __attribute__((section(".dma"), aligned(32)));
static size_t ring_at;

static uint32_t stream(void)
{
    return uart.dma + DMA_STREAM(uart.stream);
}

static void start_dma(void)
{
    reg_change(CHIP_DMA_ENABLE, 0, BIT(uart.dma_enable_bit));
    reg_settle(CHIP_DMA_ENABLE);
    static const uint8_t flags_at[4] = {0, 6, 16, 22};
    reg_write(stream() + DMA_CR, 0);
    reg_wait(stream() + DMA_CR, DMA_CR_ON, 0);
    reg_write(uart.dma + DMA_CLEAR + (uart.stream & 4u), 0x3Du << flags_at[uart.stream & 3u]);
    uint32_t control = DMA_CR_CIRCULAR | DMA_CR_INCREMENT | 2u << 16 /* high priority */;
    if (CHIP_DMAMUX) {
        const uint32_t channel = uart.stream + (uart.dma & 0x400u ? 8u : 0u);
        reg_write(CHIP_DMAMUX + 4u * channel, uart.request);
        control |= DMA_CR_BUFFERABLE;
    } else {
        control |= (uint32_t)uart.request << 25;
    }
    reg_write(stream() + DMA_COUNT, UART_RING_BYTES);
    reg_write(stream() + DMA_FROM, uart.base + RECEIVE);
    reg_write(stream() + DMA_TO, (uint32_t)(uintptr_t)uart_ring);
    reg_write(stream() + DMA_CR, control);
    reg_change(stream() + DMA_CR, 0, DMA_CR_ON);
    ring_at = 0;
}

void uart_start(uint32_t clock_hz)
{
    gpio_alternate(BOARD_UART_TX, BOARD_UART_FUNCTION, 1);
    gpio_alternate(BOARD_UART_RX, BOARD_UART_FUNCTION, 1);
    reg_change(uart.enable, 0, BIT(uart.enable_bit));
    reg_settle(uart.enable);
    const uart_divisor_t divisor = uart_divisor(clock_hz, AP_SERIAL_BAUD);
    const uint32_t over8 = divisor.over8 ? CR1_OVER8 : 0;
    reg_write(uart.base + CR1, over8);
    reg_write(uart.base + BRR, divisor.brr);
    reg_write(uart.base + CR3, CR3_NO_OVERRUN | CR3_DMA_RECEIVE);
    start_dma();
    reg_write(uart.base + CR1, over8 | CR1_ENABLE | CR1_RECEIVE_SEND);
}

size_t uart_read(uint8_t *to, size_t room)
{
    const uint32_t left = reg_read(stream() + DMA_COUNT) & 0xFFFFu;
    const size_t written_to = (UART_RING_BYTES - left) % UART_RING_BYTES;
    if (written_to == ring_at) return 0;
    cache_drop(uart_ring, sizeof uart_ring);
    return uart_ring_take(uart_ring, sizeof uart_ring, written_to, &ring_at, to, room);
}

void uart_write(const uint8_t *bytes, size_t count)
{
    for (size_t i = 0; i < count; ++i) {
        if (!reg_wait(uart.base + STATUS, STATUS_ROOM, STATUS_ROOM)) return;
        reg_write(uart.base + TRANSMIT, bytes[i]);
    }
}

void uart_flush(void)
{
    reg_wait(uart.base + STATUS, STATUS_SENT, STATUS_SENT);
}
