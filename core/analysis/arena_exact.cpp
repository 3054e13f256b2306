#include "core/analysis/arena_search.h"

#include <algorithm>
#include <array>
#include <numeric>

// Every pair of buffers that is alive together satisfies one of at most three relations: a below b,
// b below a, or b over a as the kernel allows. Each is a set of bounds "offset v - offset u >= w".
// A choice of relations is possible when these bounds, those of the arena included, hold no cycle
// of positive length; the smallest offsets then are the longest paths from the arena's begin.
//
// The search keeps all longest paths. A relation that would close a positive cycle is out; a pair
// with none left ends the branch; one with a single one left takes it. Then it looks at the
// smallest offsets themselves: where they satisfy all pairs they are the answer, else it branches
// on a pair that they do not satisfy. Nothing is left out: any placement within the arena satisfies
// one relation of each pair.
namespace atomnet
{

namespace
{

/// Lengths of three paths still add up in 32 bits.
constexpr qint64 largestArena = qint64(1) << 29;

class Search
{
public:
    Search(const ArenaProblem &problem, qint64 mostNodes)
        : m_problem(problem), m_nodesLeft(mostNodes), m_count(problem.buffers.size() + 1)
    {
    }

    ArenaSearch run(qint64 arenaBytes)
    {
        if (arenaBytes > largestArena) return {std::nullopt, false};
        // Each buffer begins behind the arena's begin and ends before its end.
        Paths paths(m_count * m_count, 0);
        for (std::size_t u = 1; u < m_count; ++u) {
            const qint64 bytes = m_problem.buffers[u - 1].bytes;
            if (bytes > arenaBytes) return {};
            for (std::size_t v = 0; v < m_count; ++v)
                if (u != v) paths[u * m_count + v] = qint32(bytes - arenaBytes);
        }
        std::vector<int> open(m_problem.pairs.size());
        std::iota(open.begin(), open.end(), 0);
        ArenaSearch result;
        if (descend(std::move(paths), std::move(open)))
            result.offsets = std::move(m_answer);
        else
            result.complete = m_nodesLeft > 0;
        return result;
    }

private:
    static constexpr std::size_t begin = 0; ///< vertex of the arena's begin; buffer i is i + 1
    using Paths = std::vector<qint32>;      ///< longest from u to v at u * m_count + v

    struct Bound { ///< offset of `to` - offset of `from` >= length
        std::size_t from = 0, to = 0;
        qint64 length = 0;
    };
    struct Relation {
        std::array<Bound, 2> bounds;
        int count = 0;
    };
    struct Relations {
        std::array<Relation, 3> all;
        int count = 0;
    };

    [[nodiscard]] Relations relations(const ArenaPair &pair) const
    {
        const std::size_t a = std::size_t(pair.a), b = std::size_t(pair.b);
        Relations r;
        if (pair.overlap.kind == Overlap::Kind::InPlace)
            r.all[std::size_t(r.count++)] = {{Bound{a + 1, b + 1, 0}, Bound{b + 1, a + 1, 0}}, 2};
        if (pair.overlap.kind == Overlap::Kind::UpTo)
            r.all[std::size_t(r.count++)] = {
                {Bound{b + 1, a + 1, std::max(-largestArena, -pair.overlap.maxOffset)}, {}}, 1};
        r.all[std::size_t(r.count++)] = {{Bound{a + 1, b + 1, m_problem.buffers[a].bytes}, {}}, 1};
        r.all[std::size_t(r.count++)] = {{Bound{b + 1, a + 1, m_problem.buffers[b].bytes}, {}}, 1};
        return r;
    }

    [[nodiscard]] bool possible(const Paths &paths, const Relation &relation) const
    {
        for (int i = 0; i < relation.count; ++i) {
            const Bound &bound = relation.bounds[std::size_t(i)];
            if (paths[bound.to * m_count + bound.from] + bound.length > 0) return false;
        }
        return true;
    }

