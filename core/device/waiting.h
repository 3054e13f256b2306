#pragma once

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <utility>

namespace atomnet
{

/// Where a link's caller waits for the link's own thread, and interrupt() ends it.
class Waiting
{
public:
    enum class Outcome { Done, Timeout, Interrupted };

    /// Calls under its lock; wakes who waits.
    template <class F>
    void change(F &&f)
    {
        const std::lock_guard lock(m_mutex);
        f();
        m_changed.notify_all();
    }
    void interrupt()
    {
        change([this] { m_interrupted = true; });
    }
    /// Until done(), called under the lock, is true. cancelled() is asked without it, every 50 ms.
    template <class Done>
    [[nodiscard]] Outcome until(int timeoutMs, const std::function<bool()> &cancelled, Done &&done)
    {
        using Clock = std::chrono::steady_clock;
        constexpr std::chrono::milliseconds slice{50};
        const auto end = Clock::now() + std::chrono::milliseconds(timeoutMs);
        for (;;) {
            if (cancelled()) return Outcome::Interrupted;
            std::unique_lock lock(m_mutex);
            const auto sliceEnd = std::min(end, Clock::now() + slice);
            bool isDone =
                false; // done() may take what it finds: once it was true it is not asked again
            m_changed.wait_until(lock, sliceEnd,
                                 [&] { return m_interrupted || (isDone = done()); });
            if (isDone) return Outcome::Done;
            if (std::exchange(m_interrupted, false)) return Outcome::Interrupted;
            if (Clock::now() >= end) return Outcome::Timeout;
        }
    }

private:
    std::mutex m_mutex;
    std::condition_variable m_changed;
    bool m_interrupted = false;
};

} // namespace atomnet
