#include "core/lowering/atom_graph.h"

#include <algorithm>

namespace atomnet
{

QString toString(Role role)
{
    switch (role) {
    case Role::Conv:
        return QStringLiteral("conv");
    case Role::Pad:
        return QStringLiteral("pad");
    case Role::Depthwise:
        return QStringLiteral("dw");
    case Role::Pointwise:
        return QStringLiteral("pw");
    case Role::Expand:
        return QStringLiteral("expand");
    case Role::Project:
        return QStringLiteral("project");
    case Role::ExpandProject:
        return QStringLiteral("expand-project");
    case Role::Se:
        return QStringLiteral("se");
    case Role::SePool:
        return QStringLiteral("se-pool");
    case Role::SeReduce:
        return QStringLiteral("se-reduce");
    case Role::SeExpand:
        return QStringLiteral("se-expand");
    case Role::SeScale:
        return QStringLiteral("se-scale");
    case Role::Add:
        return QStringLiteral("add");
    case Role::HeadConv:
        return QStringLiteral("conv");
    case Role::Pool:
        return QStringLiteral("pool");
    case Role::Hidden:
        return QStringLiteral("hidden");
    case Role::Classifier:
        return QStringLiteral("classifier");
    }
    return {};
}

namespace
{

[[nodiscard]] bool takesTwo(AtomKind kind)
{
    return kind == AtomKind::Add || kind == AtomKind::Mul || kind == AtomKind::Scale;
}

/// The second operand: the same shape for add and mul, one factor per channel for scale.
[[nodiscard]] bool secondFits(const AtomKey &key, const Shape &second)
{
    return second == (key.kind == AtomKind::Scale ? Shape{1, 1, key.inC} : key.in());
}

} // namespace

bool verify(const AtomGraph &graph)
{
    const int tensors = int(graph.tensors.size());
    const int atoms = int(graph.atoms.size());
    if (tensors != atoms + 1 || graph.tensors[0].producer != -1) return false;
    std::vector<int> lastUse(graph.tensors.size(), -1);
    for (int i = 0; i < atoms; ++i) {
        const Atom &atom = graph.atoms[std::size_t(i)];
        if (atom.output < 1 || atom.output >= tensors) return false;
        const Tensor &out = graph.tensors[std::size_t(atom.output)];
        if (out.producer != i || out.shape != atom.key.out()) return false;
        lastUse[std::size_t(atom.output)] = std::max(lastUse[std::size_t(atom.output)], i);
        const int operands = takesTwo(atom.key.kind) ? 2 : 1;
        for (int n = 0; n < 2; ++n) {
            const int in = atom.inputs[std::size_t(n)];
            if (n >= operands) {
                if (in != -1) return false;
                continue;
            }
            if (in < 0 || in >= tensors) return false;
            const Tensor &read = graph.tensors[std::size_t(in)];
            if (read.producer >= i) return false;
            if (n == 0 ? read.shape != atom.key.in() : !secondFits(atom.key, read.shape))
                return false;
            lastUse[std::size_t(in)] = i;
        }
    }
    for (int t = 0; t < tensors; ++t)
        if (graph.tensors[std::size_t(t)].lastUse != lastUse[std::size_t(t)]) return false;
    return true;
}

} // namespace atomnet
