/* SPDX-License-Identifier: MIT */
#include "firmware/profiler/ap_answer.h"

ap_answer_t ap_answer(ap_status_t status)
{
    return (ap_answer_t){status, 0};
}

ap_answer_t ap_answer_detail(ap_status_t status, uint16_t detail)
{
    uint8_t *const to = ap_reply_payload();
    to[0] = (uint8_t)detail;
    to[1] = (uint8_t)(detail >> 8);
    return (ap_answer_t){status, 2};
}

ap_answer_t ap_refusal(ap_status_t status, uint16_t field)
{
    return status == AP_BAD_FIELD || status == AP_DOES_NOT_FIT ? ap_answer_detail(status, field)
                                                               : ap_answer(status);
}

ap_answer_t ap_failure(ap_status_t status, const ap_timing_t *timing)
{
    if (status == AP_FAULT)
        return (ap_answer_t){status, ap_encode_fault(&timing->fault, ap_reply_payload())};
    if (status == AP_KERNEL_REFUSED) return ap_answer_detail(status, timing->detail);
    return ap_refusal(status, 0);
}
