/* SPDX-License-Identifier: MIT */
#include "firmware/profiler/ap_transport.h"

#include <string.h>

#include "firmware/port/port.h"

static struct {
    ap_decoder_t decoder;
    ap_header_t pending; /* a request that came during a run */
    int has_pending;
    uint8_t arrived[256];
    size_t at, count;
} in;

static uint8_t payload_out[AP_MAX_PAYLOAD], frame_out[AP_MAX_FRAME];

void ap_transport_reset(void)
{
    memset(&in, 0, sizeof in);
}

/* Takes bytes until a request is complete; what lies behind it is left for later. A status makes it
 * a reply, which is not for us: an echo perhaps. */
static int take(ap_header_t *request)
{
    while (in.at < in.count)
        if (ap_decoder_push(&in.decoder, in.arrived[in.at++], request) && !request->status)
            return 1;
    return 0;
}

static int receive(int wait)
{
    in.at = 0;
    in.count = port_read(in.arrived, sizeof in.arrived, wait);
    return in.count > 0;
}

int ap_next(ap_header_t *request, const uint8_t **payload)
{
    *payload = in.decoder.plain + AP_HEADER_BYTES;
    if (in.has_pending) {
        in.has_pending = 0;
        *request = in.pending;
        return 1;
    }
    while (!take(request))
        if (!receive(1)) return 0;
    return 1;
}

int ap_interrupted(void)
{
    if (in.has_pending) return 1;
    do
        in.has_pending = take(&in.pending);
    while (!in.has_pending && receive(0));
    return in.has_pending;
}

uint8_t *ap_reply_payload(void)
{
    return payload_out;
}

void ap_reply(const ap_header_t *request, ap_status_t status, size_t count)
{
    const ap_header_t header = {request->type, (uint8_t)status, request->sequence, count};
    port_write(frame_out, ap_frame_encode(&header, payload_out, frame_out));
}
