/* Two transports at once. A frame is read from one of them to its end, the zero byte; the reply
 * goes where the last whole frame came from.
 *
 * SPDX-License-Identifier: MIT */
#ifndef DUPLEX_H
#define DUPLEX_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

enum { DUPLEX_UART = 0, DUPLEX_USB = 1, DUPLEX_WAYS = 2 };

typedef struct {
    size_t (*read[DUPLEX_WAYS])(uint8_t *to, size_t room); /**< what there is, at once */
    uint32_t patience; /**< in units of `now`: for the rest of a frame, when the other side has
                          something */
    uint8_t reading;   /**< the way that the frame under way comes from */
    uint8_t inside;    /**< a frame is under way */
    uint8_t reply;     /**< the way that the last whole frame came from */
    uint32_t last;     /**< when the last bytes came */
} duplex_t;

/** What has arrived on one of the ways, at most `room` bytes (2 at least). A frame whose rest does
 * not come within `patience` while the other way has bytes is ended by a zero byte of our own: the
 * decoder drops it. */
size_t duplex_read(duplex_t *duplex, uint8_t *to, size_t room, uint32_t now);

#ifdef __cplusplus
}
#endif
#endif
