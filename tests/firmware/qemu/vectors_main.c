/* The vectors on a board; the argument says how many cases of each family.
 *
 * SPDX-License-Identifier: MIT */
#include "semihost.h"
#include "tests/firmware/qemu/vectors.h"

int main(void)
{
    char text[64];
    semihost_arguments(text, sizeof text);
    const char *p = text;
    while (*p && *p != ' ') ++p; /* the program's name */
    int32_t cases = 0;
    for (; *p; ++p)
        if (*p >= '0' && *p <= '9') cases = cases * 10 + (*p - '0');
    vectors_run(cases, semihost_puts);
    return 0;
}