    /// True when every placement that the paths still allow satisfies the relation.
    [[nodiscard]] bool holds(const Paths &paths, const Relation &relation) const
    {
        for (int i = 0; i < relation.count; ++i) {
            const Bound &bound = relation.bounds[std::size_t(i)];
            if (paths[bound.from * m_count + bound.to] < bound.length) return false;
        }
        return true;
    }

    void bind(Paths &paths, const Bound &bound) const
    {
        const qint32 *const onward = &paths[bound.to * m_count];
        for (std::size_t u = 0; u < m_count; ++u) {
            qint32 *const from = &paths[u * m_count];
            const qint32 length = from[bound.from] + qint32(bound.length);
            if (length <= from[bound.to]) continue; // nothing behind `to` gets further either
            for (std::size_t v = 0; v < m_count; ++v)
                from[v] = std::max(from[v], length + onward[v]);
        }
    }

    void take(Paths &paths, const Relation &relation) const
    {
        for (int i = 0; i < relation.count; ++i)
            bind(paths, relation.bounds[std::size_t(i)]);
    }

    /// Takes what is forced until nothing is; false when a pair has no relation left.
    [[nodiscard]] bool propagate(Paths &paths, std::vector<int> &open) const
    {
        for (bool changed = true; changed;) {
            changed = false;
            for (std::size_t n = 0; n < open.size();) {
                const Relations r = relations(m_problem.pairs[std::size_t(open[n])]);
                const Relation *only = nullptr;
                int left = 0;
                bool done = false;
                for (int i = 0; i < r.count && !done; ++i) {
                    const Relation &relation = r.all[std::size_t(i)];
                    if (!possible(paths, relation)) continue;
                    done = holds(paths, relation);
                    only = &relation;
                    ++left;
                }
                if (!done && left == 0) return false;
                if (!done && left == 1) {
                    take(paths, *only);
                    done = changed = true;
                }
                if (!done) {
                    ++n;
                    continue;
                }
                open[n] = open.back();
                open.pop_back();
            }
        }
        return true;
    }

    /// The pair that the smallest offsets violate by the most bytes; -1 when they are an answer.
    [[nodiscard]] int worst(const Paths &paths, const std::vector<int> &open) const
    {
        int worst = -1;
        qint64 most = 0;
        for (const int p : open) {
            const ArenaPair &pair = m_problem.pairs[std::size_t(p)];
            const qint64 a = paths[begin * m_count + std::size_t(pair.a) + 1];
            const qint64 b = paths[begin * m_count + std::size_t(pair.b) + 1];
            if (keepsApart(m_problem, pair, a, b)) continue;
            const qint64 shared = std::min(a + m_problem.buffers[std::size_t(pair.a)].bytes,
                                           b + m_problem.buffers[std::size_t(pair.b)].bytes) -
                                  std::max(a, b);
            if (shared > most || (shared == most && p < worst)) {
                most = shared;
                worst = p;
            }
        }
        return worst;
    }

    bool descend(Paths paths, std::vector<int> open) // NOLINT(misc-no-recursion): by open pairs
    {
        if (m_nodesLeft <= 0) return false;
        --m_nodesLeft;
        if (!propagate(paths, open)) return false;
        const int branch = worst(paths, open);
        if (branch < 0) {
            m_answer.assign(paths.begin() + 1, paths.begin() + std::ptrdiff_t(m_count));
            return true;
        }
        open.erase(std::find(open.begin(), open.end(), branch));
        const Relations r = relations(m_problem.pairs[std::size_t(branch)]);
        for (int i = 0; i < r.count; ++i) {
            if (!possible(paths, r.all[std::size_t(i)])) continue;
            Paths next = paths;
            take(next, r.all[std::size_t(i)]);
            if (descend(std::move(next), open)) return true;
        }
        return false;
    }

    const ArenaProblem &m_problem;
    qint64 m_nodesLeft;
    std::size_t m_count;
    std::vector<qint64> m_answer;
};

} // namespace

ArenaSearch searchArena(const ArenaProblem &problem, qint64 arenaBytes, qint64 mostNodes)
{
    return Search(problem, mostNodes).run(arenaBytes);
}

} // namespace atomnet
