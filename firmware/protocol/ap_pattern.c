/* SPDX-License-Identifier: MIT */
#include "firmware/protocol/ap_pattern.h"

void ap_fill(uint32_t seed, uint8_t *to, size_t count)
{
    uint32_t state = seed ? seed : 1;
    while (count > 0) {
        state ^= state << 13;
        state ^= state >> 17;
        state ^= state << 5;
        uint32_t four = state;
        for (int i = 0; i < 4 && count > 0; ++i, --count, four >>= 8)
            *to++ = (uint8_t)four;
    }
}
