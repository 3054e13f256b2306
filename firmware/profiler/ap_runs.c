/* Runs: one operator, a network of them, the model that is linked in.
 *
 * SPDX-License-Identifier: MIT */
#include <string.h>

#include "firmware/profiler/ap_answer.h"
#include "firmware/protocol/ap_pattern.h"

static struct {
    int has_output;             /* the model's output lies at the arena's begin */
    int has_cycles;             /* step_cycles are those of the network below */
    uint16_t steps_come;        /* so far */
    ap_network_begin_t network; /* steps 0: none */
    ap_operator_t steps[AP_MAX_STEPS];
    uint32_t step_cycles[AP_MAX_STEPS];
    ap_samples_t samples;
} state;

void ap_runs_reset(void)
{
    state.has_output = state.has_cycles = 0;
    state.network.steps = 0;
}

void ap_drop_output(void)
{
    state.has_output = 0;
}

int ap_has_output(void)
{
    return state.has_output;
}

const uint32_t *ap_step_cycles(uint32_t *steps)
{
    *steps = state.network.steps;
    return state.has_cycles ? state.step_cycles : NULL;
}

static ap_answer_t with_result(const ap_result_t *result)
{
    return (ap_answer_t){AP_OK, ap_encode_result(result, ap_reply_payload())};
}

ap_answer_t ap_run_operator(const uint8_t *payload, size_t count)
{
    const port_info_t *const info = port_info();
    ap_run_operator_t r;
    uint16_t field = 0;
    ap_status_t status = ap_decode_run_operator(payload, count, &r, &field);
    if (status == AP_OK)
        status = ap_operator_check(&r.op, info->arena_bytes, info->window_bytes, &field);
    if (status != AP_OK) return ap_refusal(status, field);
    if (r.repetitions > AP_MAX_REPETITIONS)
        return ap_refusal(AP_DOES_NOT_FIT, AP_FIELD_REPETITIONS);
    state.has_output = 0;
    const uint32_t overhead = ap_overhead();
    ap_result_t result;
    memset(&result, 0, sizeof result);
    state.samples.count = 0;
    for (uint32_t i = 0; i < r.repetitions; ++i) {
        if (i > 0 && ap_interrupted()) return ap_answer(AP_ABORTED);
        ap_operator_fill(&r.op, info->arena); /* outputs may lie on inputs */
        ap_timing_t timing;
        status = ap_time_operator(&r.op, overhead, i == 0, &timing, &result);
        if (status != AP_OK) return ap_failure(status, &timing);
        if (i == 0) result.output_crc = ap_operator_crc(&r.op, info->arena);
        ap_samples_add(&state.samples, timing.cycles, &result);
    }
    return with_result(&result);
}

ap_answer_t ap_network_begin(const uint8_t *payload, size_t count)
{
    ap_network_begin_t b;
    uint16_t field;
    const ap_status_t status = ap_decode_network_begin(payload, count, &b, &field);
    if (status != AP_OK) return ap_refusal(status, field);
    if (b.arena_bytes > port_info()->arena_bytes) return ap_refusal(AP_DOES_NOT_FIT, 0);
    if (b.steps > AP_MAX_STEPS) return ap_refusal(AP_DOES_NOT_FIT, 6);
    state.network = b;
    state.steps_come = 0;
    state.has_cycles = 0;
    return ap_answer(AP_OK);
}

/* Steps come in order; the last one again is welcome too: its reply may have got lost. */
ap_answer_t ap_network_step(const uint8_t *payload, size_t count)
{
    ap_network_step_t s;
    uint16_t field;
    ap_status_t status = ap_decode_network_step(payload, count, &s, &field);
    if (status != AP_OK) return ap_refusal(status, field);
    if (!state.network.steps) return ap_answer(AP_NOT_READY);
    if (s.index >= state.network.steps || s.index > state.steps_come ||
        s.index + 1 < state.steps_come)
        return ap_refusal(AP_BAD_FIELD, 0);
    status = ap_operator_check(&s.op, state.network.arena_bytes, port_info()->window_bytes, &field);
    if (status != AP_OK) return ap_refusal(status, (uint16_t)(field + 1));
    state.steps[s.index] = s.op;
    state.steps_come = (uint16_t)(s.index + 1);
    state.has_cycles = 0;
    return ap_answer(AP_OK);
}

