/* The firmware's image in Flash: has it the bytes that it was built with?
 *
 * The last step of a build (seal_image.c) computes the image's CRC-32, notes it in the seal, and
 * chooses the seal's second word such that the image still has this CRC: what a board counts, what
 * stands in its image and the CRC-32 of the .bin file are one number.
 *
 * SPDX-License-Identifier: MIT */
#ifndef AP_IMAGE_H
#define AP_IMAGE_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

enum { AP_SEAL_BYTES = 32 }; /**< in front of the weights' pattern */

/** CRC-32 of what stands from `begin` to the end of the weights' pattern. */
uint32_t ap_image_crc(const void *begin);
/** As it was built. */
uint32_t ap_image_crc_built(void);

#ifdef __cplusplus
}
#endif
#endif
