/* Timing calls of kernels: one repetition at a time, with interrupts off, behind port_guard().
 * Internal.
 *
 * SPDX-License-Identifier: MIT */
#ifndef AP_MEASURE_H
#define AP_MEASURE_H

#include "firmware/port/port.h"
#include "firmware/profiler/ap_operator.h"

#ifdef __cplusplus
extern "C" {
#endif

enum { AP_MAX_REPETITIONS = 100, AP_MAX_STEPS = 160 };

/** Something that is timed: run(argument) returns 0 when all went well. */
typedef struct {
    int (*run)(const void *argument);
    const void *argument;
} ap_work_t;

/** What one repetition told. */
typedef struct {
    uint32_t cycles;      /**< without what measuring costs; UINT32_MAX when it took longer than the
                             counter counts */
    uint32_t stack_bytes; /**< deepest; only when it was painted */
    uint16_t detail;      /**< of AP_KERNEL_REFUSED */
    ap_fault_t fault;     /**< of AP_FAULT */
} ap_timing_t;

/** Cycles of an empty repetition. */
uint32_t ap_overhead(void);
/** One repetition: AP_OK, AP_KERNEL_REFUSED, AP_FAULT, or AP_DOES_NOT_FIT when the counter cannot
 * count so far. */
ap_status_t ap_time(const ap_work_t *work, uint32_t overhead, int paint, ap_timing_t *timing);
/** One repetition of an operator on what lies in the arena. paint: stack and scratch, whose use is
 * added to `result`. */
ap_status_t ap_time_operator(const ap_operator_t *op, uint32_t overhead, int paint,
                             ap_timing_t *timing, ap_result_t *result);

/** Collects repetitions into a result. */
typedef struct {
    uint32_t cycles[AP_MAX_REPETITIONS]; /**< sorted */
    uint32_t count;
} ap_samples_t;
void ap_samples_add(ap_samples_t *samples, uint32_t cycles, ap_result_t *result);

#ifdef __cplusplus
}
#endif
#endif
