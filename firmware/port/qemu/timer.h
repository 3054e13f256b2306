/* Counting executed instructions on the MPS2 boards, with CMSDK timer 0 (25 MHz) under `-icount shift=6`:
 * an instruction takes 64 ns of virtual time and a tick 40 ns. Exact to one instruction and the same in every run.
 * Instructions are not cycles.
 *
 * SPDX-License-Identifier: MIT */
#ifndef TIMER_H
#define TIMER_H

#include <stdint.h>

void timer_start(void); /* runs freely; wraps after 2^32 ticks, 2.68e9 instructions */

static inline uint32_t timer_ticks(void)
{
    return 0xFFFFFFFFu - *(volatile uint32_t *)0x40000004u;
}

/* Of a difference between two ticks. */
static inline uint32_t timer_instructions(uint32_t ticks)
{
    return (uint32_t)((uint64_t)ticks * 5u / 8u);
}

#endif
