/* The independent watchdog: 8 s of its own oscillator (5 to 15 s over parts and temperature).
 *
 * SPDX-License-Identifier: MIT */
#ifndef WATCHDOG_H
#define WATCHDOG_H

#ifdef __cplusplus
extern "C" {
#endif

/** From here on nothing but a reset stops it; a debugger that halts the core does. */
void watchdog_start(void);
void watchdog_feed(void);

#ifdef __cplusplus
}
#endif
#endif
