#include "core/analysis/instruction_estimate.h"

#include "core/analysis/latency_model.h"

#include <algorithm>
#include <cmath>

namespace atomnet
{

std::optional<CyclesPerInstruction> cyclesPerInstruction(const QString &core)
{
    if (core == u"Cortex-M4") return CyclesPerInstruction{1, 1.41, 2};
    if (core == u"Cortex-M7") return CyclesPerInstruction{0.5, 0.89, 1.6};
    return std::nullopt;
}

const Board *countingBoard(const Board &board)
{
    if (board.isVirtual || !cyclesPerInstruction(board.core)) return nullptr;
    for (const Board &candidate : boards())
        if (candidate.isVirtual && candidate.core == board.core) return &candidate;
    return nullptr;
}

Latency latencyFromInstructions(const Latency &counted, const CyclesPerInstruction &cycles,
                                qint64 clockHz)
{
    Q_ASSERT(clockHz > 0);
    Latency latency;
    if (counted.source == Source::Missing) {
        latency.high.reset();
        return latency;
    }
    const double nsPerCycle = 1e9 / double(clockHz);
    const auto ns = [nsPerCycle](qint64 instructions, double each) {
        return qint64(
            std::llround(std::min(double(instructions) * each * nsPerCycle, double(maxEstimate))));
    };
    latency.source = Source::Estimated;
    latency.value = std::max<qint64>(1, ns(counted.value, cycles.typical));
    latency.low = std::min(latency.value, ns(counted.low, cycles.low));
    latency.high = std::max(latency.value, ns(counted.high.value_or(counted.value), cycles.high));
    latency.extrapolated = true;
    latency.fromInstructions = true;
    return latency;
}

} // namespace atomnet
