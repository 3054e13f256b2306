/* SPDX-License-Identifier: MIT */
#include "firmware/profiler/ap_image.h"

#include "firmware/protocol/ap_frame.h"
#include "firmware/protocol/ap_pattern.h"

/* Written behind the compiler's back. */
__attribute__((section(".image_seal"), aligned(32),
               used)) static const volatile uint32_t seal[AP_SEAL_BYTES / 4] = {0};

uint32_t ap_image_crc(const void *begin)
{
    const uint8_t *const from = begin;
    return ap_crc32(0, from, (size_t)(ap_weights_pattern + AP_PATTERN_BYTES - from));
}

uint32_t ap_image_crc_built(void)
{
    return seal[0];
}
