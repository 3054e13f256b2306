/* SPDX-License-Identifier: MIT */
#include "firmware/port/cortex_m/guard.h"

#include "firmware/port/cortex_m/fault_frame.h"

extern uint32_t __stack_limit, __stack_top;

/* Of the guard that waits: its stack pointer, behind its saved registers; 0 when there is none. */
__attribute__((used)) static volatile uint32_t guard_sp;

/* Saves what a call may not change, and calls. A fault comes back to guard_resume with r0 = 1 and
 * that stack pointer. */
__attribute__((naked, noinline)) static int
guarded_call(__attribute__((unused)) void (*work)(void *), __attribute__((unused)) void *argument)
{
    __asm volatile("push {r4-r11, lr}\n"
                   "sub sp, #4\n" /* 40 bytes: the stack stays 8-byte aligned */
                   "vpush {s16-s31}\n"
                   "ldr r2, =guard_sp\n"
                   "mov r3, sp\n"
                   "str r3, [r2]\n"
                   "mov r2, r0\n"
                   "mov r0, r1\n"
                   "blx r2\n"
                   "dsb\n" /* a write that faults late faults here, not behind the guard */
                   "movs r0, #0\n"
                   ".global guard_resume\n"
                   ".thumb_func\n"
                   "guard_resume:\n"
                   "ldr r2, =guard_sp\n"
                   "movs r3, #0\n"
                   "str r3, [r2]\n"
                   "vpop {s16-s31}\n"
                   "add sp, #4\n"
                   "pop {r4-r11, pc}\n"
                   ".ltorg\n");
}
void guard_resume(void);

static ap_fault_t last_fault;

int port_guard(void (*work)(void *), void *argument, ap_fault_t *fault)
{
    if (!guarded_call(work, argument)) return 0;
    *fault = last_fault;
    return 1;
}

#define SCB(offset) (*(volatile uint32_t *)(0xE000ED00u + (offset)))
#define FPCCR (*(volatile uint32_t *)0xE000EF34u)

/* Notes where it was and returns a frame, below the guard's registers, that goes on there. */
__attribute__((used)) static uint32_t *fault_taken(const uint32_t *frame, uint32_t exc_return)
{
    enum { THREAD = 8 };
    const fault_state_t state = {.cfsr = SCB(0x28),
                                 .hfsr = SCB(0x2C),
                                 .mmfar = SCB(0x34),
                                 .bfar = SCB(0x38),
                                 .stack_limit = (uint32_t)&__stack_limit,
                                 .stack_top = (uint32_t)&__stack_top};
    last_fault = fault_describe(frame, (uint32_t)frame, exc_return, &state);
    if (!guard_sp || !(exc_return & THREAD)) port_unguarded_fault(&last_fault);
    SCB(0x28) = state.cfsr; /* ones clear */
    SCB(0x2C) = state.hfsr;
    FPCCR &= ~1u; /* floating point registers of the fault are not to be saved any more */
    uint32_t *const resume = (uint32_t *)fault_resume_at(guard_sp);
    fault_resume_frame(resume, (uint32_t)guard_resume);
    return resume;
}

__attribute__((naked)) void Fault_Handler(void)
{
    __asm volatile(
        "mov r1, lr\n"
        "tst lr, #4\n ite eq\n mrseq r0, msp\n mrsne r0, psp\n"
        "bl fault_taken\n"
        "msr psp, r0\n"
        "ldr lr, =0xFFFFFFFD\n" /* to thread mode, process stack, no floating point frame */
        "bx lr\n"
        ".ltorg\n");
}
