#include "core/analysis/memory_plan.h"

#include <algorithm>
#include <array>
#include <numeric>

namespace atomnet
{

namespace
{

constexpr std::size_t manyBuffers = 256; ///< above this, one order only: time matters more
constexpr int mostRepairs = 48;

qint64 aligned(qint64 bytes)
{
    return (bytes + 3) & ~qint64(3);
}

/// Who is alive with whom. Only steps at which a buffer begins matter: the live set grows nowhere
/// else.
class LiveSets
{
public:
    explicit LiveSets(const Buffers &buffers) : m_spans(buffers.size())
    {
        std::vector<int> steps;
        steps.reserve(buffers.size());
        for (const Buffer &buffer : buffers)
            steps.push_back(buffer.first);
        std::sort(steps.begin(), steps.end());
        steps.erase(std::unique(steps.begin(), steps.end()), steps.end());

        const auto rank = [&steps](auto position) { return std::size_t(position - steps.begin()); };
        m_liveAt.assign(steps.size() + 1, 0);
        m_startAt.assign(steps.size() + 1, 0);
        for (std::size_t i = 0; i < buffers.size(); ++i) {
            const Buffer &buffer = buffers[i];
            Span &span = m_spans[i];
            span.first = rank(std::lower_bound(steps.begin(), steps.end(), buffer.first));
            span.end = std::max(span.first + 1,
                                rank(std::upper_bound(steps.begin(), steps.end(), buffer.last)));
            ++m_startAt[span.first];
            for (std::size_t s = span.first; s < span.end; ++s)
                ++m_liveAt[s];
        }
        std::exclusive_scan(m_liveAt.begin(), m_liveAt.end(), m_liveAt.begin(), std::size_t{0});
        std::exclusive_scan(m_startAt.begin(), m_startAt.end(), m_startAt.begin(), std::size_t{0});
        m_live.resize(m_liveAt.back());
        m_starting.resize(buffers.size());
        std::vector<std::size_t> nextLive = m_liveAt, nextStart = m_startAt;
        for (std::size_t i = 0; i < buffers.size(); ++i) {
            const Span &span = m_spans[i];
            m_starting[nextStart[span.first]++] = i;
            for (std::size_t s = span.first; s < span.end; ++s)
                m_live[nextLive[s]++] = i;
        }
    }

    /// Calls `visit` for every buffer that is alive together with `buffer`, itself included at
    /// least once.
    template <class Visit>
    void forEachNeighbour(std::size_t buffer, const Visit &visit) const
    {
        const Span &span = m_spans[buffer];
        for (std::size_t n = m_liveAt[span.first]; n < m_liveAt[span.first + 1]; ++n)
            visit(m_live[n]);
        for (std::size_t n = m_startAt[span.first + 1]; n < m_startAt[span.end]; ++n)
            visit(m_starting[n]);
    }

    /// Sum of the buffers alive at each step that matters.
    [[nodiscard]] std::vector<qint64> sums(const Buffers &buffers) const
    {
        std::vector<qint64> sums(m_liveAt.size() - 1, 0);
        for (std::size_t s = 0; s < sums.size(); ++s)
            for (std::size_t n = m_liveAt[s]; n < m_liveAt[s + 1]; ++n)
                sums[s] += buffers[m_live[n]].bytes;
        return sums;
    }

