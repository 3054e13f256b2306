/* port_guard() for Cortex-M4 and M7, and the handler behind it. The start-up code puts
 * Fault_Handler into the vectors of the hard, memory, bus and usage faults and lets thread mode run
 * on the process stack (use_process_stack()): the handler then has a stack of its own, even when it
 * was the stack that ran over.
 *
 * SPDX-License-Identifier: MIT */
#ifndef CORTEX_M_GUARD_H
#define CORTEX_M_GUARD_H

#include "firmware/port/port.h"

void Fault_Handler(void);

/** A fault that no guard waits for. The port's: says so if it can, and resets. */
_Noreturn void port_unguarded_fault(const ap_fault_t *fault);

/** From the reset handler: thread mode goes on with the same stack as process stack; handlers begin
 * at handler_top. */
static inline __attribute__((always_inline)) void use_process_stack(const void *handler_top)
{
    __asm volatile("mov r0, sp\n msr psp, r0\n"
                   "msr msp, %0\n"
                   "movs r0, #2\n msr control, r0\n isb"
                   :
                   : "r"(handler_top)
                   : "r0", "memory");
}

#endif
