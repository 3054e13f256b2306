/* Start-up code for QEMU's mps2-an386 (Cortex-M4) and mps2-an500 (Cortex-M7).
 *
 * SPDX-License-Identifier: MIT */
#include "semihost.h"
#include "stack.h"

extern uint32_t __stack_top, __data_source, __data_start, __data_end, __bss_start, __bss_end;

int main(void);

_Noreturn void Reset_Handler(void)
{
    *(volatile uint32_t *)0xE000ED88u |= 0xFu << 20; /* CPACR: FPU on */
    __asm volatile("dsb\n isb");
    const uint32_t *source = &__data_source;
    for (uint32_t *p = &__data_start; p < &__data_end; ++p)
        *p = *source++;
    for (uint32_t *p = &__bss_start; p < &__bss_end; ++p)
        *p = 0;
    stack_paint();
    semihost_exit(main());
}

/* frame: r0-r3, r12, lr, pc, xpsr as the core pushed them */
_Noreturn __attribute__((used)) void fault(const uint32_t *frame)
{
    semihost_puts("fault at ");
    semihost_put_hex(frame[6]);
    semihost_puts(", CFSR ");
    semihost_put_hex(*(volatile uint32_t *)0xE000ED28u);
    semihost_puts("\n");
    semihost_exit(SEMIHOST_EXIT_FAULT);
}

__attribute__((naked)) void Fault_Handler(void)
{
    __asm volatile("tst lr, #4\n ite eq\n mrseq r0, msp\n mrsne r0, psp\n b fault");
}

static void unexpected(void)
{
    semihost_exit(SEMIHOST_EXIT_UNEXPECTED);
}

__attribute__((section(".vectors"), used)) void (*const vectors[16])(void) = {
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
