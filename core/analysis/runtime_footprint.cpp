#include "core/analysis/runtime_footprint.h"

#include <algorithm>
#include <array>

namespace atomnet
{

namespace
{

/// Of one kernel with what only it calls; bytes.
struct KernelFootprint {
    qint64 code = 0, record = 0, stack = 0;
};

/// Records: the kernels' parameter structures with 4-byte pointers.
KernelFootprint footprintOf(AtomKind kind)
{
    switch (kind) {
    case AtomKind::Conv:
        return {1600, 40, 160};
    case AtomKind::Depthwise:
        return {2200, 36, 160};
    case AtomKind::Pointwise:
        return {900, 36, 120};
    case AtomKind::PointwisePair:
        return {1100, 60, 160};
    case AtomKind::Add:
        return {200, 20, 48};
    case AtomKind::Mul:
    case AtomKind::Scale:
        return {250, 16, 64};
    case AtomKind::Mean:
        return {250, 20, 64};
    case AtomKind::FullyConnected:
        return {600, 32, 96};
    case AtomKind::Pad:
    case AtomKind::SqueezeExcite:
        break; // of another runtime
    }
    return {};
}

constexpr qint64 startUpBytes = 1024; ///< vectors, reset, memory functions of the C library
constexpr qint64 runBytes = 512;      ///< model_run and its error paths
constexpr qint64 callBytes = 12;      ///< one step of model_run: addresses of its tensors
constexpr qint64 runStackBytes = 64;
constexpr qint64 ownDataBytes = 16; ///< the per-layer hook and its context

} // namespace

qint64 codeBytes(const AtomGraph &graph)
{
    std::array<bool, atomKindCount> used{};
    qint64 bytes = startUpBytes + runBytes;
    for (const Atom &atom : graph.atoms) {
        bool &seen = used[std::size_t(atom.key.kind)];
        if (!seen) bytes += footprintOf(atom.key.kind).code;
        seen = true;
    }
    return bytes;
}

qint64 recordBytes(const AtomKey &key)
{
    return footprintOf(key.kind).record + callBytes;
}

qint64 dataBytes(const AtomGraph &)
{
    return ownDataBytes;
}

qint64 stackBytes(const AtomGraph &graph)
{
    qint64 deepest = 0;
    for (const Atom &atom : graph.atoms)
        deepest = std::max(deepest, footprintOf(atom.key.kind).stack);
    return deepest + runStackBytes;
}

} // namespace atomnet
