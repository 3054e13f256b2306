/* SPDX-License-Identifier: MIT */
#include "firmware/profiler/ap_profiler.h"

#include <string.h>

#include "firmware/profiler/ap_measure.h"
#include "firmware/profiler/ap_transport.h"
#include "firmware/protocol/ap_pattern.h"

enum { MAX_STEPS = 160 };

__attribute__((weak)) const port_model_t port_model = {0, 0, 0, NULL, NULL};

static struct {
    int greeted;                /* the host has said hello since the start */
    int has_output;             /* the model's output lies at the arena's begin */
    int has_cycles;             /* step_cycles are those of the network below */
    uint16_t steps_come;        /* so far */
    ap_network_begin_t network; /* steps 0: none */
    ap_operator_t steps[MAX_STEPS];
    uint32_t step_cycles[MAX_STEPS];
    ap_samples_t samples;
} state;

/* What a handler says: the reply's status and, in ap_reply_payload(), its bytes. */
typedef struct {
    ap_status_t status;
    size_t count;
} answer_t;

static answer_t plain(ap_status_t status)
{
    return (answer_t){status, 0};
}

static answer_t with_detail(ap_status_t status, uint16_t detail)
{
    uint8_t *const to = ap_reply_payload();
    to[0] = (uint8_t)detail;
    to[1] = (uint8_t)(detail >> 8);
    return (answer_t){status, 2};
}

/* Of what a decoder or a check refused. */
static answer_t refusal(ap_status_t status, uint16_t field)
{
    return status == AP_BAD_FIELD || status == AP_DOES_NOT_FIT ? with_detail(status, field)
                                                               : plain(status);
}

/* Of what a repetition ended with. */
static answer_t failure(ap_status_t status, const ap_timing_t *timing)
{
    if (status == AP_FAULT)
        return (answer_t){status, ap_encode_fault(&timing->fault, ap_reply_payload())};
    if (status == AP_KERNEL_REFUSED) return with_detail(status, timing->detail);
    return refusal(status, 0);
}

static answer_t with_result(const ap_result_t *result)
{
    return (answer_t){AP_OK, ap_encode_result(result, ap_reply_payload())};
}

static void set_text(char *to, size_t room, const char *text)
{
    for (; room > 1 && *text; --room)
        *to++ = *text++;
    *to = '\0';
}

static size_t write_hello(void)
{
    const port_info_t *const info = port_info();
    ap_hello_t h;
    memset(&h, 0, sizeof h);
    h.major = AP_PROTOCOL_MAJOR;
    h.minor = AP_PROTOCOL_MINOR;
    h.firmware_version = AP_FIRMWARE_VERSION;
    h.kernel_version = AK_KERNEL_VERSION;
    h.kernel_hash = AK_KERNEL_HASH;
    h.flags = info->flags & ~(AP_FLAG_MODEL | AP_FLAG_RESTARTED);
    if (state.greeted)
        h.flags &= ~AP_FLAG_WATCHDOG;
    else
        h.flags |= AP_FLAG_RESTARTED;
    if (port_model.run) {
        h.flags |= AP_FLAG_MODEL;
        h.model_crc = port_model.crc;
        h.model_input_bytes = port_model.input_bytes;
        h.model_output_bytes = port_model.output_bytes;
    }
    h.clock_hz = h.flags & AP_FLAG_VIRTUAL ? 0 : port_clock_hz();
    h.conditions_supported = info->conditions_supported;
    h.conditions = port_conditions();
    h.wait_states = port_wait_states();
    h.arena_bytes = info->arena_bytes;
    h.window_bytes = info->window_bytes;
    h.pattern_bytes = info->window_bytes < AP_PATTERN_BYTES ? info->window_bytes : AP_PATTERN_BYTES;
    h.image_crc = info->image_crc;
    h.max_channels = AP_MAX_CHANNELS;
    h.max_payload = AP_MAX_PAYLOAD;
    h.max_steps = MAX_STEPS;
    h.max_repetitions = AP_MAX_REPETITIONS;
    h.chip_id = info->chip_id;
    memcpy(h.unique_id, info->unique_id, sizeof h.unique_id);
    h.core = info->core;
    set_text(h.board, sizeof h.board, info->board);
    set_text(h.compiler, sizeof h.compiler, AP_COMPILER);
    set_text(h.compiler_flags, sizeof h.compiler_flags, AP_COMPILER_FLAGS);
    return ap_encode_hello(&h, ap_reply_payload());
}

