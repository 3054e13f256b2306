#include "core/analysis/runtime_footprint.h"

#include "core/analysis/runtime_footprint_data.h"

#include <algorithm>

namespace atomnet
{

namespace
{

/// A kind's place in the measured tables, and its parameter structure with 4-byte pointers.
struct KindRow {
    int index = -1; ///< -1: of another runtime
    qint64 record = 0;
};

KindRow rowOf(AtomKind kind)
{
    switch (kind) {
    case AtomKind::Conv:
        return {0, 40};
    case AtomKind::Depthwise:
        return {1, 36};
    case AtomKind::Pointwise:
        return {2, 36};
    case AtomKind::PointwisePair:
        return {3, 60};
    case AtomKind::FullyConnected:
        return {4, 32};
    case AtomKind::Add:
        return {5, 20};
    case AtomKind::Mul:
    case AtomKind::Scale:
        return {6, 16};
    case AtomKind::Mean:
        return {7, 20};
    case AtomKind::Pad:
    case AtomKind::SqueezeExcite:
        break;
    }
    return {};
}

constexpr int softmaxIndex = 8;
constexpr qint64 stepBytes = 24;    ///< kernel, parameters and four places in the arena
constexpr qint64 ownDataBytes = 12; ///< the per-layer hook, its user and its names

} // namespace

qint64 codeBytes(const AtomGraph &graph, bool softmax)
{
    unsigned used = softmax ? 1u << softmaxIndex : 0;
    for (const Atom &atom : graph.atoms)
        if (const KindRow row = rowOf(atom.key.kind); row.index >= 0) used |= 1u << row.index;
    qint64 bytes = footprint::baseCode;
    for (const footprint::Piece &piece : footprint::pieces)
        if (piece.users & used) bytes += piece.bytes;
    return bytes;
}

qint64 recordBytes(const AtomKey &key)
{
    return rowOf(key.kind).record + stepBytes;
}

qint64 dataBytes(const AtomGraph &)
{
    return ownDataBytes;
}

qint64 stackBytes(const AtomGraph &graph)
{
    int deepest = 0;
    for (const Atom &atom : graph.atoms)
        if (const KindRow row = rowOf(atom.key.kind); row.index >= 0)
            deepest = std::max(deepest, footprint::stack[row.index]);
    return deepest + footprint::runStack;
}

} // namespace atomnet
