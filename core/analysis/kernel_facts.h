#pragma once

#include "core/lowering/atom_graph.h"

// What the kernels of atomnet-1 (firmware/kernels) need for an operator: asked from the kernels themselves.
namespace atomnet
{

/// How an operator's output may lie over an input that dies there.
struct Overlap {
    enum class Kind : quint8 {
        None,    ///< not at all
        InPlace, ///< at the same address only
        UpTo,    ///< output offset - input offset at most maxOffset
    } kind = Kind::None;
    qint64 maxOffset = 0; ///< multiple of 4, may be negative
    bool operator==(const Overlap &) const = default;
};

[[nodiscard]] qint64 scratchBytes(const AtomKey &key); ///< 4-byte aligned, inside the arena while the operator runs
/// Against inputs[which] of the atom.
[[nodiscard]] Overlap overlapOf(const AtomKey &key, int which);
/// Packed weights, folded biases and multipliers as they lie in Flash (tables apart).
[[nodiscard]] qint64 packedBytes(const AtomKey &key);
/// Tables of 256 bytes: hswish, hard-sigmoid.
[[nodiscard]] int actTables(const AtomKey &key);

} // namespace atomnet
