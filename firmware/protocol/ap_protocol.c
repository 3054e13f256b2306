/* SPDX-License-Identifier: MIT */
#include "firmware/protocol/ap_protocol.h"

#include <string.h>

#include "firmware/protocol/ap_operator_rules.h"

/* A message is a table of its fields, in the order of the bytes. */
typedef struct {
    uint16_t at; /* offset into the structure */
    uint8_t kind, bytes;
    uint32_t min, max; /* of numbers */
} field_t;
enum { NUMBER, SIGNED, PLACE /* a multiple of 4 */, BYTES, TEXT };

#define SIZE(type, member) (uint8_t)sizeof(((type *)0)->member)
#define FIELD(type, member, kind, min, max)                                                        \
    {                                                                                              \
        offsetof(type, member), kind, SIZE(type, member), min, max                                 \
    }
#define U(type, member, min, max) FIELD(type, member, NUMBER, min, max)
#define ANY(type, member) U(type, member, 0, UINT32_MAX)
#define S(type, member) FIELD(type, member, SIGNED, 0, 255)
#define P(type, member) FIELD(type, member, PLACE, 0, UINT32_MAX)
#define COUNT(table) (sizeof table / sizeof table[0])
enum { MOST_MEMORY = 1 << 28 }; /* of an arena and a window: more is no board that we know */

static const field_t operator_fields[AP_OPERATOR_FIELDS] = {
#define OP ap_operator_t
    U(OP, kind, AP_OP_CONV, AP_OP_FULLY_CONNECTED),
    U(OP, act, 0, 4),
    U(OP, kernel, 0, 7),
    U(OP, stride, 0, 4),
    U(OP, packing, 0, 3),
    U(OP, packing2, 0, 3),
    U(OP, shift, 0, 24),
    U(OP, shift2, 0, 24),
    S(OP, in_zero_point),
    S(OP, in2_zero_point),
    S(OP, out_zero_point),
    S(OP, mid_zero_point),
    ANY(OP, in_h),
    ANY(OP, in_w),
    ANY(OP, in_c),
    ANY(OP, out_c),
    ANY(OP, mid_c),
    U(OP, weight_place, 0, 1),
    P(OP, in_offset),
    P(OP, in2_offset),
    P(OP, out_offset),
    P(OP, scratch_offset),
    ANY(OP, scratch_bytes),
    P(OP, weights_offset),
    P(OP, weights2_offset),
    P(OP, weights_ram),
    ANY(OP, seed)
#undef OP
};

static uint32_t number_of(const void *from, uint8_t bytes)
{
    return bytes == 1   ? *(const uint8_t *)from
           : bytes == 2 ? *(const uint16_t *)from
                        : *(const uint32_t *)from;
}

static size_t text_length(const uint8_t *text, size_t room)
{
    size_t count = 0;
    while (count < room && text[count])
        ++count;
    return count;
}

static size_t encode(const field_t *fields, size_t count, const void *from, uint8_t *to)
{
    uint8_t *const begin = to;
    for (; count > 0; --count, ++fields) {
        const uint8_t *const member = (const uint8_t *)from + fields->at;
        if (fields->kind < BYTES) {
            const uint32_t number = number_of(member, fields->bytes);
            for (uint32_t i = 0; i < fields->bytes; ++i)
                *to++ = (uint8_t)(number >> 8 * i);
        } else {
            const size_t used = fields->kind == TEXT
                                    ? text_length(member, fields->bytes - (size_t)1)
                                    : fields->bytes;
            memset(to, 0, fields->bytes);
            memcpy(to, member, used);
            to += fields->bytes;
        }
    }
    return (size_t)(to - begin);
}

static size_t wire_bytes(const field_t *fields, size_t count)
{
    size_t bytes = 0;
    for (; count > 0; --count, ++fields)
        bytes += fields->bytes;
    return bytes;
}