static answer_t hello(const uint8_t *payload, size_t count)
{
    ap_hello_request_t request;
    uint16_t field;
    const ap_status_t status = ap_decode_hello_request(payload, count, &request, &field);
    if (status != AP_OK) return refusal(status, field);
    const answer_t answer = {request.major == AP_PROTOCOL_MAJOR ? AP_OK : AP_WRONG_VERSION,
                             write_hello()};
    if (answer.status == AP_OK) state.greeted = 1;
    return answer;
}

static uint32_t test_word(uint32_t i, uint32_t turn)
{
    return (i * 0x9E3779B1u) ^ turn;
}

/* Every word of the arena with a value and its complement. */
static int arena_keeps(const port_info_t *info)
{
    volatile uint32_t *const words = (volatile uint32_t *)(void *)info->arena;
    const uint32_t count = info->arena_bytes / 4;
    for (uint32_t turn = 0, times = 0; times < 2; turn = ~turn, ++times) {
        for (uint32_t i = 0; i < count; ++i)
            words[i] = test_word(i, turn);
        port_watchdog();
        for (uint32_t i = 0; i < count; ++i)
            if (words[i] != test_word(i, turn)) return 0;
        port_watchdog();
    }
    return 1;
}

static int add_thousand(const void *argument)
{
    (void)argument;
    volatile uint32_t sum = 0;
    for (uint32_t i = 0; i < 1000; ++i)
        sum = sum + i;
    return 0;
}

static answer_t self_test(void)
{
    const port_info_t *const info = port_info();
    ap_self_test_t t = {0, 0};
    ap_timing_t timing;
    const ap_work_t additions = {add_thousand, NULL};
    state.has_output = 0;
    if (info->image_crc != info->image_crc_built) t.failed |= AP_SELF_IMAGE;
    if (!arena_keeps(info)) t.failed |= AP_SELF_ARENA;
    const ap_status_t status = ap_time(&additions, ap_overhead(), 0, &timing);
    if (status != AP_OK) return failure(status, &timing);
    t.counter_step = timing.cycles;
    if (!t.counter_step) t.failed |= AP_SELF_COUNTER;
    if (!port_stack_intact()) t.failed |= AP_SELF_STACK;
    return (answer_t){AP_OK, ap_encode_self_test(&t, ap_reply_payload())};
}

static answer_t conditions(const uint8_t *payload, size_t count)
{
    ap_conditions_t c;
    uint16_t field;
    ap_status_t status = ap_decode_conditions(payload, count, &c, &field);
    if (status != AP_OK) return refusal(status, field);
    if (c.clock_hz) return refusal(AP_BAD_FIELD, 2);
    if (c.conditions & ~port_info()->conditions_supported) return plain(AP_UNSUPPORTED);
    status = port_set_conditions(c.conditions, c.wait_states);
    if (status != AP_OK) return refusal(status, 1);
    c = (ap_conditions_t){port_conditions(), port_wait_states(),
                          port_info()->flags & AP_FLAG_VIRTUAL ? 0 : port_clock_hz()};
    return (answer_t){AP_OK, ap_encode_conditions(&c, ap_reply_payload())};
}

static answer_t run_operator(const uint8_t *payload, size_t count)
{
    const port_info_t *const info = port_info();
    ap_run_operator_t r;
    uint16_t field = 0;
    ap_status_t status = ap_decode_run_operator(payload, count, &r, &field);
    if (status == AP_OK)
        status = ap_operator_check(&r.op, info->arena_bytes, info->window_bytes, &field);
    if (status != AP_OK) return refusal(status, field);
    if (r.repetitions > AP_MAX_REPETITIONS) return refusal(AP_DOES_NOT_FIT, AP_FIELD_REPETITIONS);
    state.has_output = 0;
    const uint32_t overhead = ap_overhead();
    ap_result_t result;
    memset(&result, 0, sizeof result);
    state.samples.count = 0;
    for (uint32_t i = 0; i < r.repetitions; ++i) {
        if (i > 0 && ap_interrupted()) return plain(AP_ABORTED);
        ap_operator_fill(&r.op, info->arena); /* outputs may lie on inputs */
        ap_timing_t timing;
        status = ap_time_operator(&r.op, overhead, i == 0, &timing, &result);
        if (status != AP_OK) return failure(status, &timing);
        if (i == 0) result.output_crc = ap_operator_crc(&r.op, info->arena);
        ap_samples_add(&state.samples, timing.cycles, &result);
    }
    return with_result(&result);
}

static answer_t network_begin(const uint8_t *payload, size_t count)
{
    ap_network_begin_t b;
    uint16_t field;
    const ap_status_t status = ap_decode_network_begin(payload, count, &b, &field);
    if (status != AP_OK) return refusal(status, field);
    if (b.arena_bytes > port_info()->arena_bytes) return refusal(AP_DOES_NOT_FIT, 0);
    if (b.steps > MAX_STEPS) return refusal(AP_DOES_NOT_FIT, 6);
    state.network = b;
    state.steps_come = 0;
    state.has_cycles = 0;
    return plain(AP_OK);
}

