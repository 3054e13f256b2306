/* Start-up of the profiling firmware: vector table, memory, main().
 *
 * SPDX-License-Identifier: MIT */
#include <stdint.h>

#include "firmware/port/stm32/boot.h"
#include "firmware/port/stm32/cortex.h"
#include "firmware/port/stm32/fault.h"
#include "firmware/port/stm32/reg.h"

extern uint32_t __stack_top, __data_source, __data_start, __data_end, __bss_start, __bss_end;
extern const char __image_crc; /* its address is the CRC */

int main(void);
void Reset_Handler(void);
void Unexpected_Handler(void);
extern void (*const vectors[16])(void);

void Reset_Handler(void)
{
    boot_early();
    reg_write(SCB_VTOR, (uint32_t)vectors);
    reg_change(SCB_CPACR, 0, 0xFu << 20); /* FPU on */
    cortex_barrier();
    const uint32_t *source = &__data_source;
    for (uint32_t *p = &__data_start; p < &__data_end; ++p)
        *p = *source++;
    for (uint32_t *p = &__bss_start; p < &__bss_end; ++p)
        *p = 0;
    main();
    boot_reset(0);
}

/* No interrupt is ever enabled: everything is polled. */
void Unexpected_Handler(void)
{
    boot_reset(0);
}

/* The core's 16 vectors. One that it does not use holds the image's CRC (image.c). */
__attribute__((section(".vectors"), used)) void (*const vectors[16])(void) = {
    (void (*)(void)) & __stack_top,
    Reset_Handler,
    Unexpected_Handler, /* NMI: clock security, not used */
    fault_handler,      /* hard fault */
    fault_handler,      /* memory fault */
    fault_handler,      /* bus fault */
    fault_handler,      /* usage fault */
    (void (*)(void)) & __image_crc,
    0,
    0,
    0,
    Unexpected_Handler, /* SVCall */
    Unexpected_Handler, /* debug monitor */
    0,
    Unexpected_Handler, /* PendSV */
    Unexpected_Handler  /* SysTick */
};
