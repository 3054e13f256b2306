#include "core/analysis/sram_xcubeai.h"

#include <algorithm>

namespace atomnet
{

namespace
{

constexpr int errorPercent = 15;

/// The sizes that the rule is about, of one operator.
struct Sizes {
    qint64 raw = 0; ///< input without its padding
    qint64 in = 0;
    qint64 out = 0;
    qint64 held = 0;
    bool isFirst = false; ///< reads the tensor that the shortcut holds
};

qint64 pointwiseScratch(const AtomKey &key)
{
    return qint64(4) * key.inC + qint64(10) * key.outC;
}

/// Input and output together, without scratch and without the held tensor.
qint64 inAndOut(const Atom &atom, const Sizes &s)
{
    if (s.isFirst) return s.in + s.out;
    const qint64 larger = std::max(s.in, s.out);
    const qint64 smaller = std::min(s.in, s.out);
    switch (atom.key.kind) {
    case AtomKind::Pad:
    case AtomKind::SqueezeExcite:
        return larger;
    case AtomKind::Conv:
        return atom.key.padT > 0 ? larger : s.in + s.out; // only the stem pads by itself
    case AtomKind::Depthwise:
        return atom.key.strideH > 1 || atom.key.strideW > 1 ? larger + smaller / 2 : larger;
    case AtomKind::Pointwise:
        if (s.held == 0) return larger;
        // Projections: fitted to one block of two networks, see the header.
        return atom.role == Role::Project ? std::max(larger + s.held, s.in + s.in / 2 - s.held)
                                          : larger + s.held;
    case AtomKind::Add:
    case AtomKind::Mul:
    case AtomKind::Scale:
        return s.in;
    case AtomKind::Mean:
    case AtomKind::FullyConnected:
    case AtomKind::PointwisePair:
        break;
    }
    return s.in + s.out;
}

qint64 scratchOf(const AtomKey &key)
{
    if (key.kind == AtomKind::Pointwise) return pointwiseScratch(key);
    if (key.kind == AtomKind::SqueezeExcite) return qint64(11) * key.inC + qint64(5) * key.squeeze;
    return 0;
}

SramParts partsOf(const Atom &atom, const Sizes &s)
{
    SramParts parts;
    parts.scratch = scratchOf(atom.key);
    parts.held = s.isFirst ? 0 : s.held;
    const qint64 both = inAndOut(atom, s);
    parts.input = s.raw;
    // A pad operator's output is its input and the border around it.
    parts.pad = atom.key.kind == AtomKind::Pad ? s.out - s.in : s.in - s.raw;
    parts.output = std::max<qint64>(0, both - parts.input - parts.pad);
    return parts;
}

} // namespace

SramUsage sramOfXCubeAi(const AtomGraph &graph)
{
    SramUsage usage;
    usage.layers.reserve(graph.atoms.size());
    qint64 held = 0;
    for (const Atom &atom : graph.atoms) {
        Sizes s;
        const Tensor &input = graph.tensors[std::size_t(atom.inputs[0])];
        s.in = input.bytes();
        s.raw = s.in;
        if (input.producer >= 0) {
            const Atom &before = graph.atoms[std::size_t(input.producer)];
            if (before.key.kind == AtomKind::Pad) s.raw = before.key.in().bytes();
        }
        s.out = atom.key.out().bytes();
        if (atom.inShortcut && held == 0) {
            held = s.in;
            s.isFirst = true;
        }
        s.held = held;
        usage.layers.push_back(partsOf(atom, s));
        if (atom.key.kind == AtomKind::Add) held = 0;
        usage.value = std::max(usage.value, usage.layers.back().total());
    }
    const qint64 error = usage.value / 100 * errorPercent + usage.value % 100 * errorPercent / 100;
    usage.low = usage.value - error;
    usage.high = usage.value + error;
    usage.estimated = true;
    usage.tensors = tensorLives(graph);
    return usage;
}

} // namespace atomnet
