// Requests that are nearly good, in any order, into the profiling firmware. Each has one reply,
// which the host's decoders take; an operator that runs gives what it gives here, and whatever is
// refused has a reason.
#include "tests/firmware/profiler/example_operators.h"
#include "tests/firmware/profiler/fake_port.h"

#include <algorithm>
#include <cstdlib>

namespace
{
constexpr uint32_t arenaBytes = 16384;

class Source
{
public:
    Source(const uint8_t *data, size_t size) : m_at(data), m_end(data + size) {}
    [[nodiscard]] bool empty() const { return m_at == m_end; }
    uint8_t byte() { return empty() ? 0 : *m_at++; }

private:
    const uint8_t *m_at, *m_end;
};

void require(bool good)
{
    if (!good) std::abort();
}

/// Some bytes of a good message become others.
void damage(Bytes &payload, Source &source)
{
    for (uint8_t changes = source.byte() % 6; changes > 0 && !payload.empty(); --changes) {
        const size_t at = source.byte() % payload.size();
        payload[at] = source.byte();
    }
    const uint8_t length = source.byte();
    if (length > 250 && !payload.empty()) payload.pop_back();
    if (length < 5) payload.push_back(length);
}

Bytes payloadOf(uint8_t type, Source &source)
{
    static const auto operators = exampleOperators(1);
    const ap_operator_t &op = operators[source.byte() % operators.size()].op;
    const uint8_t number = source.byte();
    static const uint8_t bytes[64] = {1, 2, 3};
    switch (type) {
    case AP_MSG_HELLO:
        return {1, 0, 0, 0};
    case AP_MSG_CONDITIONS:
        return encoded(ap_encode_conditions, ap_conditions_t{1, 5, 0});
    case AP_MSG_RUN_OPERATOR:
        return encoded(ap_encode_run_operator, ap_run_operator_t{op, uint16_t(1 + number % 3)});
    case AP_MSG_NETWORK_BEGIN:
        return encoded(
            ap_encode_network_begin,
            ap_network_begin_t{arenaBytes, 0, 400, 8192, 100, number, uint16_t(1 + number % 4)});
    case AP_MSG_NETWORK_STEP:
        return encoded(ap_encode_network_step, ap_network_step_t{uint16_t(number % 4), op});
    case AP_MSG_NETWORK_RUN:
        return encoded(ap_encode_network_run, ap_network_run_t{1});
    case AP_MSG_READ:
    case AP_MSG_CRC:
        return encoded(ap_encode_range, ap_range_t{uint8_t(1 + number % 4), 0, number});
    case AP_MSG_WRITE:
        return encoded(ap_encode_write,
                       ap_write_t{AP_REGION_MODEL_INPUT, 0, bytes, uint32_t(number % 64)});
    default:
        return {};
    }
}

/// Repetitions cost time and find nothing.
bool isTooLong(uint8_t type, const Bytes &payload)
{
    if (type == AP_MSG_NETWORK_RUN && payload.size() >= 2) return payload[0] > 3 || payload[1];
    return type == AP_MSG_RUN_OPERATOR && payload.size() >= 62 && (payload[60] > 3 || payload[61]);
}

void checkRun(const Bytes &request, const Reply &reply)
{
    const ap_run_operator_t run = decoded(ap_decode_run_operator, request);
    ap_status_t status;
    const ap_result_t result = decoded(ap_decode_result, reply.payload, &status);
    require(status == AP_OK && result.repetitions == run.repetitions);
    alignas(32) static uint8_t arena[arenaBytes];
    ap_operator_fill(&run.op, arena);
    require(ap_operator_run(&run.op, arena, fakePort.info.window) == 0);
    require(result.output_crc == ap_operator_crc(&run.op, arena));
    require(result.scratch_bytes <= run.op.scratch_bytes);
}

void check(uint8_t type, const Bytes &request, const Reply &reply)
{
    require(reply.header.type == type);
    ap_status_t status = AP_OK;
    switch (reply.status()) {
    case AP_OK:
        if (type == AP_MSG_RUN_OPERATOR) checkRun(request, reply);
        if (type == AP_MSG_NETWORK_RUN) decoded(ap_decode_result, reply.payload, &status);
        if (type == AP_MSG_HELLO) decoded(ap_decode_hello, reply.payload, &status);
        if (type == AP_MSG_CONDITIONS) decoded(ap_decode_conditions, reply.payload, &status);
        break;
    case AP_WRONG_VERSION:
        decoded(ap_decode_hello, reply.payload, &status);
        break;
    case AP_BAD_FIELD:
    case AP_DOES_NOT_FIT:
    case AP_KERNEL_REFUSED:
        require(reply.payload.size() == 2);
        break;
    case AP_FAULT:
    case AP_ABORTED:
        std::abort(); // nothing faults here, and nothing else arrives during a run
    default:
        require(reply.payload.empty() && reply.header.status <= AP_UNSUPPORTED);
    }
    require(status == AP_OK);
}
} // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    Source source(data, size);
    std::vector<Bytes> frames;
    std::vector<std::pair<uint8_t, Bytes>> requests;
    while (!source.empty() && requests.size() < 32) {
        const auto type = uint8_t(source.byte() % 16);
        Bytes payload = payloadOf(type, source);
        damage(payload, source);
        if (isTooLong(type, payload)) continue;
        frames.push_back(frame(type, uint16_t(requests.size()), payload));
        requests.emplace_back(type, std::move(payload));
    }
    fakePort.reset();
    fakePort.info.arena_bytes = arenaBytes;
    const auto replies = profile(frames);
    require(replies.size() == requests.size());
    for (size_t i = 0; i < replies.size(); ++i) {
        require(replies[i].header.sequence == i);
        check(requests[i].first, requests[i].second, replies[i]);
    }
    return 0;
}
