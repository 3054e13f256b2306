/* Writes the constants of ap_pattern.h as C, at build time: generate_pattern OUT.c
 *
 * SPDX-License-Identifier: MIT */
#include <stdio.h>

#include "firmware/protocol/ap_pattern.h"

enum { SEED_BIASES = 0xB1A5, SEED_MULTIPLIERS = 0x3017, SEED_WEIGHTS = 0x3E16 };

static void write_numbers(FILE *to, uint32_t seed, const char *name, uint32_t mask,
                          int32_t smallest)
{
    static uint8_t bytes[4 * AP_MAX_CHANNELS];
    ap_fill(seed, bytes, sizeof bytes);
    fprintf(to, "const int32_t %s[AP_MAX_CHANNELS] = {", name);
    for (size_t i = 0; i < sizeof bytes; i += 4) {
        const uint32_t v = bytes[i] | (uint32_t)bytes[i + 1] << 8 | (uint32_t)bytes[i + 2] << 16;
        fprintf(to, "%s%ld,", i % 32 ? " " : "\n    ", (long)(v & mask) + smallest);
    }
    fprintf(to, "\n};\n");
}

static long clamp(long v, long low, long high)
{
    return v < low ? low : v > high ? high : v;
}

/* Inputs in steps of 1/16 and with zero point 0, as hswish's outputs; those of hard-sigmoid: 1/256
 * and -128. */
static void write_table(FILE *to, const char *name, int hsigmoid)
{
    fprintf(to, "const int8_t %s[256] = {", name);
    for (long v = -128; v < 128; ++v) {
        const long gate = clamp(v + 48, 0, 96); /* times 1/96 */
        const long product = hsigmoid ? gate * 256 : v * gate;
        const long rounded =
            (product + 48 + 96 * 256) / 96 - 256; /* half up; the quotient is never negative */
        fprintf(to, "%s%ld,", v % 16 ? " " : "\n    ",
                clamp(hsigmoid ? rounded - 128 : rounded, -128, 127));
    }
    fprintf(to, "\n};\n");
}

/* Bytes within +-15. */
static void write_weights(FILE *to)
{
    static uint8_t bytes[AP_PATTERN_BYTES];
    ap_fill(SEED_WEIGHTS, bytes, sizeof bytes);
    /* Last in the image of a board (linker scripts), so that what is read behind it is erased
     * Flash. */
    fprintf(to,
            "#ifdef __arm__\n__attribute__((section(\".weights_pattern\"), aligned(32)))\n#endif\n"
            "const uint8_t ap_weights_pattern[AP_PATTERN_BYTES] = {");
    for (size_t i = 0; i < sizeof bytes; ++i)
        fprintf(to, "%s%u,", i % 16 ? " " : "\n    ", (bytes[i] % 31 + 256u - 15u) & 255u);
    fprintf(to, "\n};\n");
}

int main(int argc, char **argv)
{
    FILE *const to = argc == 2 ? fopen(argv[1], "w") : NULL;
    if (!to) {
        fprintf(stderr, "generate_pattern: cannot write %s\n",
                argc == 2 ? argv[1] : "without one file to write to");
        return 1;
    }
    fprintf(to, "/* Made by generate_pattern. */\n#include \"firmware/protocol/ap_pattern.h\"\n\n");
    write_numbers(to, SEED_BIASES, "ap_biases", 0x7FFF, -0x4000);
    write_numbers(to, SEED_MULTIPLIERS, "ap_multipliers", 0xFFFFFF, 0x1000000);
    write_table(to, "ap_hswish_table", 0);
    write_table(to, "ap_hsigmoid_table", 1);
    write_weights(to);
    return fclose(to) == 0 ? 0 : 1;
}