/* Steps come in order; the last one again is welcome too: its reply may have got lost. */
static answer_t network_step(const uint8_t *payload, size_t count)
{
    ap_network_step_t s;
    uint16_t field;
    ap_status_t status = ap_decode_network_step(payload, count, &s, &field);
    if (status != AP_OK) return refusal(status, field);
    if (!state.network.steps) return plain(AP_NOT_READY);
    if (s.index >= state.network.steps || s.index > state.steps_come ||
        s.index + 1 < state.steps_come)
        return refusal(AP_BAD_FIELD, 0);
    status = ap_operator_check(&s.op, state.network.arena_bytes, port_info()->window_bytes, &field);
    if (status != AP_OK) return refusal(status, (uint16_t)(field + 1));
    state.steps[s.index] = s.op;
    state.steps_come = (uint16_t)(s.index + 1);
    state.has_cycles = 0;
    return plain(AP_OK);
}

/* One repetition of all steps; the sum of their cycles, UINT32_MAX at most. */
static answer_t run_steps(uint32_t overhead, int is_first, ap_result_t *result, uint32_t *cycles)
{
    uint64_t sum = 0;
    ap_fill(state.network.seed, port_info()->arena + state.network.input_offset,
            state.network.input_bytes);
    for (uint32_t i = 0; i < state.network.steps; ++i) {
        if (!(is_first && i == 0) && ap_interrupted()) return plain(AP_ABORTED);
        ap_timing_t timing;
        const ap_status_t status =
            ap_time_operator(state.steps + i, overhead, is_first, &timing, result);
        if (status != AP_OK) return failure(status, &timing);
        if (is_first) state.step_cycles[i] = timing.cycles;
        sum += timing.cycles;
    }
    *cycles = sum > UINT32_MAX ? UINT32_MAX : (uint32_t)sum;
    return plain(AP_OK);
}

