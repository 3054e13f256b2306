/* Requests in, replies out. Internal.
 *
 * SPDX-License-Identifier: MIT */
#ifndef AP_TRANSPORT_H
#define AP_TRANSPORT_H

#include "firmware/protocol/ap_protocol.h"

#ifdef __cplusplus
extern "C" {
#endif

/** Forgets what has arrived. */
void ap_transport_reset(void);
/** Waits for a request; 0 when the stream is closed. Its payload stays until the next call of
 * ap_next() or ap_interrupted(). */
int ap_next(ap_header_t *request, const uint8_t **payload);
/** Has another request come? ap_next() then gives it. Called between repetitions. */
int ap_interrupted(void);

/** AP_MAX_PAYLOAD bytes to build the reply's payload in. */
uint8_t *ap_reply_payload(void);
/** Sends it. */
void ap_reply(const ap_header_t *request, ap_status_t status, size_t count);

#ifdef __cplusplus
}
#endif
#endif