    /// The largest of `sums` during this buffer's life.
    [[nodiscard]] qint64 peakDuring(std::size_t buffer, const std::vector<qint64> &sums) const
    {
        const Span &span = m_spans[buffer];
        return *std::max_element(sums.begin() + std::ptrdiff_t(span.first),
                                 sums.begin() + std::ptrdiff_t(span.end));
    }

private:
    struct Span {
        std::size_t first = 0, end = 0; ///< steps that matter, end exclusive
    };
    std::vector<Span> m_spans;
    std::vector<std::size_t> m_liveAt, m_startAt; ///< where each step's part begins
    std::vector<std::size_t> m_live, m_starting;  ///< buffers by step
};

/// Places the buffers in this order, each at the lowest aligned gap between those already placed.
MemoryPlan place(const Buffers &buffers, const LiveSets &sets,
                 const std::vector<std::size_t> &order)
{
    MemoryPlan plan;
    plan.offsets.assign(buffers.size(), -1);
    struct Taken {
        qint64 begin, end;
    };
    std::vector<Taken> taken;
    for (const std::size_t i : order) {
        const qint64 bytes = buffers[i].bytes;
        taken.clear();
        sets.forEachNeighbour(i, [&](std::size_t other) {
            if (plan.offsets[other] >= 0 && buffers[other].bytes > 0)
                taken.push_back({plan.offsets[other], plan.offsets[other] + buffers[other].bytes});
        });
        std::sort(taken.begin(), taken.end(),
                  [](const Taken &a, const Taken &b) { return a.begin < b.begin; });
        qint64 offset = 0;
        for (const Taken &range : taken) {
            if (range.begin - offset >= bytes) break;
            offset = std::max(offset, aligned(range.end));
        }
        plan.offsets[i] = offset;
        plan.arenaBytes = std::max(plan.arenaBytes, offset + bytes);
    }
    return plan;
}

} // namespace

MemoryPlan planMemory(const Buffers &buffers)
{
    if (buffers.empty()) return {};
    const LiveSets sets(buffers);
    const std::vector<qint64> sums = sets.sums(buffers);
    const qint64 lowerBound = *std::max_element(sums.begin(), sums.end());

    std::vector<std::size_t> order(buffers.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    const auto life = [&](std::size_t i) { return qint64(buffers[i].last) - buffers[i].first; };
    const auto planBy = [&](const auto &before) {
        std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
            if (before(a, b)) return true;
            if (before(b, a)) return false;
            return a < b;
        });
        return place(buffers, sets, order);
    };
    const auto bySize = [&](std::size_t a, std::size_t b) {
        return buffers[a].bytes != buffers[b].bytes ? buffers[a].bytes > buffers[b].bytes
                                                    : life(a) > life(b);
    };
    MemoryPlan tried = planBy(bySize), best = tried;
    const auto improve = [&](const auto &before) {
        if (buffers.size() > manyBuffers || best.arenaBytes == lowerBound) return;
        tried = planBy(before);
        if (tried.arenaBytes < best.arenaBytes) best = tried;
    };
    improve([&](std::size_t a, std::size_t b) {
        return life(a) != life(b) ? life(a) > life(b) : bySize(a, b);
    });
    improve([&](std::size_t a, std::size_t b) {
        return buffers[a].first != buffers[b].first ? buffers[a].first < buffers[b].first
                                                    : bySize(a, b);
    });
    improve([&](std::size_t a, std::size_t b) {
        return buffers[a].last != buffers[b].last ? buffers[a].last > buffers[b].last
                                                  : bySize(a, b);
    });
    if (buffers.size() <= manyBuffers && best.arenaBytes != lowerBound) {
        // The steps where memory is tightest first.
        std::vector<qint64> peaks(buffers.size());
        for (std::size_t i = 0; i < buffers.size(); ++i)
            peaks[i] = sets.peakDuring(i, sums);
        improve([&](std::size_t a, std::size_t b) {
            return peaks[a] != peaks[b] ? peaks[a] > peaks[b] : bySize(a, b);
        });
    }
    // What sticks out at the top should have been placed earlier: moved to the front, until nothing
    // helps.
    for (int round = 0;
         buffers.size() <= manyBuffers && round < mostRepairs && best.arenaBytes != lowerBound;
         ++round) {
        const auto top = std::find_if(order.begin(), order.end(), [&](std::size_t i) {
            return tried.offsets[i] + buffers[i].bytes == tried.arenaBytes;
        });
        std::rotate(order.begin(), top, top + 1);
        tried = place(buffers, sets, order);
        if (tried.arenaBytes < best.arenaBytes) best = tried;
    }
    best.lowerBound = lowerBound;
    return best;
}

bool anyOverlap(const Buffers &buffers, const MemoryPlan &plan)
{
    for (std::size_t a = 0; a < buffers.size(); ++a) {
        for (std::size_t b = a + 1; b < buffers.size(); ++b) {
            const bool together =
                buffers[a].first <= buffers[b].last && buffers[b].first <= buffers[a].last;
            if (!together || buffers[a].bytes == 0 || buffers[b].bytes == 0) continue;
            if (plan.offsets[a] < plan.offsets[b] + buffers[b].bytes &&
                plan.offsets[b] < plan.offsets[a] + buffers[a].bytes)
                return true;
        }
    }
    return false;
}

Buffers lifetimes(const AtomGraph &graph)
{
    Buffers buffers;
    buffers.reserve(graph.tensors.size());
    for (const Tensor &tensor : graph.tensors)
        buffers.push_back(
            {aligned(tensor.bytes()), std::max(tensor.producer, 0), std::max(tensor.lastUse, 0)});
    return buffers;
}

} // namespace atomnet
