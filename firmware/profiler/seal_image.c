/* Writes the seal of an image (see ap_image.h): seal_image IMAGE.bin SEAL.bin
 *
 * SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "firmware/profiler/ap_image.h"
#include "firmware/protocol/ap_frame.h"
#include "firmware/protocol/ap_pattern.h"

/* The CRC's register in front of `count` bytes, from the one behind them. */
static uint32_t backwards(uint32_t state, const uint8_t *bytes, size_t count)
{
    while (count-- > 0) {
        for (int i = 0; i < 8; ++i)
            state = state >> 31 ? (state ^ 0xEDB88320u) << 1 | 1u : state << 1;
        state ^= bytes[count];
    }
    return state;
}

static void set_word(uint8_t *to, uint32_t word)
{
    for (int i = 0; i < 4; ++i)
        to[i] = (uint8_t)(word >> 8 * i);
}

static int seal(uint8_t *image, size_t count)
{
    const size_t tail = AP_SEAL_BYTES + AP_PATTERN_BYTES;
    if (count < tail ||
        memcmp(image + count - AP_PATTERN_BYTES, ap_weights_pattern, AP_PATTERN_BYTES))
        return 0;
    uint8_t *const words = image + count - tail;
    for (size_t i = 0; i < AP_SEAL_BYTES; ++i)
        if (words[i]) return 0;
    const uint32_t crc = ap_crc32(0, image, count);
    set_word(words, crc);
    /* Four bytes lead from any state to any other: running backwards over zeros gives their sum. */
    const uint32_t from = ~ap_crc32(0, image, (size_t)(words + 4 - image));
    const uint32_t to = backwards(~crc, words + 8, count - (size_t)(words + 8 - image));
    set_word(words + 4, from ^ backwards(to, (const uint8_t[4]){0}, 4));
    return ap_crc32(0, image, count) == crc;
}

static int fail(const char *what, const char *where)
{
    fprintf(stderr, "seal_image: %s %s\n", what, where);
    return 1;
}

int main(int argc, char **argv)
{
    static uint8_t image[1 << 20];
    if (argc != 3) return fail("usage: seal_image IMAGE.bin SEAL.bin", "");
    FILE *const in = fopen(argv[1], "rb");
    const size_t count = in ? fread(image, 1, sizeof image, in) : 0;
    if (in) fclose(in);
    if (!seal(image, count)) return fail("no seal and pattern at the end of", argv[1]);
    FILE *const out = fopen(argv[2], "wb");
    if (!out) return fail("cannot write", argv[2]);
    const size_t written =
        fwrite(image + count - AP_PATTERN_BYTES - AP_SEAL_BYTES, 1, AP_SEAL_BYTES, out);
    return fclose(out) == 0 && written == AP_SEAL_BYTES ? 0 : fail("cannot write", argv[2]);
}
