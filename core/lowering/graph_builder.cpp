#include "core/lowering/graph_builder.h"

#include "core/lowering/atom_variant.h"

namespace atomnet
{

GraphBuilder::GraphBuilder(Runtime runtime, Shape input, std::size_t expectedAtoms)
{
    m_graph.runtime = runtime;
    m_graph.atoms.reserve(expectedAtoms);
    m_graph.tensors.reserve(expectedAtoms + 1);
    m_graph.tensors.push_back({input, -1, -1});
}

int GraphBuilder::append(const AtomKey &key, Role role, int in0, int in1)
{
    const int index = int(m_graph.atoms.size());
    const int output = int(m_graph.tensors.size());
    Atom atom;
    atom.key = key;
    if (m_graph.runtime == Runtime::AtomNet1) atom.key.variant = typicalVariant(key);
    atom.role = role;
    atom.stage = place.stage;
    atom.block = place.block;
    atom.repeat = place.repeat;
    atom.inShortcut = place.inShortcut;
    atom.blockId = place.blockId;
    atom.inputs = {in0, in1};
    atom.output = output;
    m_graph.atoms.push_back(atom);
    m_graph.tensors[std::size_t(in0)].lastUse = index;
    if (in1 >= 0) m_graph.tensors[std::size_t(in1)].lastUse = index;
    m_graph.tensors.push_back({key.out(), index, index});
    return output;
}

AtomKey shapedKey(AtomKind kind, const Shape &in, const Shape &out)
{
    AtomKey key;
    key.kind = kind;
    key.act = KeyAct::None;
    key.inH = qint32(in.h);
    key.inW = qint32(in.w);
    key.inC = qint32(in.c);
    key.outH = qint32(out.h);
    key.outW = qint32(out.w);
    key.outC = qint32(out.c);
    return key;
}

AtomKey paddedConvKey(const ConvSpec &spec, const Shape &in)
{
    const Shape out{convOutSide(int(in.h), spec.kernel, spec.stride),
                    convOutSide(int(in.w), spec.kernel, spec.stride), spec.out};
    AtomKey key = shapedKey(spec.kind, in, out);
    key.groups = spec.kind == AtomKind::Depthwise ? key.inC : 1;
    key.kernelH = key.kernelW = quint16(spec.kernel);
    key.strideH = key.strideW = quint16(spec.stride);
    key.padT = key.padL = key.padB = key.padR = quint16(spec.kernel / 2);
    key.act = spec.act;
    return key;
}

} // namespace atomnet
