#include "core/search/searcher_private.h"

#include <algorithm>
#include <map>
#include <tuple>

// Networks within limits are counted by halves: those parts that end in one shape and those that
// begin there, paired where their sums are within the limits.
namespace atomnet
{

namespace
{

constexpr double mostHalves = 8e6; ///< parts that are written out: 128 MB

struct Point {
    qint64 latency = 0, flash = 0;
};
struct Group {
    quint32 shape = 0;
    quint16 kernels = 0;
    int depth = 0;
    auto operator<=>(const Group &) const = default;
};
using Groups = std::map<Group, std::vector<Point>>;

/// How many pairs have sums within both.
double pairsWithin(std::vector<Point> &a, std::vector<Point> &b, qint64 latency, qint64 flash)
{
    std::vector<Point> &few = a.size() < b.size() ? a : b;
    std::vector<Point> &many = a.size() < b.size() ? b : a;
    const auto faster = [](const Point &p, const Point &q) { return p.latency < q.latency; };
    std::sort(few.begin(), few.end(), faster);
    std::sort(many.begin(), many.end(), faster);
    std::vector<qint64> levels;
    for (const Point &point : few)
        levels.push_back(point.flash);
    std::sort(levels.begin(), levels.end());
    std::vector<quint32> tree(levels.size() + 1, 0); // counts by level, as a Fenwick tree
    double pairs = 0;
    std::size_t entered = 0;
    // The slower the one, the fewer others: from the slowest on they only get more.
    for (auto one = many.rbegin(); one != many.rend(); ++one) {
        for (; entered < few.size() && few[entered].latency <= latency - one->latency; ++entered) {
            const auto level = std::lower_bound(levels.begin(), levels.end(), few[entered].flash);
            for (std::size_t i = std::size_t(level - levels.begin()) + 1; i < tree.size();
                 i += i & (~i + 1))
                ++tree[i];
        }
        const auto end = std::upper_bound(levels.begin(), levels.end(), flash - one->flash);
        quint64 fit = 0;
        for (std::size_t i = std::size_t(end - levels.begin()); i > 0; i -= i & (~i + 1))
            fit += tree[i];
        pairs += double(fit);
    }
    return pairs;
}

class Counter
{
public:
    Counter(const PreparedQuery &query, const RunControl &control)
        : m_query(query), m_control(control)
    {
    }

    Result<std::optional<double>> run()
    {
        const std::size_t cut = bestCut();
        if (m_halves > mostHalves) return std::optional<double>();
        Groups begins, ends;
        for (quint32 input = 0; input < m_query.rows.front().size(); ++input)
            begins[{input, 0, 0}] = {{}};
        for (std::size_t s = 0; s < cut; ++s)
            if (!grow(begins, s)) return fail(ErrorCode::Cancelled, QStringLiteral("cancelled"));
        for (quint32 head = 0; head < m_query.rows.back().size(); ++head)
            for (const QueryRow &row : m_query.rows.back()[head])
                ends[{head, row.kernels, 0}].push_back({row.latency, row.flash});
        for (std::size_t s = m_query.rows.size() - 1; s-- > cut;)
            if (!precede(ends, s)) return fail(ErrorCode::Cancelled, QStringLiteral("cancelled"));
        double count = 0;
        for (auto &[begin, points] : begins) {
            if (m_control.cancelled())
                return fail(ErrorCode::Cancelled, QStringLiteral("cancelled"));
            for (auto end = ends.lower_bound({begin.shape, 0, 0});
                 end != ends.end() && end->first.shape == begin.shape; ++end)
                count += pairs(begin, points, end->first, end->second);
        }
        return std::optional(count);
    }

private:
    /// Where the fewest parts meet: behind so many stages.
    std::size_t bestCut()
    {
        const std::size_t stages = m_query.rows.size() - 1;
        std::vector<double> begins(stages + 1, 0), ends(stages + 1, 0);
        std::vector<double> now(m_query.rows.front().size(), 1);
        for (std::size_t s = 0; s < stages; ++s) {
            for (const double paths : now)
                begins[s] += paths;
            std::vector<double> next(m_query.rows[s + 1].size(), 0);
            for (std::size_t shape = 0; shape < now.size(); ++shape)
                for (const QueryRow &row : m_query.rows[s][shape])
                    next[row.next] += now[shape];
            now = std::move(next);
        }
        for (const double paths : now)
            begins[stages] += paths;
        now.assign(m_query.rows.back().size(), 1);
        ends[stages] = double(now.size());
        for (std::size_t s = stages; s-- > 0;) {
            std::vector<double> before(m_query.rows[s].size(), 0);
            for (std::size_t shape = 0; shape < before.size(); ++shape)
                for (const QueryRow &row : m_query.rows[s][shape])
                    before[shape] += now[row.next];
            now = std::move(before);
            for (const double paths : now)
                ends[s] += paths;
        }
        std::size_t best = 0;
        for (std::size_t s = 1; s <= stages; ++s)
            if (begins[s] + ends[s] < begins[best] + ends[best]) best = s;
        m_halves = begins[best] + ends[best];
        return best;
    }