/* Printable ASCII, then zeros alone, at least one. */
static int is_text(const uint8_t *text, size_t room)
{
    size_t at = text_length(text, room);
    if (at == room) return 0;
    for (size_t i = 0; i < at; ++i)
        if (text[i] < 32 || text[i] > 126) return 0;
    for (; at < room; ++at)
        if (text[at]) return 0;
    return 1;
}

static int decode_field(const field_t *field, const uint8_t *from, uint8_t *member)
{
    if (field->kind >= BYTES) {
        memcpy(member, from, field->bytes);
        return field->kind == BYTES || is_text(from, field->bytes);
    }
    uint32_t number = 0;
    for (uint32_t i = 0; i < field->bytes; ++i)
        number |= (uint32_t)from[i] << 8 * i;
    if (field->bytes == 1)
        *member = (uint8_t)number;
    else if (field->bytes == 2)
        *(uint16_t *)(void *)member = (uint16_t)number;
    else
        *(uint32_t *)(void *)member = number;
    return number >= field->min && number <= field->max &&
           (field->kind != PLACE || number % 4 == 0);
}

/* Of a message that has `available` bytes left here; more are those of a later minor version. */
static ap_status_t decode(const field_t *fields, size_t count, const uint8_t *from,
                          size_t available, void *to, uint16_t *field)
{
    if (available < wire_bytes(fields, count)) return AP_BAD_LENGTH;
    for (size_t i = 0; i < count; from += fields[i].bytes, ++i)
        if (!decode_field(fields + i, from, (uint8_t *)to + fields[i].at)) {
            *field = (uint16_t)i;
            return AP_BAD_FIELD;
        }
    return AP_OK;
}

static ap_status_t bad(uint16_t *field, uint16_t index)
{
    *field = index;
    return AP_BAD_FIELD;
}

