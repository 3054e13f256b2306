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
    if (s.op.weight_place) return ap_answer(AP_UNSUPPORTED); /* tensors may lie there later */
    status = ap_operator_check(&s.op, state.network.arena_bytes, port_info()->window_bytes, &field);
    if (status != AP_OK) return ap_refusal(status, (uint16_t)(field + 1));
    state.steps[s.index] = s.op;
    state.steps_come = (uint16_t)(s.index + 1);
    state.has_cycles = 0;
    return ap_answer(AP_OK);
}

/* Every step on its own: their cycles, and what stack and scratch they use. */
static ap_answer_t time_steps(uint32_t overhead, ap_result_t *result)
{
    for (uint32_t i = 0; i < state.network.steps; ++i) {
        if (i > 0 && ap_interrupted()) return ap_answer(AP_ABORTED);
        ap_timing_t timing;
        const ap_status_t status = ap_time_operator(state.steps + i, overhead, 1, &timing, result);
        if (status != AP_OK) return ap_failure(status, &timing);
        state.step_cycles[i] = timing.cycles;
    }
    return ap_answer(AP_OK);
}

/* The steps made ready, behind the network's arena: nothing but kernels is left to be timed. */
typedef struct {
    ap_call_t *calls;
    uint32_t count;
} network_t;

static int make_ready(network_t *network)
{
    const port_info_t *const info = port_info();
    const uint32_t begin = (state.network.arena_bytes + 7u) & ~7u;
    network->calls = (ap_call_t *)(void *)(info->arena + begin);
    network->count = state.network.steps;
    if (begin > info->arena_bytes ||
        network->count * sizeof *network->calls > info->arena_bytes - begin)
        return 0;
    for (uint32_t i = 0; i < network->count; ++i)
        ap_operator_prepare(state.steps + i, info->arena, info->window, network->calls + i);
    return 1;
}

static int run_calls(const void *argument)
{
    const network_t *const network = argument;
    const ap_call_t *const end = network->calls + network->count;
    int status = 0;
    for (const ap_call_t *call = network->calls; call != end && !status; ++call)
        status = call->kernel(call);
    return status;
}

/* What the network reads first. Zeros elsewhere: a plan that reads what nobody wrote is the same
 * everywhere. */
static void fill_network(void)
{
    uint8_t *const arena = port_info()->arena;
    memset(arena, 0, state.network.arena_bytes);
    ap_fill(state.network.seed, arena + state.network.input_offset, state.network.input_bytes);
}

/* The steps one by one once, then the network as one, as often as wanted. */
ap_answer_t ap_network_run(const uint8_t *payload, size_t count)
{
    ap_network_run_t r;
    uint16_t field;
    ap_status_t status = ap_decode_network_run(payload, count, &r, &field);
    if (status != AP_OK) return ap_refusal(status, field);
    if (r.repetitions > AP_MAX_REPETITIONS) return ap_refusal(AP_DOES_NOT_FIT, 0);
    if (!state.network.steps || state.steps_come < state.network.steps)
        return ap_answer(AP_NOT_READY);
    state.has_output = state.has_cycles = 0;
    ap_result_t result;
    memset(&result, 0, sizeof result);
    const uint32_t overhead = ap_overhead();
    fill_network();
    const ap_answer_t steps = time_steps(overhead, &result);
    if (steps.status != AP_OK) return steps;
    network_t network;
    if (!make_ready(&network)) return ap_refusal(AP_DOES_NOT_FIT, 0);
    state.samples.count = 0;
    const ap_work_t work = {run_calls, &network};
    for (uint32_t i = 0; i < r.repetitions; ++i) {
        if (ap_interrupted()) return ap_answer(AP_ABORTED);
        fill_network();
        if (i == 0) port_clean_caches();
        ap_timing_t timing;
        status = ap_time(&work, overhead, 0, &timing);
        if (status != AP_OK) return ap_failure(status, &timing);
        if (i == 0)
            result.output_crc = ap_crc32(0, port_info()->arena + state.network.output_offset,
                                         state.network.output_bytes);
        ap_samples_add(&state.samples, timing.cycles, &result);
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
