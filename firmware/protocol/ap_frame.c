/* SPDX-License-Identifier: MIT */
#include "firmware/protocol/ap_frame.h"

/* Four bits a step: a table of 64 bytes is fast enough for all that goes over a wire. */
uint32_t ap_crc32(uint32_t crc, const void *bytes, size_t count)
{
    static const uint32_t table[16] = {0x00000000u, 0x1DB71064u, 0x3B6E20C8u, 0x26D930ACu,
                                       0x76DC4190u, 0x6B6B51F4u, 0x4DB26158u, 0x5005713Cu,
                                       0xEDB88320u, 0xF00F9344u, 0xD6D6A3E8u, 0xCB61B38Cu,
                                       0x9B64C2B0u, 0x86D3D2D4u, 0xA00AE278u, 0xBDBDF21Cu};
    crc = ~crc;
    for (const uint8_t *byte = bytes; count > 0; --count, ++byte) {
        crc ^= *byte;
        crc = crc >> 4 ^ table[crc & 15u];
        crc = crc >> 4 ^ table[crc & 15u];
    }
    return ~crc;
}

/* COBS as it is written: `code` is where the length of the current block goes. */
typedef struct {
    uint8_t *code, *to;
} stuffer_t;

static void stuff(stuffer_t *s, const uint8_t *bytes, size_t count)
{
    for (; count > 0; --count, ++bytes) {
        if (s->to - s->code == 255) { /* 254 bytes without a zero: the block is full */
            *s->code = 255;
            s->code = s->to++;
        }
        if (*bytes) {
            *s->to++ = *bytes;
        } else {
            *s->code = (uint8_t)(s->to - s->code);
            s->code = s->to++;
        }
    }
}

size_t ap_frame_encode(const ap_header_t *header, const uint8_t *payload, uint8_t *out)
{
    if (header->count > AP_MAX_PAYLOAD) return 0;
    const uint8_t head[AP_HEADER_BYTES] = {header->type, header->status, (uint8_t)header->sequence,
                                           (uint8_t)(header->sequence >> 8)};
    const uint32_t crc = ap_crc32(ap_crc32(0, head, sizeof head), payload, header->count);
    const uint8_t tail[AP_CRC_BYTES] = {(uint8_t)crc, (uint8_t)(crc >> 8), (uint8_t)(crc >> 16),
                                        (uint8_t)(crc >> 24)};
    stuffer_t s = {out, out + 1};
    stuff(&s, head, sizeof head);
    stuff(&s, payload, header->count);
    stuff(&s, tail, sizeof tail);
    *s.code = (uint8_t)(s.to - s.code);
    *s.to++ = 0;
    return (size_t)(s.to - out);
}

static void append(ap_decoder_t *d, uint8_t byte)
{
    if (d->count == AP_MAX_PLAIN)
        d->broken = 1;
    else
        d->plain[d->count++] = byte;
}

static int is_good(const ap_decoder_t *d)
{
    if (d->broken || d->left || d->count < AP_HEADER_BYTES + AP_CRC_BYTES) return 0;
    const uint8_t *const tail = d->plain + d->count - AP_CRC_BYTES;
    const uint32_t crc =
        tail[0] | (uint32_t)tail[1] << 8 | (uint32_t)tail[2] << 16 | (uint32_t)tail[3] << 24;
    return ap_crc32(0, d->plain, d->count - AP_CRC_BYTES) == crc;
}

int ap_decoder_push(ap_decoder_t *d, uint8_t byte, ap_header_t *header)
{
    if (byte) {
        if (d->broken) return 0;
        if (d->left) {
            append(d, byte);
            --d->left;
        } else { /* a block begins; the one in front of it ended with a zero unless it was full */
            if (d->code && d->code != 255) append(d, 0);
            d->code = byte;
            d->left = (uint8_t)(byte - 1);
        }
        return 0;
    }
    const int empty = !d->code,
              good = !empty && is_good(d); /* empty: a zero sent to be sure that a frame begins */
    if (good) {
        header->type = d->plain[0];
        header->status = d->plain[1];
        header->sequence = (uint16_t)(d->plain[2] | d->plain[3] << 8);
        header->count = d->count - AP_HEADER_BYTES - AP_CRC_BYTES;
    } else if (!empty) {
        ++d->dropped;
    }
    d->count = 0;
    d->left = d->code = d->broken = 0;
    return good;
}