/* The two functions of a message whose fields do not depend on each other. */
#define SIMPLE(name)                                                                               \
    size_t ap_encode_##name(const ap_##name##_t *from, uint8_t *to)                                \
    {                                                                                              \
        return encode(name##_fields, COUNT(name##_fields), from, to);                              \
    }                                                                                              \
    ap_status_t ap_decode_##name(const uint8_t *from, size_t count, ap_##name##_t *to,             \
                                 uint16_t *field)                                                  \
    {                                                                                              \
        return decode(name##_fields, COUNT(name##_fields), from, count, to, field);                \
    }

static const field_t hello_request_fields[] = {ANY(ap_hello_request_t, major),
                                               ANY(ap_hello_request_t, minor)};
SIMPLE(hello_request)

static const field_t self_test_fields[] = {U(ap_self_test_t, failed, 0, 15),
                                           ANY(ap_self_test_t, counter_step)};
SIMPLE(self_test)

static const field_t conditions_fields[] = {
    U(ap_conditions_t, conditions, 0, AP_COND_ALL),
    U(ap_conditions_t, wait_states, 0, AP_WAIT_STATES_DEFAULT), ANY(ap_conditions_t, clock_hz)};
SIMPLE(conditions)

static const field_t network_run_fields[] = {U(ap_network_run_t, repetitions, 1, UINT16_MAX)};
SIMPLE(network_run)

static const field_t range_fields[] = {
    U(ap_range_t, region, AP_REGION_WINDOW, AP_REGION_STEP_CYCLES), ANY(ap_range_t, offset),
    ANY(ap_range_t, count)};
SIMPLE(range)

static const field_t fault_fields[] = {
    ANY(ap_fault_t, pc),   ANY(ap_fault_t, lr),    ANY(ap_fault_t, sp),  ANY(ap_fault_t, cfsr),
    ANY(ap_fault_t, hfsr), ANY(ap_fault_t, mmfar), ANY(ap_fault_t, bfar)};
SIMPLE(fault)

static const field_t hello_fields[] = {
#define H ap_hello_t
    ANY(H, major),
    ANY(H, minor),
    ANY(H, firmware_version),
    ANY(H, kernel_version),
    ANY(H, kernel_hash),
    ANY(H, clock_hz),
    U(H, flags, 0, AP_FLAG_ALL),
    U(H, conditions_supported, 0, AP_COND_ALL),
    U(H, conditions, 0, AP_COND_ALL),
    U(H, wait_states, 0, AP_WAIT_STATES_DEFAULT - 1),
    U(H, arena_bytes, 0, MOST_MEMORY),
    U(H, window_bytes, 0, MOST_MEMORY),
    U(H, pattern_bytes, 0, MOST_MEMORY),
    ANY(H, image_crc),
    U(H, max_channels, 1, UINT16_MAX),
    U(H, max_payload, 256, UINT16_MAX),
    U(H, max_steps, 1, UINT16_MAX),
    U(H, max_repetitions, 1, UINT16_MAX),
    ANY(H, chip_id),
    ANY(H, model_crc),
    U(H, model_input_bytes, 0, MOST_MEMORY),
    U(H, model_output_bytes, 0, MOST_MEMORY),
    FIELD(H, unique_id, BYTES, 0, 0),
    U(H, core, 4, 7),
    FIELD(H, board, TEXT, 0, 0),
    FIELD(H, compiler, TEXT, 0, 0),
    FIELD(H, compiler_flags, TEXT, 0, 0)
#undef H
};
enum {
    HELLO_CLOCK = 5,
    HELLO_CONDITIONS = 8,
    HELLO_PATTERN = 12,
    HELLO_INPUT = 20,
    HELLO_CORE = 23,
    HELLO_BOARD
};

size_t ap_encode_hello(const ap_hello_t *from, uint8_t *to)
{
    return encode(hello_fields, COUNT(hello_fields), from, to);
}

ap_status_t ap_decode_hello(const uint8_t *from, size_t count, ap_hello_t *to, uint16_t *field)
{
    const ap_status_t status = decode(hello_fields, COUNT(hello_fields), from, count, to, field);
    if (status != AP_OK) return status;
    if (!to->clock_hz != !!(to->flags & AP_FLAG_VIRTUAL)) return bad(field, HELLO_CLOCK);
    if (to->conditions & ~to->conditions_supported) return bad(field, HELLO_CONDITIONS);
    if (to->pattern_bytes > to->window_bytes) return bad(field, HELLO_PATTERN);
    const int model = (to->flags & AP_FLAG_MODEL) != 0;
    for (uint16_t i = 0; i < 2; ++i) /* input and output */
        if ((number_of((const uint8_t *)to + hello_fields[HELLO_INPUT + i].at, 4) != 0) != model)
            return bad(field, (uint16_t)(HELLO_INPUT + i));
    if (to->core != 4 && to->core != 7) return bad(field, HELLO_CORE);
    return to->board[0] ? AP_OK : bad(field, HELLO_BOARD);
}

static const field_t result_fields[] = {U(ap_result_t, repetitions, 1, UINT16_MAX),
                                        ANY(ap_result_t, first),
                                        ANY(ap_result_t, min),
                                        ANY(ap_result_t, median),
                                        ANY(ap_result_t, max),
                                        ANY(ap_result_t, output_crc),
                                        U(ap_result_t, stack_bytes, 0, MOST_MEMORY),
                                        U(ap_result_t, scratch_bytes, 0, MOST_MEMORY)};

size_t ap_encode_result(const ap_result_t *from, uint8_t *to)
{
    return encode(result_fields, COUNT(result_fields), from, to);
}

ap_status_t ap_decode_result(const uint8_t *from, size_t count, ap_result_t *to, uint16_t *field)
{
    const ap_status_t status = decode(result_fields, COUNT(result_fields), from, count, to, field);
    if (status != AP_OK) return status;
    if (to->first < to->min || to->first > to->max) return bad(field, 1);
    return to->median < to->min || to->median > to->max ? bad(field, 3) : AP_OK;
}

static const field_t repetitions_field[] = {U(ap_run_operator_t, repetitions, 1, UINT16_MAX)};

static ap_status_t decode_operator(const uint8_t *from, size_t count, ap_operator_t *to,
                                   uint16_t *field)
{
    const ap_status_t status = decode(operator_fields, AP_OPERATOR_FIELDS, from, count, to, field);
    return status != AP_OK ? status : ap_operator_rules(to, field);
}

size_t ap_encode_run_operator(const ap_run_operator_t *from, uint8_t *to)
{
    const size_t count = encode(operator_fields, AP_OPERATOR_FIELDS, &from->op, to);
    return count + encode(repetitions_field, 1, from, to + count);
}

ap_status_t ap_decode_run_operator(const uint8_t *from, size_t count, ap_run_operator_t *to,
                                   uint16_t *field)
{
    if (count < AP_OPERATOR_BYTES + 2) return AP_BAD_LENGTH;
    ap_status_t status = decode_operator(from, count, &to->op, field);
    if (status != AP_OK) return status;
    status = decode(repetitions_field, 1, from + AP_OPERATOR_BYTES, count - AP_OPERATOR_BYTES, to,
                    field);
    return status == AP_BAD_FIELD ? bad(field, AP_FIELD_REPETITIONS) : status;
}

static const field_t index_field[] = {ANY(ap_network_step_t, index)};

size_t ap_encode_network_step(const ap_network_step_t *from, uint8_t *to)
{
    const size_t count = encode(index_field, 1, from, to);
    return count + encode(operator_fields, AP_OPERATOR_FIELDS, &from->op, to + count);
}

ap_status_t ap_decode_network_step(const uint8_t *from, size_t count, ap_network_step_t *to,
                                   uint16_t *field)
{
    if (count < 2 + AP_OPERATOR_BYTES) return AP_BAD_LENGTH;
    ap_status_t status = decode(index_field, 1, from, count, to, field);
    if (status == AP_OK) status = decode_operator(from + 2, count - 2, &to->op, field);
    return status == AP_BAD_FIELD ? bad(field, (uint16_t)(*field + 1)) : status;
}

static const field_t network_begin_fields[] = {
#define B ap_network_begin_t
    FIELD(B, arena_bytes, PLACE, 4, MOST_MEMORY),
    P(B, input_offset),
    U(B, input_bytes, 1, MOST_MEMORY),
    P(B, output_offset),
    U(B, output_bytes, 1, MOST_MEMORY),
    ANY(B, seed),
    U(B, steps, 1, UINT16_MAX)
#undef B
};

size_t ap_encode_network_begin(const ap_network_begin_t *from, uint8_t *to)
{
    return encode(network_begin_fields, COUNT(network_begin_fields), from, to);
}

ap_status_t ap_decode_network_begin(const uint8_t *from, size_t count, ap_network_begin_t *to,
                                    uint16_t *field)
{
    const ap_status_t status =
        decode(network_begin_fields, COUNT(network_begin_fields), from, count, to, field);
    if (status != AP_OK) return status;
    if ((uint64_t)to->input_offset + to->input_bytes > to->arena_bytes) return bad(field, 2);
    return (uint64_t)to->output_offset + to->output_bytes > to->arena_bytes ? bad(field, 4) : AP_OK;
}

static const field_t write_fields[] = {
    U(ap_write_t, region, AP_REGION_WINDOW, AP_REGION_STEP_CYCLES), ANY(ap_write_t, offset),
    ANY(ap_write_t, count)};
enum { WRITE_BYTES = 9 }; /* in front of the bytes themselves */

size_t ap_encode_write(const ap_write_t *from, uint8_t *to)
{
    if (from->count > AP_MAX_PAYLOAD - WRITE_BYTES) return 0;
    const size_t count = encode(write_fields, COUNT(write_fields), from, to);
    if (from->count) memcpy(to + count, from->bytes, from->count);
    return count + from->count;
}

ap_status_t ap_decode_write(const uint8_t *from, size_t count, ap_write_t *to, uint16_t *field)
{
    const ap_status_t status = decode(write_fields, COUNT(write_fields), from, count, to, field);
    if (status != AP_OK) return status;
    to->bytes = from + WRITE_BYTES;
    return to->count <= count - WRITE_BYTES ? AP_OK : bad(field, 2);
}