/* One repetition of all steps; the sum of their cycles, UINT32_MAX at most. */
static ap_answer_t run_steps(uint32_t overhead, int is_first, ap_result_t *result, uint32_t *cycles)
{
    uint64_t sum = 0;
    ap_fill(state.network.seed, port_info()->arena + state.network.input_offset,
            state.network.input_bytes);
    for (uint32_t i = 0; i < state.network.steps; ++i) {
        if (!(is_first && i == 0) && ap_interrupted()) return ap_answer(AP_ABORTED);
        ap_timing_t timing;
        const ap_status_t status =
            ap_time_operator(state.steps + i, overhead, is_first, &timing, result);
        if (status != AP_OK) return ap_failure(status, &timing);
        if (is_first) state.step_cycles[i] = timing.cycles;
        sum += timing.cycles;
    }
    *cycles = sum > UINT32_MAX ? UINT32_MAX : (uint32_t)sum;
    return ap_answer(AP_OK);
}

ap_answer_t ap_network_run(const uint8_t *payload, size_t count)
{
    uint8_t *const arena = port_info()->arena;
    ap_network_run_t r;
    uint16_t field;
    const ap_status_t status = ap_decode_network_run(payload, count, &r, &field);
    if (status != AP_OK) return ap_refusal(status, field);
    if (r.repetitions > AP_MAX_REPETITIONS) return ap_refusal(AP_DOES_NOT_FIT, 0);
    if (!state.network.steps || state.steps_come < state.network.steps)
        return ap_answer(AP_NOT_READY);
    state.has_output = state.has_cycles = 0;
    /* A plan that reads what nobody wrote is the same everywhere. */
    memset(arena, 0, state.network.arena_bytes);
    ap_result_t result;
    memset(&result, 0, sizeof result);
    const uint32_t overhead = ap_overhead();
    state.samples.count = 0;
    for (uint32_t i = 0; i < r.repetitions; ++i) {
        uint32_t cycles = 0;
        const ap_answer_t answer = run_steps(overhead, i == 0, &result, &cycles);
        if (answer.status != AP_OK) return answer;
        if (i == 0)
            result.output_crc =
                ap_crc32(0, arena + state.network.output_offset, state.network.output_bytes);
        ap_samples_add(&state.samples, cycles, &result);
    }
    state.has_cycles = 1;
    return with_result(&result);
}

static int run_model(const void *output)
{
    return port_model.run((int8_t *)(uintptr_t)output);
}

/* Consumes what was written to the model's input. */
ap_answer_t ap_validate(void)
{
    const port_info_t *const info = port_info();
    if (!port_model.run) return ap_answer(AP_NO_MODEL);
    if (port_model.output_bytes > info->arena_bytes) return ap_refusal(AP_DOES_NOT_FIT, 0);
    ap_result_t result;
    ap_timing_t timing;
    memset(&result, 0, sizeof result);
    state.samples.count = 0;
    const ap_work_t work = {run_model, info->arena};
    state.has_output = 0;
    port_clean_caches();
    const ap_status_t status = ap_time(&work, ap_overhead(), 1, &timing);
    if (status != AP_OK) return ap_failure(status, &timing);
    ap_samples_add(&state.samples, timing.cycles, &result);
    result.output_crc = ap_crc32(0, info->arena, port_model.output_bytes);
    result.stack_bytes = timing.stack_bytes;
    state.has_output = 1;
    return with_result(&result);
}
