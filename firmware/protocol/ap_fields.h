/* Indices of the fields that a reply of AP_BAD_FIELD or AP_DOES_NOT_FIT names. README.md has those
 * of all messages: they count from 0 in the order of the bytes.
 *
 * SPDX-License-Identifier: MIT */
#ifndef AP_FIELDS_H
#define AP_FIELDS_H

#ifdef __cplusplus
extern "C" {
#endif

/** Of ap_operator_t. AP_MSG_RUN_OPERATOR puts the repetitions behind them, AP_MSG_NETWORK_STEP the
 * index in front. */
typedef enum {
    AP_FIELD_KIND,
    AP_FIELD_ACT,
    AP_FIELD_KERNEL,
    AP_FIELD_STRIDE,
    AP_FIELD_PACKING,
    AP_FIELD_PACKING2,
    AP_FIELD_SHIFT,
    AP_FIELD_SHIFT2,
    AP_FIELD_IN_ZERO_POINT,
    AP_FIELD_IN2_ZERO_POINT,
    AP_FIELD_OUT_ZERO_POINT,
    AP_FIELD_MID_ZERO_POINT,
    AP_FIELD_IN_H,
    AP_FIELD_IN_W,
    AP_FIELD_IN_C,
    AP_FIELD_OUT_C,
    AP_FIELD_MID_C,
    AP_FIELD_WEIGHT_PLACE,
    AP_FIELD_IN_OFFSET,
    AP_FIELD_IN2_OFFSET,
    AP_FIELD_OUT_OFFSET,
    AP_FIELD_SCRATCH_OFFSET,
    AP_FIELD_SCRATCH_BYTES,
    AP_FIELD_WEIGHTS_OFFSET,
    AP_FIELD_WEIGHTS2_OFFSET,
    AP_FIELD_WEIGHTS_RAM,
    AP_FIELD_SEED,
    AP_OPERATOR_FIELDS,
    AP_FIELD_REPETITIONS = AP_OPERATOR_FIELDS
} ap_operator_field_t;

enum { AP_OPERATOR_BYTES = 60 }; /**< of an ap_operator_t in a message */

#ifdef __cplusplus
}
#endif
#endif
