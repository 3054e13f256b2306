/* The constants that operators are measured with, and what host and board both make from a seed. The host computes the
 * same outputs from them with the same kernels, so that every result's CRC can be checked.
 *
 * SPDX-License-Identifier: MIT */
#ifndef AP_PATTERN_H
#define AP_PATTERN_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

enum {
    AP_MAX_CHANNELS = 2048,
    /** Weights in the image. They are small (|w| <= 15), so that the hi/lo packing is exact for every fan-in up to 4,096,
     *  and lie last in the image: longer weights run on into erased Flash, whose bytes are -1. */
    AP_PATTERN_BYTES = 16384
};
extern const uint8_t ap_weights_pattern[AP_PATTERN_BYTES];

/** For channel c of any operator. Biases within +-2^14, multipliers within [2^24, 2^25). Generated, not stored as source. */
extern const int32_t ap_biases[AP_MAX_CHANNELS], ap_multipliers[AP_MAX_CHANNELS];
extern const int8_t ap_hswish_table[256], ap_hsigmoid_table[256];

/** Seeded bytes (xorshift32 of seed, a seed of 0 counts as 1; four bytes a step, little endian). */
void ap_fill(uint32_t seed, uint8_t *to, size_t count);

#ifdef __cplusplus
}
#endif
#endif
