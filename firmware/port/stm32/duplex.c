/* SPDX-License-Identifier: MIT */
#include "firmware/port/stm32/duplex.h"

static size_t take(duplex_t *duplex, uint8_t way, uint8_t *to, size_t room, uint32_t now)
{
    const size_t count = duplex->read[way](to, room);
    if (!count) return 0;
    duplex->reading = way;
    duplex->last = now;
    for (size_t i = 0; i < count; ++i)
        if (!to[i]) duplex->reply = way;
    duplex->inside = to[count - 1] != 0;
    return count;
}

size_t duplex_read(duplex_t *duplex, uint8_t *to, size_t room, uint32_t now)
{
    if (!room) return 0;
    const uint8_t other = duplex->reading ^ 1u;
    size_t count = take(duplex, duplex->reading, to, room, now);
    if (count) return count;
    if (!duplex->inside) return take(duplex, other, to, room, now);
    if (now - duplex->last < duplex->patience) return 0;
    if (room < 2) return 0;
    count = take(duplex, other, to + 1, room - 1, now);
    if (!count) return 0;
    to[0] = 0;
    return count + 1;
}
