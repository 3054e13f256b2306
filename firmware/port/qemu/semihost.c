/* Arm semihosting (IHI 0058), the calls that this project needs.
 *
 * SPDX-License-Identifier: MIT */
#include "semihost.h"

enum {
    SYS_OPEN = 0x01,
    SYS_WRITE0 = 0x04,
    SYS_WRITE = 0x05,
    SYS_READ = 0x06,
    SYS_GET_CMDLINE = 0x15,
    SYS_EXIT_EXTENDED = 0x20
};

static uint32_t call(uint32_t operation, const void *arguments)
{
    register uint32_t r0 __asm("r0") = operation;
    register const void *r1 __asm("r1") = arguments;
    __asm volatile("bkpt 0xAB" : "+r"(r0) : "r"(r1) : "memory");
    return r0;
}

void semihost_puts(const char *text)
{
    call(SYS_WRITE0, text);
}

void semihost_write(const void *bytes, size_t count)
{
    static uint32_t handle;
    if (!handle) {
        const uint32_t open[3] = {(uint32_t) ":tt", 5 /* wb: standard output */, 3};
        handle = call(SYS_OPEN, open);
    }
    const uint32_t write[3] = {handle, (uint32_t)bytes, count};
    call(SYS_WRITE, write);
}

uint32_t semihost_open(const char *path, int for_writing)
{
    uint32_t length = 0;
    while (path[length]) ++length;
    const uint32_t open[3] = {(uint32_t)path, for_writing ? 5 /* wb */ : 1 /* rb */, length};
    return call(SYS_OPEN, open);
}

size_t semihost_read(uint32_t handle, void *to, size_t room)
{
    const uint32_t read[3] = {handle, (uint32_t)to, room};
    const uint32_t missing = call(SYS_READ, read); /* all of it, or -1: nothing came */
    return missing < room ? room - missing : 0;
}

void semihost_write_to(uint32_t handle, const void *bytes, size_t count)
{
    const uint32_t write[3] = {handle, (uint32_t)bytes, count};
    call(SYS_WRITE, write);
}

void semihost_put_number(int32_t value)
{
    char text[12];
    char *p = text + sizeof text;
    uint32_t rest = value < 0 ? 0u - (uint32_t)value : (uint32_t)value;
    *--p = '\0';
    do {
        *--p = (char)('0' + rest % 10u);
        rest /= 10u;
    } while (rest);
    if (value < 0) *--p = '-';
    semihost_puts(p);
}

void semihost_put_hex(uint32_t value)
{
    char text[9];
    for (int i = 0; i < 8; ++i)
        text[i] = "0123456789abcdef"[(value >> (28 - 4 * i)) & 15u];
    text[8] = '\0';
    semihost_puts(text);
}

void semihost_arguments(char *buffer, size_t size)
{
    const uint32_t arguments[2] = {(uint32_t)buffer, size};
    if (size == 0) return;
    if (call(SYS_GET_CMDLINE, arguments) != 0) buffer[0] = '\0';
}

_Noreturn void semihost_exit(int code)
{
    const uint32_t reason[2] = {0x20026 /* the application ended */, (uint32_t)code};
    for (;;)
        call(SYS_EXIT_EXTENDED, reason);
}
