/* What the handlers of requests share. Internal.
 *
 * SPDX-License-Identifier: MIT */
#ifndef AP_ANSWER_H
#define AP_ANSWER_H

#include "firmware/profiler/ap_measure.h"
#include "firmware/profiler/ap_transport.h"

#ifdef __cplusplus
extern "C" {
#endif

/** What a handler says: the reply's status and how many bytes it left in ap_reply_payload(). */
typedef struct {
    ap_status_t status;
    size_t count;
} ap_answer_t;

ap_answer_t ap_answer(ap_status_t status);
/** With a u16. */
ap_answer_t ap_answer_detail(ap_status_t status, uint16_t detail);
/** Of what a decoder or a check refused. */
ap_answer_t ap_refusal(ap_status_t status, uint16_t field);
/** Of what a repetition ended with. */
ap_answer_t ap_failure(ap_status_t status, const ap_timing_t *timing);

/* Handlers, by message. */
ap_answer_t ap_run_operator(const uint8_t *payload, size_t count);
ap_answer_t ap_network_begin(const uint8_t *payload, size_t count);
ap_answer_t ap_network_step(const uint8_t *payload, size_t count);
ap_answer_t ap_network_run(const uint8_t *payload, size_t count);
ap_answer_t ap_validate(void);
ap_answer_t ap_read_region(const uint8_t *payload, size_t count, int crc);
ap_answer_t ap_write_region(const uint8_t *payload, size_t count);

/** Forgets network and model's output. */
void ap_runs_reset(void);
/** Something else is about to be written over the model's output. */
void ap_drop_output(void);
/** Does the model's output lie at the arena's begin? */
int ap_has_output(void);
/** Of each step of the last network run; NULL when there is none of the present network. */
const uint32_t *ap_step_cycles(uint32_t *steps);

#ifdef __cplusplus
}
#endif
#endif
