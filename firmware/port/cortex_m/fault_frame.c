/* SPDX-License-Identifier: MIT */
#include "firmware/port/cortex_m/fault_frame.h"

#define CFSR_NOT_PUSHED (1u << 4 | 1u << 12) /* MSTKERR, STKERR */
#define XPSR_ALIGNED (1u << 9)               /* four bytes were skipped before the frame */
#define XPSR_THUMB (1u << 24)

ap_fault_t fault_describe(const uint32_t *frame, uint32_t frame_at, uint32_t exc_return,
                          const fault_state_t *state)
{
    const uint32_t words = exc_return & 0x10u ? FAULT_FRAME_WORDS : FAULT_FRAME_WORDS_FPU;
    const int inside = frame_at >= state->stack_limit && frame_at <= state->stack_top &&
                       state->stack_top - frame_at >= 4u * words && frame_at % 4u == 0;
    const int lost = !inside || (state->cfsr & CFSR_NOT_PUSHED) != 0;
    ap_fault_t fault = {0, 0, frame_at, state->cfsr, state->hfsr, state->mmfar, state->bfar};
    if (lost) return fault;
    fault.lr = frame[5];
    fault.pc = frame[6];
    fault.sp = frame_at + 4u * words + (frame[7] & XPSR_ALIGNED ? 4u : 0u);
    return fault;
}

uint32_t fault_resume_at(uint32_t sp)
{
    return (sp - 4u * FAULT_FRAME_WORDS) & ~7u;
}

void fault_resume_frame(uint32_t *frame, uint32_t pc)
{
    for (int i = 0; i < FAULT_FRAME_WORDS; ++i)
        frame[i] = 0;
    frame[0] = 1;
    frame[6] = pc & ~1u;
    frame[7] = XPSR_THUMB;
}
