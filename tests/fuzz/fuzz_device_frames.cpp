// Any bytes at all into the profiling firmware: its decoder and its command loop. What it says must
// be whole frames, and it must never say more often than it was asked.
#include "tests/firmware/profiler/fake_port.h"

#include <algorithm>
#include <cstdlib>

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size == 0) return 0;
    fakePort.reset();
    fakePort.info.arena_bytes = 16384;
    // The first byte says how much of the rest arrives during runs.
    const uint8_t *const bytes = data + 1;
    const size_t count = size - 1, during = std::min(count, size_t(data[0]));
    if (during) fakePort.meanwhile = {Bytes(bytes, bytes + during)};
    const Bytes input(bytes + during, bytes + count);
    const auto asked = size_t(std::count(bytes, bytes + count, 0));
    const auto replies = profile({input});
    if (replies.size() != size_t(std::count(fakePort.sent.begin(), fakePort.sent.end(), 0)))
        std::abort();
    if (replies.size() > asked) std::abort();
    for (const Reply &reply : replies)
        if (reply.header.status > AP_UNSUPPORTED) std::abort();
    return 0;
}
