/* SPDX-License-Identifier: MIT */
#include "stack.h"

#define PAINT 0x57ACC0DEu

extern uint32_t __stack_limit, __stack_top;

__attribute__((noinline)) uint32_t stack_paint(void)
{
    uint32_t here;
    __asm volatile("mov %0, sp" : "=r"(here));
    for (volatile uint32_t *p = &__stack_limit; (uint32_t)p < here; ++p)
        *p = PAINT;
    return (uint32_t)&__stack_top - here;
}

uint32_t stack_high_water(void)
{
    const volatile uint32_t *p = &__stack_limit;
    while (p < &__stack_top && *p == PAINT)
        ++p;
    return (uint32_t)&__stack_top - (uint32_t)p;
}

int stack_intact(void)
{
    return __stack_limit == PAINT;
}
