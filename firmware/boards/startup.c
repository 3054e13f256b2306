/* Start-up for any Cortex-M4 or M7 with an FPU: the 16 vectors of the core, FPU, data, bss, main. It sets no clock: the
 * chip runs from its internal oscillator until the application says otherwise.
 *
 * SPDX-License-Identifier: MIT */
#include <stdint.h>

extern uint32_t __stack_top, __data_source, __data_start, __data_end, __bss_start, __bss_end;

int main(void);
void Reset_Handler(void);
void Unexpected_Handler(void);

void Reset_Handler(void)
{
    *(volatile uint32_t *)0xE000ED88u |= 0xFu << 20; /* CPACR: FPU on */
    __asm volatile("dsb\n isb");
    const uint32_t *source = &__data_source;
    for (uint32_t *p = &__data_start; p < &__data_end; ++p) *p = *source++;
    for (uint32_t *p = &__bss_start; p < &__bss_end; ++p) *p = 0;
    main();
    for (;;) {
    }
}

/** Faults and interrupts that nobody asked for; an application has its own. */
__attribute__((weak)) void Unexpected_Handler(void)
{
    for (;;) {
    }
}

__attribute__((section(".vectors"), used)) static void (*const vectors[16])(void) = {
    (void (*)(void))&__stack_top,
    Reset_Handler,
    Unexpected_Handler, /* NMI */
    Unexpected_Handler, /* hard fault */
    Unexpected_Handler, /* memory fault */
    Unexpected_Handler, /* bus fault */
    Unexpected_Handler, /* usage fault */
    0,
    0,
    0,
    0,
    Unexpected_Handler, /* SVCall */
    Unexpected_Handler, /* debug monitor */
    0,
    Unexpected_Handler, /* PendSV */
    Unexpected_Handler  /* SysTick */
};
