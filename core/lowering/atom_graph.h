#pragma once

#include "core/lowering/atom_key.h"
#include "core/model/runtime.h"

#include <array>
#include <vector>

namespace atomnet
{

/// What an atom does in its block; with stage, block and repeat it makes the layer's name.
enum class Role : quint8 {
    Conv,       ///< stem, or a plain convolution block
    Pad,
    Depthwise,
    Pointwise,  ///< of SEP
    Expand,
    Project,
    ExpandProject, ///< fused pair
    Se,         ///< whole module
    SePool,
    SeReduce,   ///< first fully connected
    SeExpand,   ///< second fully connected
    SeScale,
    Add,
    HeadConv,
    Pool,
    Hidden,
    Classifier,
};
[[nodiscard]] QString toString(Role role); ///< "conv", "pad", "dw", "pw", "expand", "project", "se", ...

/// A value that lives in the arena from its producer to its last reader.
struct Tensor {
    Shape shape;
    int producer = -1; ///< atom index; -1 for the network's input
    int lastUse = -1;  ///< atom index of the last reader
    [[nodiscard]] qint64 bytes() const { return shape.bytes(); }
    bool operator==(const Tensor &) const = default;
};

/// One operator of the lowered network.
struct Atom {
    AtomKey key;
    Role role = Role::Conv;
    qint16 stage = -1;  ///< index into Network::stages; stages.size() for the head
    qint16 block = -1;  ///< index into Stage::blocks; -1 in the head
    qint16 repeat = 0;  ///< 0 .. Block::repeat - 1
    bool inShortcut = false;      ///< a shortcut tensor is held across this atom or starts at it
    BlockId blockId;              ///< 0 in the head
    std::array<int, 2> inputs{-1, -1}; ///< tensor indices; second only for add, mul, scale
    int output = -1;                   ///< tensor index
    bool operator==(const Atom &) const = default;
};

/// The network as operators in execution order, with its tensors.
struct AtomGraph {
    Runtime runtime = Runtime::AtomNet1;
    std::vector<Atom> atoms;
    std::vector<Tensor> tensors; ///< [0] is the network's input
    bool operator==(const AtomGraph &) const = default;
};

/// True when every index is in range, producers precede readers, shapes agree and live ranges are right.
[[nodiscard]] bool verify(const AtomGraph &graph);

} // namespace atomnet
