/* The same through semihosting (Arm IHI 0058).
 *
 * SPDX-License-Identifier: MIT */
#include "files.h"
#include "semihost.h"

void Unexpected_Handler(void);
void Unexpected_Handler(void) { semihost_exit(SEMIHOST_EXIT_FAULT); }

enum { SYS_OPEN = 1, SYS_CLOSE = 2, SYS_WRITE = 5, SYS_READ = 6 };

static uint32_t call(uint32_t operation, const void *arguments)
{
    register uint32_t r0 __asm("r0") = operation;
    register const void *r1 __asm("r1") = arguments;
    __asm volatile("bkpt 0xAB" : "+r"(r0) : "r"(r1) : "memory");
    return r0;
}

static uint32_t opened(const char *name, uint32_t length, uint32_t mode)
{
    const uint32_t open[3] = {(uint32_t)name, mode, length};
    const uint32_t handle = call(SYS_OPEN, open);
    if (handle == 0xffffffffu) semihost_exit(2);
    return handle;
}

static uint32_t in, out; /* 0: not open yet (QEMU counts handles from 1) */

size_t read_input(void *bytes, size_t count)
{
    if (!in) in = opened("inputs.bin", 10, 1 /* rb */);
    const uint32_t read[3] = {in, (uint32_t)bytes, count};
    return count - call(SYS_READ, read);
}

void write_output(const void *bytes, size_t count)
{
    if (!out) out = opened("outputs.bin", 11, 5 /* wb */);
    const uint32_t write[3] = {out, (uint32_t)bytes, count};
    if (call(SYS_WRITE, write) != 0) semihost_exit(2);
}

_Noreturn void finish(int code)
{
    if (out) call(SYS_CLOSE, &out);
    semihost_exit(code);
}
