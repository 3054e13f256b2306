/* SPDX-License-Identifier: MIT */
#include "rows.h"

#include "semihost.h"
#include "timer.h"

static uint32_t pool[3 << 18];
static size_t used;
static uint32_t started;
static uint32_t random_state; /* the argument: with other data, the counts are to be the same */

void *row_memory(size_t bytes)
{
    uint32_t *const begin = pool + used;
    used += (bytes + 3) / 4;
    if (used > sizeof pool / 4) semihost_exit(1);
    for (uint32_t *p = begin; p < pool + used; ++p) {
        random_state = random_state * 1664525u + 1013904223u;
        *p = random_state ^ random_state >> 16;
    }
    return begin;
}

ak_output_t row_output(int32_t channels)
{
    const int32_t padded = ak_padded_channels(channels);
    int32_t *const bias = row_memory((size_t)padded * 4), *const multiplier = row_memory((size_t)padded * 4);
    for (int32_t c = 0; c < padded; ++c) {
        bias[c] = c < channels ? bias[c] >> 16 : 0;
        multiplier[c] = c < channels ? (multiplier[c] & 0x3FFFFFFF) | 1 << 30 : 0;
    }
    return (ak_output_t){bias, multiplier, NULL, -3, 6};
}

/* The plugin that counts by address looks for these two. */
__attribute__((noinline)) void row_begin(void) { started = timer_ticks(); }

__attribute__((noinline)) uint32_t row_end(void)
{
    return timer_instructions(timer_ticks() - started);
}

void row_print(const char *name, const char *unit, uint32_t count, uint32_t instructions, uint32_t limit_percent)
{
    used = 0;
    semihost_puts(name);
    semihost_puts(" ");
    semihost_puts(unit);
    const uint32_t numbers[3] = {count, instructions, limit_percent};
    for (int i = 0; i < 3; ++i) {
        semihost_puts(" ");
        semihost_put_number((int32_t)numbers[i]);
    }
    semihost_puts("\n");
}

int main(void)
{
    char arguments[64];
    semihost_arguments(arguments, sizeof arguments);
    for (const char *p = arguments; *p; ++p) random_state = random_state * 31 + (uint8_t)*p;
    timer_start();
    dense_rows();
    other_rows();
    return 0;
}
