#pragma once

#include "firmware/port/port.h"
#include "tests/firmware/profiler/frames.h"

#include <cstddef>
#include <deque>
#include <functional>

/// A port in memory, for one run of the profiler at a time.
struct FakePort {
    static constexpr uint32_t arenaBytes = 64 * 1024, windowBytes = 48 * 1024;

    port_info_t info{};          ///< set by reset()
    std::deque<Bytes> arriving;  ///< what each waiting port_read() finds
    std::deque<Bytes> meanwhile; ///< what each one that does not wait finds: during runs
    Bytes sent;
    std::deque<uint32_t> durations; ///< of the next measurements; those behind them take 100 cycles
    bool standsStill = false;       ///< the counter
    bool stackIntact = true;
    uint32_t conditions = 0, waitStates = 0;
    int guards = 0;       ///< port_guard() calls so far
    int faultyGuard = -1; ///< the one that faults
    int irqOff = 0, pulses = 0, watchdogs = 0, cleans = 0, resets = 0, bootloaders = 0;
    bool irqIsOff = false;
    std::function<void()> onWatchdog;

    void reset();
};
extern FakePort fakePort;

/// Runs the profiler over this input until it has read all of it; what it replied.
std::vector<Reply> profile(const std::vector<Bytes> &input);
