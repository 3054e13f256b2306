/* Which fields an operator uses: what a decoder checks beyond their ranges.
 *
 * SPDX-License-Identifier: MIT */
#ifndef AP_OPERATOR_RULES_H
#define AP_OPERATOR_RULES_H

#include "firmware/protocol/ap_fields.h"
#include "firmware/protocol/ap_protocol.h"

#ifdef __cplusplus
extern "C" {
#endif

/** AP_OK, or AP_BAD_FIELD with the first field that is not 0 although its kind does not use it, or
 * that cannot be. */
ap_status_t ap_operator_rules(const ap_operator_t *op, uint16_t *field);
/** Does this kind use the field? (weights_ram: with weight_place 1 alone.) */
int ap_operator_uses(uint8_t kind, ap_operator_field_t field);

#ifdef __cplusplus
}
#endif
#endif
