#pragma once

#include "core/analysis/timing.h"
#include "core/search/tables.h"

#include <unordered_map>

namespace atomnet
{

/// What blocks and heads cost for one target and mode. Each distinct block behind a shape is
/// lowered once, each distinct operator looked up once.
class PartCosts
{
public:
    PartCosts(const Target &target, Knowledge knowledge, Estimates estimates);

    /// Adds a block with all of its repeats and moves `shape` behind it. BadInput where it leaves
    /// the design's limits.
    [[nodiscard]] Result<> addBlock(const Block &block, Shape &shape, PartFigures &sum);
    [[nodiscard]] PartFigures head(const Head &head, const Shape &in);
    /// The unmeasured operator that was met last, for people.
    [[nodiscard]] const QString &lastUnmeasured() const { return m_lastUnmeasured; }

private:
    /// A block behind a shape, without what does not change its atoms; compared and hashed as
    /// memory.
    struct BlockKey {
        qint32 h = 0, w = 0, c = 0, out = 0, kernel = 0, stride = 0, squeeze = -1;
        quint8 type = 0, act = 0, seAct = 0, seGate = 0;
        double expand = 1;
        bool operator==(const BlockKey &) const = default;
    };
    struct BlockHash {
        std::size_t operator()(const BlockKey &key) const noexcept;
    };
    struct AtomHash {
        std::size_t operator()(const AtomKey &key) const noexcept
        {
            return std::size_t(hashOf(key));
        }
    };

    [[nodiscard]] static BlockKey keyOf(const Block &block, const Shape &in, int stride);
    const Result<PartFigures> &once(const Block &block, const Shape &in, int stride);
    [[nodiscard]] PartFigures figuresOf(const AtomGraph &graph);
    const Latency &latencyOf(const AtomKey &key);

    Runtime m_runtime;
    Estimates m_estimates;
    Knowledge m_knowledge;
    TimingBasis m_basis; ///< points into m_knowledge
    std::unordered_map<BlockKey, Result<PartFigures>, BlockHash> m_blocks;
    std::unordered_map<AtomKey, Latency, AtomHash> m_latencies;
    QString m_lastUnmeasured;
};

} // namespace atomnet
