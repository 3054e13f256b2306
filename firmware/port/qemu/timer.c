/* SPDX-License-Identifier: MIT */
#include "timer.h"

void timer_start(void)
{
    *(volatile uint32_t *)0x40000008u = 0xFFFFFFFFu; /* RELOAD */
    *(volatile uint32_t *)0x40000004u = 0xFFFFFFFFu; /* VALUE, counts down */
    *(volatile uint32_t *)0x40000000u = 1u;          /* CTRL: enable */
}
