#pragma once

#include "core/lowering/atom_graph.h"

// How lowering writes a graph: the walk over the blocks (lower.cpp) says what is computed, a
// runtime's emitter says by which atoms.
namespace atomnet
{

/// Where the atoms that follow stand in the design.
struct AtomPlace {
    qint16 stage = -1, block = -1, repeat = 0;
    BlockId blockId;
    bool inShortcut = false;
};

/// Appends atoms and their tensors; keeps producers and last readers right.
class GraphBuilder
{
public:
    GraphBuilder(Runtime runtime, Shape input, std::size_t expectedAtoms);

    /// Appends an atom that reads `in0` (and `in1`) and returns the tensor it writes, shaped like
    /// the key's output. Sets the key's variant.
    int append(const AtomKey &key, Role role, int in0, int in1 = -1);
    [[nodiscard]] const Shape &shape(int tensor) const
    {
        return m_graph.tensors[std::size_t(tensor)].shape;
    }
    [[nodiscard]] AtomGraph take() { return std::move(m_graph); }

    AtomPlace place; ///< of the atoms appended next

private:
    AtomGraph m_graph;
};

/// A convolution of a block, before a runtime has decided about its padding.
struct ConvSpec {
    AtomKind kind = AtomKind::Conv;
    Role role = Role::Conv;
    int out = 0; ///< output channels
    int kernel = 1, stride = 1;
    KeyAct act = KeyAct::None;
};

/// What differs between runtimes. Every function returns the tensor it leaves behind.
class Emitter
{
public:
    virtual ~Emitter() = default;
    virtual int conv(GraphBuilder &graph, int in, const ConvSpec &spec) const = 0;
    virtual int squeezeExcite(GraphBuilder &graph, int in, const SqueezeExcite &se) const = 0;
    /// Two pointwise convolutions behind each other, `act` between them, none behind.
    virtual int expandProject(GraphBuilder &graph, int in, int expanded, int out,
                              KeyAct act) const = 0;
};

/// The emitter of this runtime; lives as long as the program.
[[nodiscard]] const Emitter &xCubeAiEmitter();
[[nodiscard]] const Emitter &atomNet1Emitter();

/// A key with both shapes set and everything else at its neutral value, activation none.
[[nodiscard]] AtomKey shapedKey(AtomKind kind, const Shape &in, const Shape &out);
/// Key of a convolution that pads k/2 by itself, at its true stride.
[[nodiscard]] AtomKey paddedConvKey(const ConvSpec &spec, const Shape &in);

} // namespace atomnet
