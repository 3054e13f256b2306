#pragma once

#include <QtGlobal>

#include <algorithm>
#include <vector>

namespace atomnet
{

/// The least Flash at or below each latency, of points in the plane.
class Staircase
{
public:
    [[nodiscard]] bool dominates(qint64 latency, qint64 flash) const
    {
        const auto behind =
            std::upper_bound(m_steps.begin(), m_steps.end(), latency,
                             [](qint64 wanted, const Step &step) { return wanted < step.latency; });
        return behind != m_steps.begin() && (behind - 1)->flash <= flash;
    }
    /// A point that is not dominated.
    void insert(qint64 latency, qint64 flash)
    {
        const auto at =
            std::lower_bound(m_steps.begin(), m_steps.end(), latency,
                             [](const Step &step, qint64 wanted) { return step.latency < wanted; });
        auto end = at;
        while (end != m_steps.end() && end->flash >= flash)
            ++end;
        if (end == at) {
            m_steps.insert(at, {latency, flash});
            return;
        }
        *at = {latency, flash};
        m_steps.erase(at + 1, end);
    }

private:
    struct Step {
        qint64 latency = 0, flash = 0;
    };
    std::vector<Step> m_steps; ///< latency up, Flash down
};

} // namespace atomnet
