/* port_guard() and the handler of all faults. What a guarded call leaves behind is thrown away: the
 * handler returns to the end of port_guard() through a frame of its own, so that it does not matter
 * how much of the stack is still good.
 *
 * SPDX-License-Identifier: MIT */
#include "firmware/port/stm32/fault.h"

#include "firmware/port/port.h"
#include "firmware/port/stm32/cortex.h"
#include "firmware/port/stm32/reg.h"

extern uint32_t __stack_limit, __stack_top;

/* Of the guarded call: its stack pointer, 0 when there is none. The words there are s16-s31, then
 * the pointer to what shall describe a fault. */
__attribute__((used)) uint32_t guard_sp;
/* The handler's own stack: the program's may be what went wrong. */
__attribute__((used, aligned(8))) uint32_t fault_stack[96];
void guard_leave(void);

__attribute__((naked)) int port_guard(void (*work)(void *), void *argument, ap_fault_t *fault)
{
    (void)work;
    (void)argument;
    (void)fault;
    __asm volatile("push {r2, r4-r11, lr}\n"
                   "vpush {s16-s31}\n"
                   "movw r4, #:lower16:guard_sp\n"
                   "movt r4, #:upper16:guard_sp\n"
                   "str sp, [r4]\n"
                   "mov r2, r0\n"
                   "mov r0, r1\n"
                   "blx r2\n"
                   "dsb\n" /* writes that fault late fault here, not behind the guard */
                   "movs r0, #0\n"
                   ".global guard_leave\n"
                   ".thumb_func\n"
                   "guard_leave:\n" /* r0: what to return */
                   "movw r4, #:lower16:guard_sp\n"
                   "movt r4, #:upper16:guard_sp\n"
                   "ldr sp, [r4]\n"
                   "movs r1, #0\n"
                   "str r1, [r4]\n"
                   "vpop {s16-s31}\n"
                   "pop {r2, r4-r11, pc}\n");
}

/* Returns the frame to go on from. */
__attribute__((used)) uint32_t *fault_capture(const uint32_t *frame, uint32_t exc_return)
{
    const fault_state_t state = {reg_read(SCB_CFSR),       reg_read(SCB_HFSR),
                                 reg_read(SCB_MMFAR),      reg_read(SCB_BFAR),
                                 (uint32_t)&__stack_limit, (uint32_t)&__stack_top};
    if (!guard_sp) { /* nobody waits for it: start again, which the next hello says */
        reg_write(SCB_AIRCR, SCB_AIRCR_RESET);
        for (;;) {
        }
    }
    ap_fault_t *report = *(ap_fault_t **)(guard_sp + 64u);
    *report = fault_describe(frame, (uint32_t)frame, exc_return, &state);
    reg_write(SCB_CFSR, state.cfsr);
    reg_write(SCB_HFSR, state.hfsr);
    /* FPU registers that the core meant to push later belong to the call that is thrown away. */
    reg_change(SCB_FPCCR, SCB_FPCCR_LSPACT, 0);
    uint32_t *resume = (uint32_t *)fault_resume_at(guard_sp);
    fault_resume_frame(resume, (uint32_t)guard_leave);
    return resume;
}

__attribute__((naked)) void fault_handler(void)
{
    __asm volatile("mrs r0, msp\n"
                   "mov r1, lr\n"
                   "movw r2, #:lower16:fault_stack\n"
                   "movt r2, #:upper16:fault_stack\n"
                   "add r2, r2, #384\n"
                   "msr msp, r2\n"
                   "bl fault_capture\n"
                   "msr msp, r0\n"
                   "mvn lr, #6\n" /* FAULT_EXC_RETURN */
                   "bx lr\n");
}
