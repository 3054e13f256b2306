/* Talking to the emulator: text out, arguments in, and the exit code.
 *
 * SPDX-License-Identifier: MIT */
#ifndef SEMIHOST_H
#define SEMIHOST_H

#include <stddef.h>
#include <stdint.h>

/* Exit codes of the start-up code; programs use 0 to 63. */
#define SEMIHOST_EXIT_UNEXPECTED 98 /* an interrupt nobody asked for */
#define SEMIHOST_EXIT_FAULT 99      /* hard, memory, bus or usage fault; its address is printed */

void semihost_puts(const char *text);
void semihost_write(const void *bytes, size_t count); /* binary, to standard output */
void semihost_put_number(int32_t value);
void semihost_put_hex(uint32_t value); /* 8 digits */

/* A file of the computer that the emulator runs on, binary; returns its handle. */
uint32_t semihost_open(const char *path, int for_writing);
/* Waits for some bytes; 0 at the file's end. */
size_t semihost_read(uint32_t handle, void *to, size_t room);
void semihost_write_to(uint32_t handle, const void *bytes, size_t count);

/* The command line that the emulator was given ("arg=" joined by blanks); "" when there is none. */
void semihost_arguments(char *buffer, size_t size);

_Noreturn void semihost_exit(int code);

#endif
