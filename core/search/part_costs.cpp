#include "core/search/part_costs.h"

#include "core/analysis/arena_plan.h"
#include "core/analysis/flash.h"
#include "core/analysis/saturate.h"
#include "core/analysis/sram.h"
#include "core/lowering/lower.h"
#include "core/model/validate.h"

#include <algorithm>

namespace atomnet
{

std::size_t PartCosts::BlockHash::operator()(const BlockKey &key) const noexcept
{
    const std::size_t shape = qHashMulti(0, key.h, key.w, key.c, key.out, key.expand);
    return qHashMulti(shape, key.kernel, key.stride, key.squeeze, key.type, key.act, key.seAct,
                      key.seGate);
}

PartCosts::PartCosts(const Target &target, Knowledge knowledge, Estimates estimates)
    : m_runtime(target.runtime)
    , m_estimates(estimates)
    , m_knowledge(std::move(knowledge))
    , m_basis(timingBasis(target, m_knowledge))
{
}

PartCosts::BlockKey PartCosts::keyOf(const Block &block, const Shape &in, int stride)
{
    BlockKey key;
    key.h = in.h;
    key.w = in.w;
    key.c = in.c;
    key.out = block.out;
    key.kernel = block.kernel;
    key.stride = stride;
    key.type = quint8(block.type);
    key.act = quint8(block.act);
    key.expand = block.expand;
    if (!block.se) return key;
    // Its channels where they are given; else what they are made from, as another number.
    key.squeeze = block.se->channels ? *block.se->channels : maxChannels + block.se->reduction;
    key.seAct = quint8(block.se->act);
    key.seGate = quint8(block.se->gate);
    return key;
}

Result<> PartCosts::addBlock(const Block &block, Shape &shape, PartFigures &sum)
{
    const Result<PartFigures> &first = once(block, shape, block.stride);
    if (!first) return tl::make_unexpected(first.error());
    sum.add(*first);
    shape = outputShape(block, shape);
    if (block.repeat == 1) return {};
    const Result<PartFigures> &repeated = once(block, shape, 1);
    if (!repeated) return tl::make_unexpected(repeated.error());
    for (int i = 1; i < block.repeat; ++i)
        sum.add(*repeated);
    return {};
}

const Result<PartFigures> &PartCosts::once(const Block &block, const Shape &in, int stride)
{
    const BlockKey key = keyOf(block, in, stride);
    if (const auto known = m_blocks.find(key); known != m_blocks.end()) return known->second;
    Network alone;
    alone.input = in;
    alone.stages.resize(1);
    alone.stages[0].blocks = {block};
    Block &one = alone.stages[0].blocks[0];
    one.stride = stride;
    one.repeat = 1;
    const auto fault = findFault(alone);
    return m_blocks
        .emplace(key, fault ? Result<PartFigures>(fail(ErrorCode::BadInput, fault->what))
                            : Result<PartFigures>(figuresOf(lowerBlock(one, in, m_runtime))))
        .first->second;
}

PartFigures PartCosts::head(const Head &head, const Shape &in)
{
    return figuresOf(lowerHead(head, in, m_runtime));
}

const Latency &PartCosts::latencyOf(const AtomKey &key)
{
    if (const auto known = m_latencies.find(key); known != m_latencies.end()) return known->second;
    return m_latencies.emplace(key, operatorLatency(key, m_basis)).first->second;
}

PartFigures PartCosts::figuresOf(const AtomGraph &graph)
{
    const bool pessimistic = m_estimates == Estimates::Pessimistic;
    PartFigures figures;
    for (const Atom &atom : graph.atoms) {
        figures.macs = saturatingAdd(figures.macs, macsOf(atom.key));
        figures.macsElementwise =
            saturatingAdd(figures.macsElementwise, elementwiseMacsOf(atom.key));
        figures.params = saturatingAdd(figures.params, paramsOf(atom.key));
        figures.flash += layerFlashBytes(m_runtime, atom.key);
        if (m_runtime == Runtime::AtomNet1)
            figures.kernels = quint16(figures.kernels | 1U << unsigned(atom.key.kind));
        const Latency &latency = latencyOf(atom.key);
        if (latency.source != Source::Measured) {
            figures.unmeasured = true;
            m_lastUnmeasured = describe(atom.key);
        }
        if (latency.source == Source::Missing || (pessimistic && !latency.high)) {
            figures.missing = true;
            continue;
        }
        const qint64 time = pessimistic ? *latency.high : latency.value;
        figures.latency = saturatingAdd(figures.latency, time);
        if (latency.source == Source::Measured)
            figures.measuredLatency = saturatingAdd(figures.measuredLatency, time);
    }
    if (m_runtime == Runtime::AtomNet1) {
        // What the block's own buffers need in any arena, the network's included.
        figures.sram = planArena(graph).lowerBound;
    } else {
        const SramUsage usage = sramUsage(graph);
        figures.sram = pessimistic ? usage.high : usage.value;
    }
    return figures;
}

} // namespace atomnet
