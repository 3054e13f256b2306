#include "tests/firmware/profiler/fake_port.h"

#include "firmware/profiler/ap_profiler.h"
#include "firmware/protocol/ap_pattern.h"

#include <algorithm>
#include <cstring>

FakePort fakePort;

namespace
{
alignas(32) uint8_t arena[FakePort::arenaBytes];
alignas(32) uint8_t window[FakePort::windowBytes];
int phase; ///< of a measurement: 0 until the first port_cycles()

size_t take(std::deque<Bytes> &from, uint8_t *to, size_t room)
{
    if (from.empty()) return 0;
    Bytes &first = from.front();
    const size_t count = std::min(room, first.size());
    std::copy_n(first.begin(), count, to);
    first.erase(first.begin(), first.begin() + std::ptrdiff_t(count));
    if (first.empty()) from.pop_front();
    return count;
}
} // namespace

void FakePort::reset()
{
    *this = FakePort();
    std::memset(window, 0xFF, sizeof window);
    std::memcpy(window, ap_weights_pattern, AP_PATTERN_BYTES);
    info.board = "fake";
    info.core = 4;
    info.chip_id = 0x441;
    info.conditions_supported = AP_COND_ICACHE | AP_COND_DCACHE;
    std::memset(info.unique_id, 0x5C, sizeof info.unique_id);
    info.arena = arena;
    info.arena_bytes = sizeof arena;
    info.window = window;
    info.window_bytes = sizeof window;
    info.image_crc = info.image_crc_built = 0x1234;
}

std::vector<Reply> profile(const std::vector<Bytes> &input)
{
    fakePort.arriving.assign(input.begin(), input.end());
    fakePort.sent.clear();
    ap_profiler_run();
    return repliesIn(fakePort.sent);
}

void port_init(void) {}

const port_info_t *port_info(void)
{
    return &fakePort.info;
}

uint32_t port_cycles(void)
{
    const uint32_t start = 0xFFFFFFF0u; // wraps within the measurement
    if (fakePort.standsStill || phase++ == 0) return start;
    uint32_t duration = 100;
    if (!fakePort.durations.empty()) {
        duration = fakePort.durations.front();
        fakePort.durations.pop_front();
    }
    return start + duration;
}

uint32_t port_cycles_between(uint32_t start, uint32_t end)
{
    return end - start;
}

uint32_t port_clock_hz(void)
{
    return 100'000'000;
}

void port_irq_off(void)
{
    ++fakePort.irqOff;
    fakePort.irqIsOff = true;
    phase = 0;
}

void port_irq_on(void)
{
    fakePort.irqIsOff = false;
}

size_t port_read(uint8_t *to, size_t room, int wait)
{
    return take(wait ? fakePort.arriving : fakePort.meanwhile, to, room);
}

void port_write(const uint8_t *bytes, size_t count)
{
    fakePort.sent.insert(fakePort.sent.end(), bytes, bytes + count);
}

ap_status_t port_set_conditions(uint32_t conditions, uint32_t wait_states)
{
    if (wait_states < 3) return AP_BAD_FIELD;
    fakePort.conditions = conditions;
    fakePort.waitStates = wait_states == AP_WAIT_STATES_DEFAULT ? 3 : wait_states;
    return AP_OK;
}

uint32_t port_conditions(void)
{
    return fakePort.conditions;
}

uint32_t port_wait_states(void)
{
    return fakePort.waitStates;
}

void port_clean_caches(void)
{
    ++fakePort.cleans;
}

void port_pulse(int on)
{
    if (on) ++fakePort.pulses;
}

void port_watchdog(void)
{
    ++fakePort.watchdogs;
    if (fakePort.onWatchdog) fakePort.onWatchdog();
}

int port_guard(void (*work)(void *), void *argument, ap_fault_t *fault)
{
    if (fakePort.guards++ == fakePort.faultyGuard) {
        port_irq_off(); // as a fault in a measurement would leave it
        *fault = {.pc = 0x08001234, .lr = 1, .sp = 2, .cfsr = 3, .hfsr = 4, .mmfar = 5, .bfar = 6};
        return 1;
    }
    work(argument);
    return 0;
}

void port_stack_paint(void) {}

uint32_t port_stack_high_water(void)
{
    return 321;
}

int port_stack_intact(void)
{
    return fakePort.stackIntact;
}

void port_reset(void)
{
    ++fakePort.resets;
}

int port_bootloader(void)
{
    return ++fakePort.bootloaders;
}
