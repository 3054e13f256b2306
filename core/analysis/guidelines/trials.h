#pragma once

#include "core/analysis/guidelines/lint.h"

namespace atomnet
{

/// Tries edits on one design: what they change is the difference of two Reports, never a guess.
class Trials
{
public:
    /// `network` and `report` must outlive it. After so many trials that the whole stays within
    /// some milliseconds it tries no more: what is advised must not depend on the machine's speed.
    Trials(const Network &network, const Report &report, const Knowledge &knowledge,
           const RunControl &control);

    struct Outcome {
        Network network;
        Report report;
        Effect effect;
    };
    /// None when the edits are not valid for this design, change nothing, or no more are tried.
    [[nodiscard]] std::optional<Outcome> run(const std::vector<Edit> &edits);
    [[nodiscard]] bool stopped() const { return m_left <= 0 || m_control.cancelled(); }

    [[nodiscard]] const Network &network() const { return m_network; }
    [[nodiscard]] const Report &report() const { return m_report; }

private:
    const Network &m_network;
    const Report &m_report;
    const RunControl &m_control;
    Analyzer m_analyzer;
    int m_left = 0;
};

[[nodiscard]] Effect effectOf(const Report &before, const Report &after);

/// False when the edit does harm beside what it is meant for: what fitted does not fit any more,
/// SRAM, Flash or latency grow by more than 2 %, or operators whose latency was known are missing
/// now, so that what it saves there would be untrue.
[[nodiscard]] bool harmless(const Report &before, const Report &after);

} // namespace atomnet
