/* Registers by address. On a host (AP_REGISTER_MODEL) the two accesses are functions of a test,
 * which plays the hardware.
 *
 * SPDX-License-Identifier: MIT */
#ifndef REG_H
#define REG_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#ifdef AP_REGISTER_MODEL
uint32_t reg_read(uint32_t address);
void reg_write(uint32_t address, uint32_t value);
#else
static inline uint32_t reg_read(uint32_t address)
{
    return *(volatile uint32_t *)address;
}
static inline void reg_write(uint32_t address, uint32_t value)
{
    *(volatile uint32_t *)address = value;
}
#endif

/** One bit. */
#define BIT(n) (1u << (n))

static inline void reg_change(uint32_t address, uint32_t clear, uint32_t set)
{
    reg_write(address, (reg_read(address) & ~clear) | set);
}

/** Waits until the bits in `mask` read `value`, about 0.1 s at most. 1 when they do. */
static inline int reg_wait(uint32_t address, uint32_t mask, uint32_t value)
{
    for (uint32_t tries = 400000; tries > 0; --tries)
        if ((reg_read(address) & mask) == value) return 1;
    return 0;
}

/** Completes writes to registers before what follows: a peripheral's clock needs two cycles of its
 * bus. */
static inline void reg_settle(uint32_t address)
{
    (void)reg_read(address);
    (void)reg_read(address);
}

#ifdef __cplusplus
}
#endif
#endif
