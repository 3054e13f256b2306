#pragma once

#include "core/lowering/atom_graph.h"

#include <vector>

namespace atomnet
{

/// A value to place: bytes, alive from step `first` to step `last` inclusive.
struct Buffer {
    qint64 bytes = 0;
    int first = 0, last = 0;
    bool operator==(const Buffer &) const = default;
};
using Buffers = std::vector<Buffer>;

struct MemoryPlan {
    std::vector<qint64> offsets; ///< by buffer, 4-byte aligned
    qint64 arenaBytes = 0;
    qint64 lowerBound = 0;       ///< largest sum of buffers alive at one step; no plan can be below
    bool operator==(const MemoryPlan &) const = default;
};

/// Places the buffers so that no two that are alive together overlap. Greedy by size, then by lifetime, first
/// gap that fits; the result is never below lowerBound and often equal to it.
[[nodiscard]] MemoryPlan planMemory(const Buffers &buffers);

/// True when two buffers alive at one step share a byte.
[[nodiscard]] bool anyOverlap(const Buffers &buffers, const MemoryPlan &plan);

/// Lifetimes of a graph's tensors, one buffer each (bytes rounded up to 4).
[[nodiscard]] Buffers lifetimes(const AtomGraph &graph);

} // namespace atomnet
