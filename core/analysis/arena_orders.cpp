#include "core/analysis/arena_search.h"

#include <algorithm>
#include <functional>
#include <limits>
#include <numeric>

namespace atomnet
{

namespace
{

constexpr std::size_t manyBuffers = 1024; ///< above this, fewer orders: time matters more
constexpr int mostRepairs = 64;

/// Who is alive together with whom, by buffer.
class Neighbours
{
public:
    explicit Neighbours(const ArenaProblem &problem)
        : m_begin(problem.buffers.size() + 1, 0), m_entries(2 * problem.pairs.size())
    {
        for (const ArenaPair &pair : problem.pairs) {
            ++m_begin[std::size_t(pair.a)];
            ++m_begin[std::size_t(pair.b)];
        }
        std::exclusive_scan(m_begin.begin(), m_begin.end(), m_begin.begin(), std::size_t{0});
        std::vector<std::size_t> next(m_begin.begin(), m_begin.end() - 1);
        for (const ArenaPair &pair : problem.pairs) {
            m_entries[next[std::size_t(pair.a)]++] = {pair.b, false, pair.overlap};
            m_entries[next[std::size_t(pair.b)]++] = {pair.a, true, pair.overlap};
        }
    }

    struct Entry {
        int other = 0;
        bool overOther = false; ///< the buffer itself is the output of the pair
        Overlap overlap;
    };
    [[nodiscard]] const Entry *begin(std::size_t buffer) const
    {
        return m_entries.data() + m_begin[buffer];
    }
    [[nodiscard]] const Entry *end(std::size_t buffer) const
    {
        return m_entries.data() + m_begin[buffer + 1];
    }

private:
    std::vector<std::size_t> m_begin;
    std::vector<Entry> m_entries;
};

using Order = std::vector<int>;

/// Sorts as it says: a higher rank first, then more bytes, then what was born earlier.
struct Ranked {
    qint64 rank = 0, bytes = 0;
    int buffer = 0;
    [[nodiscard]] bool operator>(const Ranked &other) const
    {
        if (rank != other.rank) return rank > other.rank;
        if (bytes != other.bytes) return bytes > other.bytes;
        return buffer < other.buffer;
    }
};

class Placer
{
public:
    Placer(const ArenaProblem &problem, const std::vector<qint64> &fixed)
        : m_problem(problem), m_fixed(fixed), m_neighbours(problem)
    {
        m_fixed.resize(problem.buffers.size(), -1);
        m_fixedBytes = arenaEnd(problem, m_fixed);
    }

    /// Each buffer in this order at its lowest offset that keeps clear of those already placed.
    /// Gives up where the arena is known to reach `tooMany` bytes.
    void place(const Order &order, qint64 tooMany = std::numeric_limits<qint64>::max())
    {
        offsets = m_fixed;
        arenaBytes = m_fixedBytes;
        for (const int i : order) {
            const std::size_t buffer = std::size_t(i);
            offsets[buffer] = lowest(buffer);
            arenaBytes = std::max(arenaBytes, offsets[buffer] + m_problem.buffers[buffer].bytes);
            if (arenaBytes >= tooMany) return;
        }
    }

    std::vector<qint64> offsets;
    qint64 arenaBytes = 0;

private:
    struct Barred { ///< offsets between these, both exclusive
        qint64 after, before;
    };

    /// Keeps them in order: there are only a few, and they come nearly so.
    void bar(qint64 after, qint64 before)
    {
        if (before - after <= 1) return;
        m_barred.push_back({after, before});
        for (std::size_t i = m_barred.size() - 1; i > 0 && m_barred[i - 1].after > after; --i)
            std::swap(m_barred[i - 1], m_barred[i]);
    }

