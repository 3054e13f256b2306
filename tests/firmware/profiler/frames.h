#pragma once

#include "firmware/protocol/ap_protocol.h"

#include <cstdint>
#include <vector>

// The host's side of the protocol for tests and fuzzers, without Qt.
using Bytes = std::vector<uint8_t>;

struct Reply {
    ap_header_t header{};
    Bytes payload;
    [[nodiscard]] ap_status_t status() const { return ap_status_t(header.status); }
    /// The u16 that names a field; -1 when there is none.
    [[nodiscard]] int detail() const
    {
        return payload.size() == 2 ? payload[0] | payload[1] << 8 : -1;
    }
};

inline Bytes frame(uint8_t type, uint16_t sequence, const Bytes &payload = {}, uint8_t status = 0)
{
    Bytes out(AP_MAX_FRAME);
    const ap_header_t header{type, status, sequence, payload.size()};
    out.resize(ap_frame_encode(&header, payload.data(), out.data()));
    return out;
}

inline std::vector<Reply> repliesIn(const Bytes &stream)
{
    std::vector<Reply> replies;
    static ap_decoder_t decoder;
    decoder = {};
    for (const uint8_t byte : stream) {
        Reply reply;
        if (!ap_decoder_push(&decoder, byte, &reply.header)) continue;
        const uint8_t *const payload = decoder.plain + AP_HEADER_BYTES;
        reply.payload.assign(payload, payload + reply.header.count);
        replies.push_back(reply);
    }
    return replies;
}

/// encoded(ap_encode_result, result)
template <class T>
Bytes encoded(size_t (*encode)(const T *, uint8_t *), const T &value)
{
    Bytes out(AP_MAX_PAYLOAD);
    out.resize(encode(&value, out.data()));
    return out;
}

/// A message that is known to be good.
template <class T>
T decoded(ap_status_t (*decode)(const uint8_t *, size_t, T *, uint16_t *), const Bytes &payload,
          ap_status_t *status = nullptr)
{
    T value{};
    uint16_t field = 0;
    const ap_status_t result = decode(payload.data(), payload.size(), &value, &field);
    if (status) *status = result;
    return value;
}
