/* Start-up of the profiling firmware: vector table, stacks, memory.
 *
 * SPDX-License-Identifier: MIT */
#include <stdint.h>

#include "firmware/port/cortex_m/guard.h"
#include "firmware/port/stm32/boot.h"
#include "firmware/port/stm32/cortex.h"
#include "firmware/port/stm32/reg.h"
#include "firmware/profiler/ap_profiler.h"

extern uint32_t __stack_top, __handler_stack_top, __data_source, __data_start, __data_end,
    __bss_start, __bss_end, __model_arena_start, __model_arena_end;

_Noreturn void Reset_Handler(void);
extern void (*const vectors[16])(void);

static void clear(uint32_t *from, const uint32_t *to)
{
    while (from < to)
        *from++ = 0;
}

/* On the process stack, apart from the reset handler, whose frame lies on the other. */
__attribute__((noinline, used)) static _Noreturn void start(void)
{
    const uint32_t *source = &__data_source;
    for (uint32_t *p = &__data_start; p < &__data_end; ++p)
        *p = *source++;
    clear(&__bss_start, &__bss_end);
    clear(&__model_arena_start, &__model_arena_end);
    ap_profiler_run();
    boot_reset(0);
}

_Noreturn void Reset_Handler(void)
{
    boot_early();
    reg_write(SCB_VTOR, (uint32_t)vectors);
    reg_change(SCB_CPACR, 0, 0xFu << 20); /* FPU on */
    cortex_barrier();
    use_process_stack(&__handler_stack_top);
    start();
}

/* Nobody waits for it: start again, which the next hello says. */
_Noreturn void port_unguarded_fault(const ap_fault_t *fault)
{
    (void)fault;
    boot_reset(0);
}

/* No interrupt is ever enabled: everything is polled. */
static void unexpected(void)
{
    boot_reset(0);
}

__attribute__((section(".vectors"), used)) void (*const vectors[16])(void) = {
    (void (*)(void)) & __stack_top,
    Reset_Handler,
    unexpected,    /* NMI: clock security, not used */
    Fault_Handler, /* hard, memory, bus and usage fault */
    Fault_Handler,
    Fault_Handler,
    Fault_Handler,
    0,
    0,
    0,
    0,
    unexpected, /* SVCall */
    unexpected, /* debug monitor */
    0,
    unexpected, /* PendSV */
    unexpected  /* SysTick */
};
