/* USB full-speed device on the Synopsys DWC2 core of the STM32 (OTG_FS): a pair of bulk endpoints
 * that carries a stream of bytes each way, found by Windows without a driver (usb_descriptors.h).
 *
 * Before dwc2_init() the port has given the core its 48 MHz, set PA11 and PA12 to AF10 and enabled
 * the core's clock; on the H743 it has also cleared USB2OTGHSULPILPEN (the core sleeps with the CPU
 * else) and set USB33DEN and waited for USB33RDY. The VBUS pin is not used. A pulled cable is
 * therefore seen as a suspended bus.
 *
 * Registers are touched by dwc2_init(), dwc2_poll() and dwc2_stop() alone: call them with the USB
 * interrupt masked, or from it. dwc2_read() and dwc2_write() only touch the two ring buffers, so
 * that a loop may call them while interrupts poll; call (or pend) dwc2_poll() behind them, for it
 * to start what they made possible.
 *
 * SPDX-License-Identifier: MIT */
#ifndef DWC2_H
#define DWC2_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct {
    uintptr_t base; /**< of the core's registers: 0x50000000 on F4 and F7, 0x40080000 on H743 */
    uint32_t fifo_words; /**< what the data FIFO holds: 320 on F4 and F7, 1024 on H743 */
    int interrupts;    /**< 1: the core interrupts, and the handler is dwc2_poll(); 0: a loop polls
                          often */
    const char *board; /**< ends the product's name, at most 16 characters */
    const uint8_t *unique_id; /**< AP_UNIQUE_BYTES; the serial number is their hex digits */
    /** Vendor requests with data from the host, of up to 256 bytes; NULL refuses them. Returns 1
     * when it took the data. */
    int (*vendor_out)(uint8_t request, uint16_t value, const uint8_t *data, size_t count);
} dwc2_config_t;

/** Sets the core up and connects to the bus. The configuration must outlive it. 0, or -1 when the
 * core does not answer (its clock is missing). */
int dwc2_init(const dwc2_config_t *config);

/** Serves whatever happened since the last call; never waits for the host. */
void dwc2_poll(void);

/** A host has configured the device and the bus is awake: what is written will be fetched. */
int dwc2_connected(void);

/** Takes up to `room` bytes that arrived; 0 when there are none. Bytes are never lost: the host
 * waits while the ring is full. */
size_t dwc2_read(uint8_t *to, size_t room);

/** Queues up to `count` bytes and returns how many found room; 0 when not connected. */
size_t dwc2_write(const uint8_t *bytes, size_t count);

/** The host has fetched all that was written (or has gone). */
int dwc2_written(void);

/** Disconnects from the bus, for instance before a reset. */
void dwc2_stop(void);

#ifdef __cplusplus
}
#endif
#endif
