/* Two files of the machine that starts the program: inputs.bin is read, outputs.bin written.
 *
 * SPDX-License-Identifier: MIT */
#ifndef FILES_H
#define FILES_H

#include <stddef.h>

/* Both end the program with code 2 when a file cannot be used. */
size_t read_input(void *bytes, size_t count); /* returns how many were read */
void write_output(const void *bytes, size_t count);
_Noreturn void finish(int code); /* outputs.bin is complete */

#endif
