#include "core/analysis/sram_atomnet1.h"

#include "core/analysis/arena_plan.h"
#include "core/analysis/runtime_footprint.h"

#include <algorithm>

namespace atomnet
{

namespace
{

/// Bytes that lie in both.
qint64 shared(const AtomGraph &graph, const ArenaPlan &plan, int a, int b)
{
    const qint64 beginA = plan.tensorOffsets[std::size_t(a)];
    const qint64 beginB = plan.tensorOffsets[std::size_t(b)];
    const qint64 end = std::min(beginA + graph.tensors[std::size_t(a)].bytes(),
                                beginB + graph.tensors[std::size_t(b)].bytes());
    return std::max(qint64(0), end - std::max(beginA, beginB));
}

SramParts partsOf(const AtomGraph &graph, const ArenaPlan &plan, std::size_t layer, qint64 live)
{
    const Atom &atom = graph.atoms[layer];
    SramParts parts;
    const qint64 output = graph.tensors[std::size_t(atom.output)].bytes();
    parts.output = output;
    for (std::size_t n = 0; n < atom.inputs.size(); ++n) {
        const int input = atom.inputs[n];
        if (input < 0 || (n > 0 && input == atom.inputs[0])) continue;
        parts.input += graph.tensors[std::size_t(input)].bytes();
        parts.output -= shared(graph, plan, input, atom.output);
    }
    parts.held = live - parts.input - output;
    parts.scratch = plan.scratchBytes[layer];
    return parts;
}

/// Bytes of the tensors alive at each layer, by differences at the ends of their lives.
std::vector<qint64> liveBytes(const AtomGraph &graph)
{
    std::vector<qint64> live(graph.atoms.size() + 1, 0);
    for (const Tensor &tensor : graph.tensors) {
        live[std::size_t(std::max(tensor.producer, 0))] += tensor.bytes();
        live[std::size_t(std::max(tensor.lastUse, 0)) + 1] -= tensor.bytes();
    }
    for (std::size_t i = 1; i < live.size(); ++i)
        live[i] += live[i - 1];
    return live;
}

} // namespace

SramUsage sramOfAtomNet1(const AtomGraph &graph)
{
    const ArenaPlan plan = planArena(graph);
    const std::vector<qint64> live = liveBytes(graph);
    SramUsage usage;
    usage.layers.reserve(graph.atoms.size());
    for (std::size_t i = 0; i < graph.atoms.size(); ++i)
        usage.layers.push_back(partsOf(graph, plan, i, live[i]));
    usage.breakdown =
        SramBreakdown{plan.arenaBytes, plan.lowerBound, dataBytes(graph), stackBytes(graph)};
    usage.value = usage.low = usage.high = usage.breakdown->total();
    usage.estimated = false;
    usage.tensors = tensorLives(graph);
    for (std::size_t t = 0; t < usage.tensors.size(); ++t)
        usage.tensors[t].offset = plan.tensorOffsets[t];
    return usage;
}

} // namespace atomnet