    [[nodiscard]] qint64 lowest(std::size_t buffer)
    {
        m_barred.clear();
        const qint64 bytes = m_problem.buffers[buffer].bytes;
        const Neighbours::Entry *const end = m_neighbours.end(buffer);
        for (const Neighbours::Entry *entry = m_neighbours.begin(buffer); entry != end; ++entry) {
            const qint64 at = offsets[std::size_t(entry->other)];
            if (at < 0) continue;
            const qint64 below = at - bytes;
            const qint64 above = at + m_problem.buffers[std::size_t(entry->other)].bytes;
            switch (entry->overlap.kind) {
            case Overlap::Kind::None:
                bar(below, above);
                break;
            case Overlap::Kind::InPlace:
                bar(below, at);
                bar(at, above);
                break;
            case Overlap::Kind::UpTo:
                if (entry->overOther)
                    bar(std::max(below, at + entry->overlap.maxOffset), above);
                else
                    bar(below, std::min(above, at - entry->overlap.maxOffset));
                break;
            }
        }
        qint64 offset = 0;
        for (const Barred &range : m_barred) {
            if (range.after >= offset) break;
            offset = std::max(offset, range.before);
        }
        return offset;
    }

    const ArenaProblem &m_problem;
    std::vector<qint64> m_fixed;
    qint64 m_fixedBytes = 0;
    Neighbours m_neighbours;
    std::vector<Barred> m_barred;
};

} // namespace

std::vector<qint64> placeByOrders(const ArenaProblem &problem, const std::vector<qint64> &fixed)
{
    const std::vector<ArenaBuffer> &buffers = problem.buffers;
    Placer placer(problem, fixed);
    std::vector<qint64> best;
    qint64 bestBytes = std::numeric_limits<qint64>::max();
    Order order, bestOrder; // of those that are not fixed
    for (std::size_t i = 0; i < buffers.size(); ++i)
        if (fixed.empty() || fixed[i] < 0) order.push_back(int(i));

    const auto at = [&buffers](int i) -> const ArenaBuffer & { return buffers[std::size_t(i)]; };
    /// Keeps what was placed in `order` when it is better; true when the search is over.
    const auto keep = [&] {
        if (placer.arenaBytes < bestBytes) {
            best = placer.offsets;
            bestBytes = placer.arenaBytes;
            bestOrder = order;
        }
        return bestBytes <= problem.lowerBound;
    };
    std::vector<Ranked> ranked(order.size());
    const auto triedBy = [&](const auto &rank) {
        for (std::size_t n = 0; n < order.size(); ++n)
            ranked[n] = {rank(order[n]), at(order[n]).bytes, order[n]};
        std::sort(ranked.begin(), ranked.end(), std::greater<>());
        for (std::size_t n = 0; n < order.size(); ++n)
            order[n] = ranked[n].buffer;
        placer.place(order, bestBytes);
        return keep();
    };
    if (triedBy([&](int i) { return at(i).bytes; })) return best;
    const std::vector<qint64> pressure = pressures(problem);
    if (triedBy([&](int i) { return pressure[std::size_t(i)]; })) return best;
    if (buffers.size() > manyBuffers) return best;
    if (triedBy([&](int i) { return at(i).last - at(i).first; })) return best;
    if (triedBy([&](int i) { return -at(i).first; })) return best;
    if (triedBy([&](int i) { return at(i).last; })) return best;

    // What sticks out at the top should have been placed earlier: moved to the front, until nothing
    // helps.
    order = bestOrder;
    placer.offsets = best;
    placer.arenaBytes = bestBytes;
    std::vector<Order> seen{order};
    for (int round = 0; round < mostRepairs; ++round) {
        const auto top = std::find_if(order.begin(), order.end(), [&](int i) {
            return placer.offsets[std::size_t(i)] + at(i).bytes == placer.arenaBytes;
        });
        if (top == order.end()) break; // one that is fixed
        std::rotate(order.begin(), top, top + 1);
        if (std::find(seen.begin(), seen.end(), order) != seen.end()) break; // it goes in circles
        seen.push_back(order);
        placer.place(order);
        if (keep()) break;
    }
    return best;
}

} // namespace atomnet
