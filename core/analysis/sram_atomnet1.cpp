#include "core/analysis/sram_atomnet1.h"

#include <algorithm>

namespace atomnet
{

namespace
{

/// Bytes alive at each layer, by differences at the ends of the lifetimes.
std::vector<qint64> liveBytes(const AtomGraph &graph, const Buffers &buffers)
{
    std::vector<qint64> live(graph.atoms.size() + 1, 0);
    for (const Buffer &buffer : buffers) {
        live[std::size_t(buffer.first)] += buffer.bytes;
        live[std::size_t(buffer.last) + 1] -= buffer.bytes;
    }
    for (std::size_t i = 1; i < live.size(); ++i)
        live[i] += live[i - 1];
    return live;
}

} // namespace

SramUsage sramOfAtomNet1(const AtomGraph &graph)
{
    const Buffers buffers = lifetimes(graph);
    const MemoryPlan plan = planMemory(buffers);
    const std::vector<qint64> live = liveBytes(graph, buffers);

    SramUsage usage;
    usage.layers.reserve(graph.atoms.size());
    for (std::size_t i = 0; i < graph.atoms.size(); ++i) {
        const Atom &atom = graph.atoms[i];
        SramParts parts;
        for (const int input : atom.inputs)
            if (input >= 0) parts.input += buffers[std::size_t(input)].bytes;
        parts.output = buffers[std::size_t(atom.output)].bytes;
        parts.held = live[i] - parts.input - parts.output;
        usage.layers.push_back(parts);

        const std::size_t first = std::size_t(atom.inputs[0]);
        const bool dies = graph.tensors[first].lastUse == int(i);
        const qint64 overlap = dies ? std::min(buffers[first].bytes, parts.output) : 0;
        usage.low = std::max(usage.low, live[i] - overlap);
    }
    usage.value = usage.high = plan.arenaBytes;
    usage.estimated = true;
    usage.tensors = tensorLives(graph);
    for (std::size_t t = 0; t < usage.tensors.size(); ++t)
        usage.tensors[t].offset = plan.offsets[t];
    return usage;
}

} // namespace atomnet
