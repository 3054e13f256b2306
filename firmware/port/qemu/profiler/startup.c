/* Start-up code of the profiler on QEMU's MPS2 boards.
 *
 * SPDX-License-Identifier: MIT */
#include "firmware/port/cortex_m/guard.h"
#include "firmware/port/qemu/semihost.h"
#include "firmware/profiler/ap_profiler.h"

extern uint32_t __stack_top, __handler_stack_top, __data_source, __data_start, __data_end,
    __bss_start, __bss_end;

__attribute__((noinline, used)) static _Noreturn void start(void)
{
    const uint32_t *source = &__data_source;
    for (uint32_t *p = &__data_start; p < &__data_end; ++p)
        *p = *source++;
    for (uint32_t *p = &__bss_start; p < &__bss_end; ++p)
        *p = 0;
    ap_profiler_run();
    semihost_exit(0); /* end of the input */
}

/* What lies in front of RAM takes any access in this emulator. Here it faults, so that a stack that
 * runs over does. */
static void guard_below_ram(void)
{
    volatile uint32_t *const mpu = (volatile uint32_t *)0xE000ED94u; /* CTRL, RNR, RBAR, RASR */
    mpu[1] = 0;
    mpu[2] = 0x18000000u;
    mpu[3] = 26u << 1 | 1u; /* 128 MiB, no access */
    mpu[0] = 4u | 1u;       /* on; elsewhere as ever */
}

_Noreturn void Reset_Handler(void)
{
    *(volatile uint32_t *)0xE000ED88u |= 0xFu << 20; /* CPACR: FPU on */
    guard_below_ram();
    __asm volatile("dsb\n isb");
    use_process_stack(&__handler_stack_top);
    start();
}

_Noreturn void port_unguarded_fault(const ap_fault_t *fault)
{
    (void)fault;
    semihost_exit(SEMIHOST_EXIT_FAULT);
}

static void unexpected(void)
{
    semihost_exit(SEMIHOST_EXIT_UNEXPECTED);
}

__attribute__((section(".vectors"), used)) static void (*const vectors[16])(void) = {
    (void (*)(void)) & __stack_top,
    (void (*)(void))Reset_Handler,
    unexpected,    /* NMI */
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
