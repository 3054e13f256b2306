/* Frames: how messages travel over any stream of bytes. README.md has the layouts.
 *
 * A frame is COBS(header, payload, CRC-32) and one zero byte. Header: type, status (0 in requests), sequence number (16
 * bits). Everything is little endian. A frame that is damaged is dropped whole; the next zero byte begins anew.
 *
 * SPDX-License-Identifier: MIT */
#ifndef AP_FRAME_H
#define AP_FRAME_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

enum {
    AP_HEADER_BYTES = 4,
    AP_CRC_BYTES = 4,
    AP_MAX_PAYLOAD = 2048,
    AP_MAX_PLAIN = AP_HEADER_BYTES + AP_MAX_PAYLOAD + AP_CRC_BYTES,
    AP_MAX_FRAME = AP_MAX_PLAIN + AP_MAX_PLAIN / 254 + 2 /**< on the wire, with its zero byte */
};

/** CRC-32/ISO-HDLC. Start with 0; the CRC of one part is the start of the next. */
uint32_t ap_crc32(uint32_t crc, const void *bytes, size_t count);

typedef struct {
    uint8_t type;
    uint8_t status;
    uint16_t sequence;
    size_t count; /**< bytes of payload */
} ap_header_t;

/** Writes a whole frame to `out` (AP_MAX_FRAME bytes); returns its bytes, 0 when the payload is too long. */
size_t ap_frame_encode(const ap_header_t *header, const uint8_t *payload, uint8_t *out);

/** Puts frames together from bytes as they arrive. Zero it before use. */
typedef struct {
    uint8_t plain[AP_MAX_PLAIN]; /**< header, payload, CRC of a complete frame */
    size_t count;
    uint8_t left, code; /**< of the COBS block */
    uint8_t broken;     /**< the frame is damaged: wait for its end */
    uint32_t dropped;   /**< frames that were damaged, too long or too short */
} ap_decoder_t;

/** Takes one byte; returns 1 when it completed a good frame: `header` is filled and the payload begins at
 *  plain + AP_HEADER_BYTES. It stays there until the next byte. */
int ap_decoder_push(ap_decoder_t *decoder, uint8_t byte, ap_header_t *header);

#ifdef __cplusplus
}
#endif
#endif