    [[nodiscard]] bool grow(Groups &groups, std::size_t stage) const
    {
        Groups longer;
        for (const auto &[group, points] : groups) {
            if (m_control.cancelled()) return false;
            for (const QueryRow &row : m_query.rows[stage][group.shape]) {
                if (!m_query.rests[stage + 1][row.next].possible) continue;
                append(longer[{row.next, quint16(group.kernels | row.kernels),
                               std::min(m_query.minDepth, group.depth + row.depth)}],
                       points, row);
            }
        }
        groups = std::move(longer);
        return true;
    }

    [[nodiscard]] bool precede(Groups &groups, std::size_t stage) const
    {
        Groups longer;
        for (quint32 shape = 0; shape < m_query.rows[stage].size(); ++shape) {
            if (m_control.cancelled()) return false;
            for (const QueryRow &row : m_query.rows[stage][shape])
                for (auto end = groups.lower_bound({row.next, 0, 0});
                     end != groups.end() && end->first.shape == row.next; ++end)
                    append(longer[{shape, quint16(end->first.kernels | row.kernels),
                                   std::min(m_query.minDepth, end->first.depth + row.depth)}],
                           end->second, row);
        }
        groups = std::move(longer);
        return true;
    }

    void append(std::vector<Point> &to, const std::vector<Point> &points, const QueryRow &row) const
    {
        for (const Point &point : points) {
            const Point sum{point.latency + row.latency, point.flash + row.flash};
            if (sum.latency <= m_query.mostLatency && sum.flash <= m_query.mostFlash)
                to.push_back(sum);
        }
    }

    double pairs(const Group &begin, std::vector<Point> &points, const Group &end,
                 std::vector<Point> &others) const
    {
        if (begin.depth + end.depth < m_query.minDepth) return 0;
        const SpaceTables &tables = *m_query.tables;
        const quint16 kernels = quint16(begin.kernels | end.kernels);
        if (m_query.sramBeside && tables.sramBeside(kernels) != *m_query.sramBeside) return 0;
        const qint64 flash = m_query.limits.flashBytes
                                 ? tables.mostConstants(kernels, *m_query.limits.flashBytes)
                                 : m_query.mostFlash;
        if (!m_query.limits.flashBytes && !m_query.limits.latency)
            return double(points.size()) * double(others.size());
        return pairsWithin(points, others, m_query.mostLatency, flash);
    }

    const PreparedQuery &m_query;
    const RunControl &m_control;
    double m_halves = 0;
};

} // namespace

Result<std::optional<double>> Searcher::Private::countFeasible(const SearchQuery &query,
                                                               const RunControl &control) const
{
    double sum = 0;
    SearchQuery counted = query;
    counted.objective.sram = 0; // its levels are one by one
    for (const std::optional<qint64> beside : besides(counted)) {
        const PreparedQuery prepared = prepare(tables, counted, beside, false);
        const auto count = Counter(prepared, control).run();
        if (!count || !*count) return count;
        sum += **count;
    }
    return std::optional(sum);
}

} // namespace atomnet
