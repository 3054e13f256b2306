#pragma once

#include "core/analysis/report.h"

#include <optional>

// Time on a real board from what a virtual board of the same core counts. Between the two lies what
// an emulator does not know: pipelines, wait states, caches. So these are estimates with wide
// bounds, marked "from instructions" wherever they show, and the first measurement on the board
// replaces them.
namespace atomnet
{

/// Cycles that one instruction of our kernels takes.
struct CyclesPerInstruction {
    double low = 1, typical = 1, high = 1;
    bool operator==(const CyclesPerInstruction &) const = default;
};
/// Bounds for kernels that run from Flash through the board's caches or accelerator, at the clocks
/// and wait states of our boards; argued from ARM's technical reference manuals, not measured.
/// Cortex-M4: 1 to 2. It finishes at most one instruction a cycle. Loads take 2 cycles where they
///   do not follow each other, taken branches 2 to 4; of the kernels' inner loops about a third are
///   loads. Weights come from Flash once a tile, 4 words a line of the accelerator at up to 3 wait
///   states.
/// Cortex-M7: 0.5 to 1.6. It issues up to two instructions a cycle, but one multiply-accumulate and
///   (at odd pairings) one load only. Cache misses to Flash or AXI SRAM cost 10 cycles and more.
/// The typical value is the geometric mean of both ends, which favours neither. None for others.
[[nodiscard]] std::optional<CyclesPerInstruction> cyclesPerInstruction(const QString &core);

/// The virtual board that counts instructions for this one: that of the same core. Null for virtual
/// boards and where there is none.
[[nodiscard]] const Board *countingBoard(const Board &board);

/// `counted` is in instructions, the result in nanoseconds: estimated, extrapolated,
/// fromInstructions. The interval spans both bounds of the cycles over the interval of the count.
/// Missing stays missing.
[[nodiscard]] Latency latencyFromInstructions(const Latency &counted,
                                              const CyclesPerInstruction &cycles, qint64 clockHz);

} // namespace atomnet
