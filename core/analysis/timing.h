#pragma once

#include "core/analysis/analyze.h"
#include "core/analysis/instruction_estimate.h"
#include "core/analysis/report.h"

#include <array>

// Latency of one operator, and how latencies add up.
namespace atomnet
{

/// What of a Knowledge holds for a target: data of another board, runtime, unit or clock is no
/// data.
struct TimingBasis {
    const AtomTable *table = nullptr;
    const LatencyModel *model = nullptr;
    TimeUnit unit = TimeUnit::Nanoseconds;
    qint64 clockHz =
        0; ///< of the samples, else of the model, else of the board; 0 on virtual boards
    /// Of the virtual board with this board's core.
    const AtomTable *instructions = nullptr;
    const LatencyModel *instructionModel = nullptr;
    CyclesPerInstruction cycles;
};
[[nodiscard]] TimingBasis timingBasis(const Target &target, const Knowledge &knowledge);

/// Measured when the table holds the operator, else estimated when the model knows its kind, else
/// estimated from instructions when those are known, else missing. The interval of a measured one is its samples' range, at least +-1 % and +-1 us; of one
/// sample alone its kind's typical spread. Instructions are counted, not timed: their interval is
/// the samples' range alone.
[[nodiscard]] Latency operatorLatency(const AtomKey &key, const TimingBasis &basis);

/// Sums latencies. Errors within one kind of operator come from one cause, so they add up; errors
/// of different kinds are independent, so they add in quadrature, low and high sides apart. What is
/// estimated from instructions errs by one cause whatever its kind, and counts as a kind of its own. A
/// missing operator adds nothing to the low bound and leaves the high bound open.
class LatencySum
{
public:
    void add(AtomKind kind, const Latency &latency);
    [[nodiscard]] Latency total() const;
    [[nodiscard]] qint64 measured() const { return m_measured; }

private:
    struct Sides {
        double below = 0, above = 0;
    };
    std::array<Sides, atomKindCount + 1> m_errors{}; ///< by kind; last: from instructions
    qint64 m_value = 0, m_measured = 0;
    quint64 m_samples = 0;
    Source m_worst = Source::Measured;
    bool m_any = false, m_extrapolated = false, m_fromInstructions = false;
};

} // namespace atomnet
