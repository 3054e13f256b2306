/* All that the profiler knows of a board. One implementation each: host/, qemu/, stm32/.
 *
 * SPDX-License-Identifier: MIT */
#ifndef PORT_H
#define PORT_H

#include <stddef.h>
#include <stdint.h>

#include "firmware/protocol/ap_protocol.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct {
    const char *board;  /**< board id */
    uint8_t core;       /**< 4 or 7 */
    uint16_t chip_id;   /**< DBGMCU's device id, 0 when there is none */
    uint32_t flags;     /**< AP_FLAG_* but MODEL and RESTARTED */
    uint32_t conditions_supported;
    uint8_t unique_id[AP_UNIQUE_BYTES];
    uint8_t *arena;         /**< 32-byte aligned: what RAM the linker left over */
    uint32_t arena_bytes;
    const uint8_t *window;  /**< ap_weights_pattern, up to the end of Flash */
    uint32_t window_bytes;
    uint32_t image_crc;     /**< CRC-32 of the image as it stands in memory now */
    uint32_t image_crc_built; /**< and as it was built; 0 when the build put none in */
} port_info_t;

void port_init(void);
const port_info_t *port_info(void);

/** Cycles of the core, or instructions on virtual boards, since some moment; wraps. */
uint32_t port_cycles(void);
/** Between two values of port_cycles(), read behind one port_irq_off(). UINT32_MAX: more than the counter counts. */
uint32_t port_cycles_between(uint32_t start, uint32_t end);
uint32_t port_clock_hz(void);

void port_irq_off(void);
void port_irq_on(void);

/** What has arrived, at most `room` bytes. wait: sleeps until there is some, feeding the watchdog, and returns 0 only when
 *  the stream is closed for good (never on a board); without it, returns 0 at once when there is none.
 *  A port that cannot look without waiting (the emulator's) returns 0 then. */
size_t port_read(uint8_t *to, size_t room, int wait);
/** Returns when all is on its way, or the host has gone. */
void port_write(const uint8_t *bytes, size_t count);

/** Sets AP_COND_* and Flash wait states (AP_WAIT_STATES_DEFAULT); AP_UNSUPPORTED for what the board cannot. Reads back. */
ap_status_t port_set_conditions(uint32_t conditions, uint32_t wait_states);
uint32_t port_conditions(void);
uint32_t port_wait_states(void);
/** Behind writing to memory that a run will read: cleans and invalidates the data cache where there is one. */
void port_clean_caches(void);

void port_pulse(int on); /**< the pin that a power meter triggers on */
void port_watchdog(void); /**< still alive */

/** Runs work(argument). 0 when it returned, 1 when it faulted: then `fault` says where, and the program goes on. */
int port_guard(void (*work)(void *), void *argument, ap_fault_t *fault);

/** Paints the stack below the caller; how deep it then went, in bytes below the painting call. */
void port_stack_paint(void);
uint32_t port_stack_high_water(void);
int port_stack_intact(void); /**< the paint at the stack's limit is still there */

void port_reset(void); /**< may return where there is no chip to reset: the profiler then starts anew */
int port_bootloader(void); /**< returns only when there is none */

/** The exported network that is linked in; `run` is NULL when there is none (the profiler brings a weak one). */
typedef struct {
    uint32_t crc; /**< of its constants */
    uint32_t input_bytes, output_bytes;
    int8_t *(*input)(void);
    int (*run)(int8_t *out); /**< 0: good */
} port_model_t;
extern const port_model_t port_model;

#ifdef __cplusplus
}
#endif
#endif
