#pragma once

#include "core/analysis/kernel_facts.h"

#include <vector>

// The arena as a placement problem, apart from what the buffers mean: what planArena() solves.
namespace atomnet
{

/// Bytes (a multiple of 4) that are needed from step `first` to step `last`, inclusive.
struct ArenaBuffer {
    qint64 bytes = 0;
    int first = 0, last = 0;
};

/// Two buffers that are alive together. They share no byte, save as `overlap` lets `b` lie over `a`
/// (offsets b - a): b is then an output born at the step at which its input a dies.
struct ArenaPair {
    int a = 0, b = 0;
    Overlap overlap;
};

/// Offsets are multiples of 4 from 0; wanted is the smallest end of all buffers.
struct ArenaProblem {
    std::vector<ArenaBuffer> buffers;
    std::vector<ArenaPair> pairs;
    qint64 lowerBound = 0;      ///< leastArena() of it
    std::vector<int> scratchOf; ///< of arenaProblem(): by atom, its scratch buffer or -1
};

/// Of a graph of atomnet-1: its tensors by index, rounded up to 4 bytes, then the scratch of every
/// operator that needs some.
[[nodiscard]] ArenaProblem arenaProblem(const AtomGraph &graph);

/// No placement is smaller: at every step, the bytes alive less what the outputs born there can at
/// best share with the inputs that die there.
[[nodiscard]] qint64 leastArena(const ArenaProblem &problem);

/// By buffer: the most bytes alive at a step of its life, as if nothing could be shared.
[[nodiscard]] std::vector<qint64> pressures(const ArenaProblem &problem);

/// True when these offsets keep the pair's promise.
[[nodiscard]] bool keepsApart(const ArenaProblem &problem, const ArenaPair &pair, qint64 a,
                              qint64 b);

/// Where the last buffer ends; those at -1 are not placed.
[[nodiscard]] qint64 arenaEnd(const ArenaProblem &problem, const std::vector<qint64> &offsets);

} // namespace atomnet
