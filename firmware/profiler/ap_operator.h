/* From a described operator to the call of its kernel: what boards measure and hosts check with.
 *
 * Both compute the same bytes from the same description: inputs by ap_fill(), biases, multipliers
 * and tables from ap_pattern.h, weights from the window. For each kind:
 * - conv, depthwise, pointwise, fully connected, pair: bias = ap_biases, multiplier =
 * ap_multipliers, from entry 0 on; act 3 and 4 use a table (of a pair: its first half). Both halves
 * of a pair begin at entry 0.
 * - add: multipliers ap_multipliers[0] >> 5 and [1] >> 5; mean and scale: ap_multipliers[0].
 * The second input is filled from seed ^ 0x80000000, behind the first.
 *
 * SPDX-License-Identifier: MIT */
#ifndef AP_OPERATOR_H
#define AP_OPERATOR_H

#include "firmware/kernels/ak_add.h"
#include "firmware/kernels/ak_conv2d.h"
#include "firmware/kernels/ak_depthwise.h"
#include "firmware/kernels/ak_fully_connected.h"
#include "firmware/kernels/ak_mean.h"
#include "firmware/kernels/ak_mul.h"
#include "firmware/kernels/ak_pointwise.h"
#include "firmware/kernels/ak_pointwise_pair.h"
#include "firmware/protocol/ap_fields.h"
#include "firmware/protocol/ap_protocol.h"

#ifdef __cplusplus
extern "C" {
#endif

/** Bytes that an operator touches. Never wraps: shapes are 16 bits wide, and every size fits 64. */
typedef struct {
    uint64_t in, in2, out;      /**< of the arena; in2 0 when there is one input */
    uint64_t scratch;           /**< that the kernel asks for */
    uint64_t weights, weights2; /**< of the window, packed */
    uint16_t out_h, out_w;
} ap_operator_sizes_t;
void ap_operator_sizes(const ap_operator_t *op, ap_operator_sizes_t *sizes);

/** May it run? `op` comes from a decoder, or passed ap_operator_rules(). Then
 *  AP_DOES_NOT_FIT, *detail the field: beyond the arena, the window or AP_MAX_CHANNELS outputs;
 *  AP_BAD_FIELD: scratch_bytes is not what the kernel asks for, or tensors, scratch and weights in
 * RAM lie on each other in a way that the kernel does not allow. Kernels have limits of their own
 * too: what running returns. */
ap_status_t ap_operator_check(const ap_operator_t *op, uint32_t arena_bytes, uint32_t window_bytes,
                              uint16_t *detail);

/** A call, made ready: nothing but the kernel is left to be timed. About 100 bytes. */
typedef struct ap_call ap_call_t;
typedef int (*ap_kernel_t)(const ap_call_t *call); /**< an ak_status_t */
struct ap_call {
    ap_kernel_t kernel;
    const int8_t *in, *in2;
    int8_t *out;
    void *scratch;
    union {
        ak_conv2d_t conv;
        ak_depthwise_t depthwise;
        ak_pointwise_t pointwise;
        ak_pointwise_pair_t pair;
        ak_add_t add;
        ak_mul_t scale;
        ak_mean_t mean;
        ak_fully_connected_t fully_connected;
    } p;
};

/** Writes seeded inputs (not for steps of a network). The operator passed ap_operator_check(), here
 * and below. */
void ap_operator_fill(const ap_operator_t *op, uint8_t *arena);
/** Copies the weights to RAM when the operator wants them there. */
void ap_operator_load(const ap_operator_t *op, uint8_t *arena, const uint8_t *window);
void ap_operator_prepare(const ap_operator_t *op, uint8_t *arena, const uint8_t *window,
                         ap_call_t *call);

/** All of it on what lies in the arena: load, prepare, call. An ak_status_t. */
int ap_operator_run(const ap_operator_t *op, uint8_t *arena, const uint8_t *window);
/** CRC-32 of the output. */
uint32_t ap_operator_crc(const ap_operator_t *op, const uint8_t *arena);

#ifdef __cplusplus
}
#endif
#endif
