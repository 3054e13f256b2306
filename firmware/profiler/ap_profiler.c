/* SPDX-License-Identifier: MIT */
#include "firmware/profiler/ap_profiler.h"

#include <string.h>

#include "firmware/profiler/ap_answer.h"
#include "firmware/protocol/ap_pattern.h"

__attribute__((weak)) const port_model_t port_model = {0, 0, 0, NULL, NULL};

static int greeted; /* the host has said hello since the start */

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
    if (greeted)
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
    h.max_steps = AP_MAX_STEPS;
    h.max_repetitions = AP_MAX_REPETITIONS;
    h.chip_id = info->chip_id;
    memcpy(h.unique_id, info->unique_id, sizeof h.unique_id);
    h.core = info->core;
    set_text(h.board, sizeof h.board, info->board);
    set_text(h.compiler, sizeof h.compiler, AP_COMPILER);
    set_text(h.compiler_flags, sizeof h.compiler_flags, AP_COMPILER_FLAGS);
    return ap_encode_hello(&h, ap_reply_payload());
}

static ap_answer_t hello(const uint8_t *payload, size_t count)
{
    ap_hello_request_t request;
    uint16_t field;
    const ap_status_t status = ap_decode_hello_request(payload, count, &request, &field);
    if (status != AP_OK) return ap_refusal(status, field);
    const ap_answer_t answer = {request.major == AP_PROTOCOL_MAJOR ? AP_OK : AP_WRONG_VERSION,
                                write_hello()};
    if (answer.status == AP_OK) greeted = 1;
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

static ap_answer_t self_test(void)
{
    const port_info_t *const info = port_info();
    ap_self_test_t t = {0, 0};
    ap_timing_t timing;
    const ap_work_t additions = {add_thousand, NULL};
    ap_drop_output();
    if (info->image_crc != info->image_crc_built) t.failed |= AP_SELF_IMAGE;
    if (!arena_keeps(info)) t.failed |= AP_SELF_ARENA;
    const ap_status_t status = ap_time(&additions, ap_overhead(), 0, &timing);
    if (status != AP_OK) return ap_failure(status, &timing);
    t.counter_step = timing.cycles;
    if (!t.counter_step) t.failed |= AP_SELF_COUNTER;
    if (!port_stack_intact()) t.failed |= AP_SELF_STACK;
    return (ap_answer_t){AP_OK, ap_encode_self_test(&t, ap_reply_payload())};
}

static ap_answer_t conditions(const uint8_t *payload, size_t count)
{
    ap_conditions_t c;
    uint16_t field;
    ap_status_t status = ap_decode_conditions(payload, count, &c, &field);
    if (status != AP_OK) return ap_refusal(status, field);
    if (c.clock_hz) return ap_refusal(AP_BAD_FIELD, 2);
    if (c.conditions & ~port_info()->conditions_supported) return ap_answer(AP_UNSUPPORTED);
    status = port_set_conditions(c.conditions, c.wait_states);
    if (status != AP_OK) return ap_refusal(status, 1);
    c = (ap_conditions_t){port_conditions(), port_wait_states(),
                          port_info()->flags & AP_FLAG_VIRTUAL ? 0 : port_clock_hz()};
    return (ap_answer_t){AP_OK, ap_encode_conditions(&c, ap_reply_payload())};
}

static ap_answer_t answer_to(const ap_header_t *request, const uint8_t *payload)
{
    switch (request->type) {
    case AP_MSG_HELLO:
        return hello(payload, request->count);
    case AP_MSG_SELF_TEST:
        return self_test();
    case AP_MSG_CONDITIONS:
        return conditions(payload, request->count);
    case AP_MSG_RUN_OPERATOR:
        return ap_run_operator(payload, request->count);
    case AP_MSG_NETWORK_BEGIN:
        return ap_network_begin(payload, request->count);
    case AP_MSG_NETWORK_STEP:
        return ap_network_step(payload, request->count);
    case AP_MSG_NETWORK_RUN:
        return ap_network_run(payload, request->count);
    case AP_MSG_VALIDATE:
        return ap_validate();
    case AP_MSG_READ:
        return ap_read_region(payload, request->count, 0);
    case AP_MSG_WRITE:
        return ap_write_region(payload, request->count);
    case AP_MSG_CRC:
        return ap_read_region(payload, request->count, 1);
    case AP_MSG_ABORT:
    case AP_MSG_RESET:
        return ap_answer(AP_OK);
    case AP_MSG_BOOTLOADER:
        return ap_answer(port_info()->flags & AP_FLAG_BOOTLOADER ? AP_OK : AP_UNSUPPORTED);
    default:
        return ap_answer(AP_UNKNOWN_MESSAGE);
    }
}

/* As after the start; of ports whose reset is no reset of the whole chip. */
static void start_anew(void)
{
    greeted = 0;
    ap_runs_reset();
    ap_transport_reset();
}

void ap_profiler_run(void)
{
    ap_header_t request;
    const uint8_t *payload;
    port_init();
    start_anew();
    while (ap_next(&request, &payload)) {
        const ap_answer_t answer = answer_to(&request, payload);
        ap_reply(&request, answer.status, answer.count);
        if (answer.status != AP_OK) continue;
        if (request.type == AP_MSG_BOOTLOADER) (void)port_bootloader();
        if (request.type == AP_MSG_RESET) {
            port_reset();
            start_anew();
        }
    }
}
