/* SPDX-License-Identifier: MIT */
#include "firmware/profiler/ap_measure.h"

#include <string.h>

typedef struct {
    const ap_work_t *work;
    int paint, status;
    uint32_t cycles, stack_bytes;
} repetition_t;

/* Runs behind port_guard(), which does not come back here after a fault. */
static void repeat(void *argument)
{
    repetition_t *const r = argument;
    const ap_work_t work = *r->work;
    port_pulse(1);
    port_irq_off();
    if (r->paint) port_stack_paint();
    const uint32_t start = port_cycles();
    r->status = work.run(work.argument);
    const uint32_t end = port_cycles();
    if (r->paint) r->stack_bytes = port_stack_high_water();
    port_irq_on();
    port_pulse(0);
    r->cycles = port_cycles_between(start, end);
}

static int do_nothing(const void *argument)
{
    (void)argument;
    return 0;
}

uint32_t ap_overhead(void)
{
    const ap_work_t nothing = {do_nothing, NULL};
    uint32_t least = UINT32_MAX;
    for (int i = 0; i < 8; ++i) { /* the first ones fill the instruction cache */
        repetition_t r = {&nothing, 0, 0, 0, 0};
        repeat(&r);
        if (r.cycles < least) least = r.cycles;
    }
    return least;
}

ap_status_t ap_time(const ap_work_t *work, uint32_t overhead, int paint, ap_timing_t *timing)
{
    repetition_t r = {work, paint, 0, 0, 0};
    port_watchdog();
    const int faulted = port_guard(repeat, &r, &timing->fault);
    if (faulted) {
        port_irq_on();
        port_pulse(0);
        return AP_FAULT;
    }
    timing->detail = (uint16_t)r.status;
    timing->stack_bytes = r.stack_bytes;
    timing->cycles = r.cycles > overhead ? r.cycles - overhead : 0;
    if (r.status) return AP_KERNEL_REFUSED;
    return r.cycles == UINT32_MAX ? AP_DOES_NOT_FIT : AP_OK;
}

/* What the unused part of scratch holds. Kernels keep 16-bit values of 8-bit numbers there, whose
 * last byte is never this. */
enum { SCRATCH_PAINT = 0x5A };

static uint32_t painted_use(const uint8_t *scratch, uint32_t bytes)
{
    while (bytes > 0 && scratch[bytes - 1] == SCRATCH_PAINT)
        --bytes;
    return bytes;
}

typedef struct {
    const ap_operator_t *op;
    ap_call_t call;
    uint8_t *arena;
    const uint8_t *window;
    int paint;
} setup_t;

/* Reads Flash and writes RAM: on a board that is broken, this too may fault. */
static void set_up(void *argument)
{
    setup_t *const s = argument;
    ap_operator_load(s->op, s->arena, s->window);
    ap_operator_prepare(s->op, s->arena, s->window, &s->call);
    if (s->paint) memset(s->arena + s->op->scratch_offset, SCRATCH_PAINT, s->op->scratch_bytes);
}

static int call_kernel(const void *argument)
{
    const ap_call_t *const call = argument;
    return call->kernel(call);
}

ap_status_t ap_time_operator(const ap_operator_t *op, uint32_t overhead, int paint,
                             ap_timing_t *timing, ap_result_t *result)
{
    const port_info_t *const info = port_info();
    setup_t s;
    s.op = op;
    s.arena = info->arena;
    s.window = info->window;
    s.paint = paint;
    if (port_guard(set_up, &s, &timing->fault)) return AP_FAULT;
    if (paint) port_clean_caches();
    const ap_work_t work = {call_kernel, &s.call};
    const ap_status_t status = ap_time(&work, overhead, paint, timing);
    if (status == AP_OK && paint) {
        const uint32_t scratch = painted_use(info->arena + op->scratch_offset, op->scratch_bytes);
        if (scratch > result->scratch_bytes) result->scratch_bytes = scratch;
        if (timing->stack_bytes > result->stack_bytes) result->stack_bytes = timing->stack_bytes;
    }
    return status;
}

void ap_samples_add(ap_samples_t *samples, uint32_t cycles, ap_result_t *result)
{
    uint32_t at = samples->count++;
    for (; at > 0 && samples->cycles[at - 1] > cycles; --at)
        samples->cycles[at] = samples->cycles[at - 1];
    samples->cycles[at] = cycles;
    const uint32_t count = samples->count, low = samples->cycles[(count - 1) / 2],
                   high = samples->cycles[count / 2];
    if (count == 1) result->first = cycles;
    result->repetitions = count;
    result->min = samples->cycles[0];
    result->max = samples->cycles[count - 1];
    result->median = low + (high - low) / 2;
}
