/* How deep the stack goes: paint what is free, run, look how far the paint is gone.
 *
 * SPDX-License-Identifier: MIT */
#include "firmware/port/port.h"

#define PAINT 0x57ACC0DEu
enum { GUARD_WORDS = 8 };

extern uint32_t __stack_limit;
static uint32_t painted_from;

__attribute__((noinline)) void port_stack_paint(void)
{
    uint32_t here;
    __asm volatile("mov %0, sp" : "=r"(here));
    for (volatile uint32_t *p = &__stack_limit; (uint32_t)p < here; ++p)
        *p = PAINT;
    painted_from = here;
}

uint32_t port_stack_high_water(void)
{
    const volatile uint32_t *p = &__stack_limit;
    while ((uint32_t)p < painted_from && *p == PAINT)
        ++p;
    return painted_from - (uint32_t)p;
}

int port_stack_intact(void)
{
    const volatile uint32_t *p = &__stack_limit;
    for (int i = 0; i < GUARD_WORDS; ++i)
        if (p[i] != PAINT) return 0;
    return 1;
}
