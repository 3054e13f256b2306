/* How deep the stack went: paint what is free, run, look how far the paint is gone.
 *
 * SPDX-License-Identifier: MIT */
#ifndef STACK_H
#define STACK_H

#include <stdint.h>

/* Paints everything below the caller's frame. Returns the bytes in use at the call. The start-up code paints once. */
uint32_t stack_paint(void);

/* Bytes between the top of the stack and the deepest one written since the last painting. */
uint32_t stack_high_water(void);

/* Is the paint at the stack's limit still there? */
int stack_intact(void);

#endif
