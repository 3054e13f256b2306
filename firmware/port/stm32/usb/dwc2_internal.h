/* What the driver's files share. dwc2.c: the core and its events; dwc2_control.c: endpoint 0;
 * dwc2_bulk.c: the byte stream.
 *
 * SPDX-License-Identifier: MIT */
#ifndef DWC2_INTERNAL_H
#define DWC2_INTERNAL_H

#include "firmware/port/stm32/usb/dwc2.h"
#include "firmware/port/stm32/usb/dwc2_registers.h"

#ifdef __cplusplus
extern "C" {
#endif

enum {
    USB_PACKET = 64, /* of every endpoint */
    RX_FIFO_WORDS = 128,
    TX0_FIFO_WORDS = 16, /* one packet */
    MAX_TX1_FIFO_WORDS = 256
};

extern const dwc2_config_t *dwc2_config;

static inline void dwc2_set_bits(uint32_t offset, uint32_t bits)
{
    dwc2_put(offset, dwc2_get(offset) | bits);
}

/** Words of endpoint 1's transmit FIFO. */
uint32_t dwc2_tx1_words(void);
/** Starts an IN transfer; its packets must fit the endpoint's empty FIFO. The bytes follow through
 * dwc2_fifo_put(). */
void dwc2_in_start(uint32_t endpoint, uint32_t count);
void dwc2_fifo_put(uint32_t endpoint, const uint8_t *bytes, uint32_t count);
/** Takes an unfinished IN transfer back: nothing of it is sent from now on. */
void dwc2_in_abort(uint32_t endpoint);
/** Reads a packet of the receive FIFO; drops what does not find room in `to`. */
void dwc2_fifo_get(uint8_t *to, uint32_t room, uint32_t count);

void dwc2_control_init(void);
void dwc2_control_reset(void);
void dwc2_control_expect_setups(void);
void dwc2_control_setup_arrived(void); /* its two words are next in the FIFO */
void dwc2_control_setup_done(void);
void dwc2_control_data(uint32_t count);
void dwc2_control_out_event(uint32_t events); /* DOEPINT */
void dwc2_control_in_event(uint32_t events);

void dwc2_bulk_init(void);
void dwc2_bulk_open(void); /* both ways from the beginning */
void dwc2_bulk_close(void);
int dwc2_bulk_is_open(void);
void dwc2_bulk_halt(uint32_t is_in, int on);
int dwc2_bulk_halted(uint32_t is_in);
void dwc2_bulk_data(uint32_t count);
void dwc2_bulk_out_event(uint32_t events);
void dwc2_bulk_in_event(uint32_t events);
void dwc2_bulk_start(void); /* what has become possible */

#ifdef __cplusplus
}
#endif
#endif
