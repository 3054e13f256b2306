/* SPDX-License-Identifier: MIT */
#include "firmware/protocol/ap_operator_rules.h"

#define BIT(name) (1u << AP_FIELD_##name)
#define ALWAYS                                                                                     \
    (BIT(KIND) | BIT(SHIFT) | BIT(OUT_ZERO_POINT) | BIT(IN_H) | BIT(IN_W) | BIT(IN_C) |            \
     BIT(OUT_C) | BIT(IN_OFFSET) | BIT(OUT_OFFSET) | BIT(SEED))
#define WEIGHTS                                                                                    \
    (BIT(ACT) | BIT(PACKING) | BIT(WEIGHT_PLACE) | BIT(SCRATCH_OFFSET) | BIT(SCRATCH_BYTES) |      \
     BIT(WEIGHTS_OFFSET) | BIT(WEIGHTS_RAM))
#define WINDOWS (WEIGHTS | BIT(KERNEL) | BIT(STRIDE) | BIT(IN_ZERO_POINT))
#define TWO_INPUTS (BIT(IN_ZERO_POINT) | BIT(IN2_ZERO_POINT) | BIT(IN2_OFFSET))

static uint32_t used_fields(uint8_t kind)
{
    switch (kind) {
    case AP_OP_CONV:
    case AP_OP_DEPTHWISE:
        return ALWAYS | WINDOWS;
    case AP_OP_POINTWISE:
    case AP_OP_FULLY_CONNECTED:
        return ALWAYS | WEIGHTS;
    case AP_OP_POINTWISE_PAIR:
        return ALWAYS | WEIGHTS | BIT(PACKING2) | BIT(SHIFT2) | BIT(MID_ZERO_POINT) | BIT(MID_C) |
               BIT(WEIGHTS2_OFFSET);
    case AP_OP_ADD:
    case AP_OP_SCALE:
        return ALWAYS | TWO_INPUTS;
    case AP_OP_MEAN:
        return ALWAYS | BIT(IN_ZERO_POINT);
    default:
        return 0;
    }
}

int ap_operator_uses(uint8_t kind, ap_operator_field_t field)
{
    return (int)(used_fields(kind) >> field & 1u);
}

static uint32_t unused_bits(const ap_operator_t *op)
{
    const uint32_t values[AP_OPERATOR_FIELDS] = {op->kind,
                                                 op->act,
                                                 op->kernel,
                                                 op->stride,
                                                 op->packing,
                                                 op->packing2,
                                                 op->shift,
                                                 op->shift2,
                                                 (uint8_t)op->in_zero_point,
                                                 (uint8_t)op->in2_zero_point,
                                                 (uint8_t)op->out_zero_point,
                                                 (uint8_t)op->mid_zero_point,
                                                 op->in_h,
                                                 op->in_w,
                                                 op->in_c,
                                                 op->out_c,
                                                 op->mid_c,
                                                 op->weight_place,
                                                 op->in_offset,
                                                 op->in2_offset,
                                                 op->out_offset,
                                                 op->scratch_offset,
                                                 op->scratch_bytes,
                                                 op->weights_offset,
                                                 op->weights2_offset,
                                                 op->weights_ram,
                                                 op->seed};
    uint32_t bits = 0, used = used_fields(op->kind);
    if (!op->weight_place) used &= ~BIT(WEIGHTS_RAM);
    for (uint32_t i = 0; i < AP_OPERATOR_FIELDS; ++i)
        if (values[i] && !(used >> i & 1u)) bits |= 1u << i;
    return bits;
}

static int is_dense(uint8_t packing)
{
    return packing == 1 || packing == 2;
}

/* Fields that the kind uses and that cannot be; 0 stands for none of them. */
static uint32_t wrong_bits(const ap_operator_t *op)
{
    const uint32_t used = used_fields(op->kind);
    uint32_t bits = 0;
    if (!used) bits |= BIT(KIND);
    if (!op->in_h) bits |= BIT(IN_H);
    if (!op->in_w) bits |= BIT(IN_W);
    if (!op->in_c) bits |= BIT(IN_C);
    if (!op->out_c) bits |= BIT(OUT_C);
    if ((used & BIT(KERNEL)) && op->kernel % 2 == 0) bits |= BIT(KERNEL);
    if ((used & BIT(STRIDE)) && !op->stride) bits |= BIT(STRIDE);
    if ((used & BIT(PACKING)) &&
        !(op->kind == AP_OP_DEPTHWISE ? op->packing == 3 : is_dense(op->packing)))
        bits |= BIT(PACKING);
    if ((used & BIT(PACKING2)) && !is_dense(op->packing2)) bits |= BIT(PACKING2);
    if ((used & BIT(MID_C)) && !op->mid_c) bits |= BIT(MID_C);
    switch (op->kind) {
    case AP_OP_ADD:
        if (op->shift > 22)
            bits |= BIT(SHIFT); /* the zero point must fit 32 bits when it is shifted */
        /* fallthrough */
    case AP_OP_DEPTHWISE:
    case AP_OP_SCALE:
    case AP_OP_MEAN:
        if (op->out_c != op->in_c) bits |= BIT(OUT_C);
        break;
    case AP_OP_FULLY_CONNECTED:
        if (op->in_h != 1) bits |= BIT(IN_H);
        if (op->in_w != 1) bits |= BIT(IN_W);
        break;
    default:
        break;
    }
    return bits;
}

ap_status_t ap_operator_rules(const ap_operator_t *op, uint16_t *field)
{
    const uint32_t wrong = wrong_bits(op);
    const uint32_t bits = wrong & BIT(KIND) ? wrong : wrong | unused_bits(op);
    if (!bits) return AP_OK;
    *field = 0;
    while (!(bits >> *field & 1u))
        ++*field;
    return AP_BAD_FIELD;
}
