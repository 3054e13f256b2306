/* SPDX-License-Identifier: MIT */
#include "tests/firmware/qemu/vectors.h"

enum { GUARD = 16, PATTERN = 0x5a };

static const vectors_family_t *const families[] = {vectors_dense, vectors_other};

static union {
    uint32_t aligned[1 << 17];
    int8_t bytes[1 << 19];
} pool;
static size_t used;

int32_t random_between(random_t *random, int32_t low, int32_t high)
{
    random->state ^= random->state << 13; /* xorshift32 */
    random->state ^= random->state >> 17;
    random->state ^= random->state << 5;
    const uint32_t count = (uint32_t)high - (uint32_t)low + 1u;
    return (int32_t)((uint32_t)low + (uint32_t)(((uint64_t)random->state * count) >> 32));
}

int32_t random_size(random_t *random, int32_t most)
{
    const int32_t kind = random_between(random, 1, 6);
    if (kind == 1) return 1;
    return random_between(random, 1, kind < 4 || most < 9 ? most : 9);
}

void random_fill(random_t *random, int8_t *to, size_t count, int32_t low, int32_t high)
{
    while (count--) *to++ = (int8_t)random_between(random, low, high);
}

void *vectors_memory(size_t bytes)
{
    const size_t all = (bytes + 2 * GUARD + 3) & ~(size_t)3;
    if (all > sizeof pool - used) return NULL; /* a case that is too large fails loudly */
    int8_t *const begin = pool.bytes + used;
    for (size_t i = 0; i < all; ++i) begin[i] = PATTERN;
    used += all;
    return begin + GUARD;
}

uint32_t vectors_crc(const void *memory, size_t bytes)
{
    const uint8_t *p = (const uint8_t *)memory - GUARD;
    uint32_t crc = 0xFFFFFFFFu;
    for (size_t i = 0; i < bytes + 2 * GUARD; ++i) {
        crc ^= *p++;
        for (int bit = 0; bit < 8; ++bit) crc = crc & 1 ? crc >> 1 ^ 0xEDB88320u : crc >> 1;
    }
    return ~crc;
}

ak_output_t random_output(random_t *random, int32_t channels, int32_t most)
{
    const int32_t padded = ak_padded_channels(channels);
    int32_t *const bias = vectors_memory((size_t)padded * 4), *const multiplier = vectors_memory((size_t)padded * 4);
    const int32_t spread = most / 4;
    int32_t room = 0;
    while (room < 24 && ((int64_t)most + spread) << (room + 1) < (int64_t)1 << 31) ++room;
    ak_output_t out = {bias, multiplier, NULL, (int8_t)random_between(random, -128, 127),
                       (uint8_t)random_between(random, 0, room)};
    const int32_t bits = 10 + room - out.shift + random_between(random, 0, 4);
    for (int32_t c = 0; c < padded; ++c) {
        const int32_t low = bits < 30 ? 1 << bits : 1 << 30;
        bias[c] = c < channels ? random_between(random, -spread, spread) : 0;
        multiplier[c] = c < channels ? random_between(random, low, low + (low - 1)) : 0;
    }
    if (random_between(random, 1, 3) == 1) {
        int8_t *const table = vectors_memory(256);
        random_fill(random, table, 256, -128, 127);
        out.table = table;
    }
    return out;
}

static char *append(char *to, const char *text)
{
    while (*text) *to++ = *text++;
    return to;
}

void vectors_run(int32_t cases, void (*line)(const char *text))
{
    uint32_t seed = 1;
    for (size_t f = 0; f < sizeof families / sizeof *families; ++f)
        for (const vectors_family_t *family = families[f]; family->name; ++family)
            for (int32_t i = 0; i < cases; ++i) {
                random_t random = {seed++ * 2654435769u | 1u};
                used = 0;
                const uint32_t crc = family->run(&random);
                char text[64], *end = append(text, family->name);
                *end++ = ' ';
                for (int32_t digit = 10000; digit; digit /= 10) *end++ = (char)('0' + i / digit % 10);
                *end++ = ' ';
                for (int digit = 28; digit >= 0; digit -= 4) *end++ = "0123456789abcdef"[(crc >> digit) & 15];
                *end++ = '\n';
                *end = '\0';
                line(text);
            }
}