static answer_t network_run(const uint8_t *payload, size_t count)
{
    uint8_t *const arena = port_info()->arena;
    ap_network_run_t r;
    uint16_t field;
    const ap_status_t status = ap_decode_network_run(payload, count, &r, &field);
    if (status != AP_OK) return refusal(status, field);
    if (r.repetitions > AP_MAX_REPETITIONS) return refusal(AP_DOES_NOT_FIT, 0);
    if (!state.network.steps || state.steps_come < state.network.steps) return plain(AP_NOT_READY);
    state.has_output = state.has_cycles = 0;
    memset(
        arena, 0,
        state.network.arena_bytes); /* a plan that reads what nobody wrote is the same everywhere */
    ap_result_t result;
    memset(&result, 0, sizeof result);
    const uint32_t overhead = ap_overhead();
    state.samples.count = 0;
    for (uint32_t i = 0; i < r.repetitions; ++i) {
        uint32_t cycles = 0;
        const answer_t answer = run_steps(overhead, i == 0, &result, &cycles);
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
static answer_t validate(void)
{
    const port_info_t *const info = port_info();
    if (!port_model.run) return plain(AP_NO_MODEL);
    if (port_model.output_bytes > info->arena_bytes) return refusal(AP_DOES_NOT_FIT, 0);
    ap_result_t result;
    ap_timing_t timing;
    memset(&result, 0, sizeof result);
    state.samples.count = 0;
    const ap_work_t work = {run_model, info->arena};
    state.has_output = 0;
    port_clean_caches();
    const ap_status_t status = ap_time(&work, ap_overhead(), 1, &timing);
    if (status != AP_OK) return failure(status, &timing);
    ap_samples_add(&state.samples, timing.cycles, &result);
    result.output_crc = ap_crc32(0, info->arena, port_model.output_bytes);
    result.stack_bytes = timing.stack_bytes;
    state.has_output = 1;
    return with_result(&result);
}

/* What READ and CRC see of a region; AP_OK, or why not. */
static ap_status_t region_of(uint8_t region, const uint8_t **bytes, uint32_t *count)
{
    switch (region) {
    case AP_REGION_WINDOW:
        *bytes = port_info()->window;
        *count = port_info()->window_bytes;
        return AP_OK;
    case AP_REGION_MODEL_OUTPUT:
        if (!port_model.run) return AP_NO_MODEL;
        *bytes = port_info()->arena;
        *count = port_model.output_bytes;
        return state.has_output ? AP_OK : AP_NOT_READY;
    case AP_REGION_STEP_CYCLES:
        *bytes = (const uint8_t *)state.step_cycles; /* boards and hosts are little endian */
        *count = state.network.steps * 4u;
        return state.has_cycles ? AP_OK : AP_NOT_READY;
    default:
        return AP_BAD_FIELD;
    }
}

typedef struct {
    const uint8_t *bytes;
    uint32_t count, crc;
    uint8_t *copy; /* NULL: a CRC is wanted */
} access_t;

static void access_bytes(void *argument)
{
    access_t *const a = argument;
    if (a->copy) memcpy(a->copy, a->bytes, a->count);
    while (!a->copy && a->count > 0) {
        const uint32_t part = a->count < 65536 ? a->count : 65536;
        a->crc = ap_crc32(a->crc, a->bytes, part);
        a->bytes += part;
        a->count -= part;
        port_watchdog();
    }
}

static answer_t read_region(const uint8_t *payload, size_t count, int crc)
{
    ap_range_t range;
    uint16_t field;
    const uint8_t *bytes;
    uint32_t limit;
    ap_status_t status = ap_decode_range(payload, count, &range, &field);
    if (status != AP_OK) return refusal(status, field);
    status = region_of(range.region, &bytes, &limit);
    if (status != AP_OK) return refusal(status, 0);
    if (!crc && range.count > AP_MAX_PAYLOAD) return refusal(AP_DOES_NOT_FIT, 2);
    if (range.offset > limit) return refusal(AP_DOES_NOT_FIT, 1);
    if (range.count > limit - range.offset) return refusal(AP_DOES_NOT_FIT, 2);
    ap_timing_t fault;
    access_t a = {bytes + range.offset, range.count, 0, crc ? NULL : ap_reply_payload()};
    if (port_guard(access_bytes, &a, &fault.fault)) return failure(AP_FAULT, &fault);
    if (!crc) return (answer_t){AP_OK, range.count};
    for (int i = 0; i < 4; ++i)
        ap_reply_payload()[i] = (uint8_t)(a.crc >> 8 * i);
    return (answer_t){AP_OK, 4};
}

static answer_t write_region(const uint8_t *payload, size_t count)
{
    ap_write_t w;
    uint16_t field;
    const ap_status_t status = ap_decode_write(payload, count, &w, &field);
    if (status != AP_OK) return refusal(status, field);
    if (w.region != AP_REGION_MODEL_INPUT) return refusal(AP_BAD_FIELD, 0);
    if (!port_model.run) return plain(AP_NO_MODEL);
    if (w.offset > port_model.input_bytes) return refusal(AP_DOES_NOT_FIT, 1);
    if (w.count > port_model.input_bytes - w.offset) return refusal(AP_DOES_NOT_FIT, 2);
    memcpy(port_model.input() + w.offset, w.bytes, w.count);
    return plain(AP_OK);
}

static answer_t answer_to(const ap_header_t *request, const uint8_t *payload)
{
    switch (request->type) {
    case AP_MSG_HELLO:
        return hello(payload, request->count);
    case AP_MSG_SELF_TEST:
        return self_test();
    case AP_MSG_CONDITIONS:
        return conditions(payload, request->count);
    case AP_MSG_RUN_OPERATOR:
        return run_operator(payload, request->count);
    case AP_MSG_NETWORK_BEGIN:
        return network_begin(payload, request->count);
    case AP_MSG_NETWORK_STEP:
        return network_step(payload, request->count);
    case AP_MSG_NETWORK_RUN:
        return network_run(payload, request->count);
    case AP_MSG_VALIDATE:
        return validate();
    case AP_MSG_READ:
        return read_region(payload, request->count, 0);
    case AP_MSG_WRITE:
        return write_region(payload, request->count);
    case AP_MSG_CRC:
        return read_region(payload, request->count, 1);
    case AP_MSG_ABORT:
    case AP_MSG_RESET:
        return plain(AP_OK);
    case AP_MSG_BOOTLOADER:
        return plain(port_info()->flags & AP_FLAG_BOOTLOADER ? AP_OK : AP_UNSUPPORTED);
    default:
        return plain(AP_UNKNOWN_MESSAGE);
    }
}

/* As after the start; of ports whose reset is no reset of the whole chip. */
static void start_anew(void)
{
    state.greeted = state.has_output = state.has_cycles = 0;
    state.network.steps = 0;
    ap_transport_reset();
}

void ap_profiler_run(void)
{
    ap_header_t request;
    const uint8_t *payload;
    port_init();
    start_anew();
    while (ap_next(&request, &payload)) {
        const answer_t answer = answer_to(&request, payload);
        ap_reply(&request, answer.status, answer.count);
        if (answer.status != AP_OK) continue;
        if (request.type == AP_MSG_BOOTLOADER) (void)port_bootloader();
        if (request.type == AP_MSG_RESET) {
            port_reset();
            start_anew();
        }
    }
}
