/* Exception frames: what happened, and the frame from which the program goes on. Apart from the
 * handler (guard.c), so that a host can test it.
 *
 * SPDX-License-Identifier: MIT */
#ifndef CORTEX_M_FAULT_FRAME_H
#define CORTEX_M_FAULT_FRAME_H

#include <stdint.h>

#include "firmware/protocol/ap_protocol.h"

#ifdef __cplusplus
extern "C" {
#endif

/** Words of the frame that a core pushes: r0-r3, r12, lr, pc, xpsr; with FPU registers 18 more
 * follow. */
enum { FAULT_FRAME_WORDS = 8, FAULT_FRAME_WORDS_FPU = 26 };

typedef struct {
    uint32_t cfsr, hfsr, mmfar, bfar;
    uint32_t stack_limit, stack_top;
} fault_state_t;

/** frame_at: the stack pointer when the handler began; frame: that memory, read only when it lies
 * within the stack and the core could write it. exc_return: lr when the handler began. pc and lr
 * are 0 when the frame was lost. */
ap_fault_t fault_describe(const uint32_t *frame, uint32_t frame_at, uint32_t exc_return,
                          const fault_state_t *state);

/** Where the frame goes that a return from the handler takes: below `sp`, aligned to 8. */
uint32_t fault_resume_at(uint32_t sp);
/** Fills it so that the program goes on at `pc` with r0 = 1, and no FPU registers are taken back.
 */
void fault_resume_frame(uint32_t *frame, uint32_t pc);

#ifdef __cplusplus
}
#endif
#endif
