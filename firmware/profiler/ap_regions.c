/* Memory that a host may read, write or have checked.
 *
 * SPDX-License-Identifier: MIT */
#include <string.h>

#include "firmware/profiler/ap_answer.h"

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
        return ap_has_output() ? AP_OK : AP_NOT_READY;
    case AP_REGION_STEP_CYCLES:
        *bytes = (const uint8_t *)ap_step_cycles(count); /* boards and hosts are little endian */
        *count *= 4;
        return *bytes ? AP_OK : AP_NOT_READY;
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

ap_answer_t ap_read_region(const uint8_t *payload, size_t count, int crc)
{
    ap_range_t range;
    uint16_t field;
    const uint8_t *bytes;
    uint32_t limit;
    ap_status_t status = ap_decode_range(payload, count, &range, &field);
    if (status != AP_OK) return ap_refusal(status, field);
    status = region_of(range.region, &bytes, &limit);
    if (status != AP_OK) return ap_refusal(status, 0);
    if (!crc && range.count > AP_MAX_PAYLOAD) return ap_refusal(AP_DOES_NOT_FIT, 2);
    if (range.offset > limit) return ap_refusal(AP_DOES_NOT_FIT, 1);
    if (range.count > limit - range.offset) return ap_refusal(AP_DOES_NOT_FIT, 2);
    ap_timing_t fault;
    access_t a = {bytes + range.offset, range.count, 0, crc ? NULL : ap_reply_payload()};
    if (port_guard(access_bytes, &a, &fault.fault)) return ap_failure(AP_FAULT, &fault);
    if (!crc) return (ap_answer_t){AP_OK, range.count};
    for (int i = 0; i < 4; ++i)
        ap_reply_payload()[i] = (uint8_t)(a.crc >> 8 * i);
    return (ap_answer_t){AP_OK, 4};
}

ap_answer_t ap_write_region(const uint8_t *payload, size_t count)
{
    ap_write_t w;
    uint16_t field;
    const ap_status_t status = ap_decode_write(payload, count, &w, &field);
    if (status != AP_OK) return ap_refusal(status, field);
    if (w.region != AP_REGION_MODEL_INPUT) return ap_refusal(AP_BAD_FIELD, 0);
    if (!port_model.run) return ap_answer(AP_NO_MODEL);
    if (w.offset > port_model.input_bytes) return ap_refusal(AP_DOES_NOT_FIT, 1);
    if (w.count > port_model.input_bytes - w.offset) return ap_refusal(AP_DOES_NOT_FIT, 2);
    memcpy(port_model.input() + w.offset, w.bytes, w.count);
    return ap_answer(AP_OK);
}
