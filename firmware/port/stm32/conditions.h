/* Run conditions: the core's caches and the Flash interface's, set together and read back.
 *
 * SPDX-License-Identifier: MIT */
#ifndef CONDITIONS_H
#define CONDITIONS_H

#include "firmware/protocol/ap_protocol.h"

#ifdef __cplusplus
extern "C" {
#endif

uint32_t conditions_supported(void);
uint32_t conditions_now(void);
/** fewest: wait states that the clock needs; AP_WAIT_STATES_DEFAULT asks for them. AP_UNSUPPORTED,
 * with nothing changed, for fewer, for more than the Flash interface counts and for what this chip
 * has not. */
ap_status_t conditions_set(uint32_t conditions, uint32_t wait_states, uint32_t fewest);

#ifdef __cplusplus
}
#endif
#endif
