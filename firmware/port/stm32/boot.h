/* Into ST's bootloader: a word in RAM that survives a reset says so, and the start-up code jumps
 * before anything is set up.
 *
 * SPDX-License-Identifier: MIT */
#ifndef BOOT_H
#define BOOT_H

#ifdef __cplusplus
extern "C" {
#endif

/** Why the chip was reset last. */
typedef enum { BOOT_OTHER = 0, BOOT_WATCHDOG = 1, BOOT_SOFTWARE = 2 } boot_cause_t;

/** First thing after a reset: does not return when the bootloader was asked for. Uses no data
 * section. */
void boot_early(void);
/** Of the last reset; read and cleared once, by boot_early(). */
boot_cause_t boot_cause(void);
/** Writes back caches and resets; with `rom` into the bootloader. */
__attribute__((noreturn)) void boot_reset(int rom);

#ifdef __cplusplus
}
#endif
#endif
