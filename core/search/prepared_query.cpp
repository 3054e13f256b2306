#include "core/search/prepared_query.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <set>

namespace atomnet
{

namespace
{

constexpr qint64 unlimited = std::numeric_limits<qint64>::max() / 4;

/// The rows of one stage behind one shape that the query allows.
class RowFilter
{
public:
    RowFilter(const PreparedQuery &prepared, const SearchQuery &query)
        : m_prepared(prepared)
        , m_shape(query.shape)
        , m_latencyMatters(query.limits.latency || query.objective.latency != 0)
    {
        if (query.limits.sramBytes)
            m_mostSram = *query.limits.sramBytes - prepared.sramBeside.value_or(0);
    }

    [[nodiscard]] std::vector<QueryRow> of(const ShapeRows &shape,
                                           const std::vector<ShapeRows> *next) const
    {
        std::vector<QueryRow> rows;
        rows.reserve(shape.rows.size());
        for (const TableRow &row : shape.rows) {
            const PartFigures &f = row.figures;
            if (f.sram > m_mostSram || (m_latencyMatters && f.missing)) continue;
            if (next && !allowed(shape.in.c, (*next)[row.next].in.c)) continue;
            const ExactScore score = m_prepared.weights.additive(f);
            rows.push_back({score, double(score), f.latency, f.flash, f.sram, row.option, row.next,
                            row.depth, f.kernels});
        }
        return rows;
    }

private:
    /// A stage of this width behind one of that width.
    [[nodiscard]] bool allowed(int before, int width) const
    {
        if (m_shape.neverNarrower && width < before) return false;
        return m_shape.maxWidthGrowth <= 0 ||
               double(width) <= m_shape.maxWidthGrowth * double(before);
    }

    const PreparedQuery &m_prepared;
    const ShapeBounds &m_shape;
    bool m_latencyMatters = false;
    qint64 m_mostSram = unlimited;
};

Rest restOf(const std::vector<QueryRow> &rows, const std::vector<Rest> *next)
{
    Rest rest;
    for (const QueryRow &row : rows) {
        Rest one{true, row.latency, row.flash, row.score, row.depth};
        if (next) {
            const Rest &behind = (*next)[row.next];
            if (!behind.possible) continue;
            one.leastLatency += behind.leastLatency;
            one.leastFlash += behind.leastFlash;
            one.mostScore += behind.mostScore;
            one.mostDepth += behind.mostDepth;
        }
        if (!rest.possible) {
            rest = one;
            continue;
        }
        rest.leastLatency = std::min(rest.leastLatency, one.leastLatency);
        rest.leastFlash = std::min(rest.leastFlash, one.leastFlash);
        rest.mostScore = std::max(rest.mostScore, one.mostScore);
        rest.mostDepth = std::max(rest.mostDepth, one.mostDepth);
    }
    return rest;
}

int bitsOf(double value)
{
    int exponent = 0;
    std::frexp(std::max(1.0, value), &exponent);
    return exponent;
}

} // namespace

WholeObjective wholeObjective(const Objective &objective, const PartFigures &most)
{
    WholeObjective whole;
    struct Weight {
        double value;
        double most;
        ExactScore *whole;
    };
    const std::array<Weight, 5> weights{{{objective.macs, double(most.macs), &whole.macs},
                                         {objective.latency, double(most.latency), &whole.latency},
                                         {objective.sram, double(most.sram), &whole.sram},
                                         {objective.flash, double(most.flash), &whole.flash},
                                         {objective.params, double(most.params), &whole.params}}};
    int used = 0, lowest = std::numeric_limits<int>::max(), highest = -5000;
    for (const Weight &weight : weights) {
        if (weight.value == 0) continue;
        int exponent = 0;
        std::frexp(weight.value, &exponent); // value = m * 2^exponent, m of 53 bits below 1
        lowest = std::min(lowest, exponent - 53);
        highest = std::max(highest, exponent + bitsOf(weight.most));
        ++used;
    }
    if (used == 1) {
        // One figure alone: more or less of it.
        for (const Weight &weight : weights)
            if (weight.value != 0) *weight.whole = weight.value > 0 ? 1 : -1;
        return whole;
    }
    constexpr int mostBits = 122; // five of them still add up in 127
    const int unit = std::max(lowest, highest - mostBits);
    for (const Weight &weight : weights) {
        if (weight.value == 0) continue;
        int exponent = 0;
        const qint64 mantissa = qint64(std::ldexp(std::frexp(weight.value, &exponent), 53));
        const int shift = exponent - 53 - unit;
        if (shift >= 0)
            *weight.whole = ExactScore(mantissa) * (ExactScore(1) << shift);
        else if (shift > -63)
            *weight.whole = mantissa / (qint64(1) << -shift);
    }
    return whole;
}

double objectiveOf(const Objective &objective, const Candidate &candidate)
{
    double sum = 0;
    const auto add = [&sum](double weight, qint64 figure) {
        if (weight != 0) sum += weight * double(figure);
    };
    add(objective.macs, candidate.macs);
    add(objective.latency, candidate.latency);
    add(objective.sram, candidate.sramBytes);
    add(objective.flash, candidate.flashBytes);
    add(objective.params, candidate.params);
    return sum;
}

PartFigures mostFigures(const SpaceTables &tables)
{
    PartFigures most;
    const auto add = [&most](const std::vector<ShapeRows> &shapes) {
        PartFigures largest;
        for (const ShapeRows &shape : shapes) {
            for (const TableRow &row : shape.rows) {
                const PartFigures &f = row.figures;
                largest.macs = std::max(largest.macs, f.macs);
                largest.params = std::max(largest.params, f.params);
                largest.latency = std::max(largest.latency, f.latency);
                largest.flash = std::max(largest.flash, f.flash);
                largest.sram = std::max(largest.sram, f.sram);
                largest.kernels = quint16(largest.kernels | f.kernels);
            }
        }
        most.add(largest);
    };
    for (const auto &stage : tables.stages)
        add(stage);
    add(tables.heads);
    return most;
}

std::vector<qint64> sramBesideLevels(const SpaceTables &tables)
{
    if (tables.runtime != Runtime::AtomNet1) return {0};
    std::vector<std::set<quint16>> now(tables.stages.front().size());
    for (auto &kernels : now)
        kernels.insert(0);
    for (std::size_t s = 0; s < tables.stages.size(); ++s) {
        const bool last = s + 1 == tables.stages.size();
        std::vector<std::set<quint16>> next(last ? tables.heads.size()
                                                 : tables.stages[s + 1].size());
        for (std::size_t shape = 0; shape < now.size(); ++shape)
            for (const TableRow &row : tables.stages[s][shape].rows)
                for (const quint16 kernels : now[shape])
                    next[row.next].insert(quint16(kernels | row.figures.kernels));
        now = std::move(next);
    }
    std::set<qint64> levels;
    for (std::size_t shape = 0; shape < now.size(); ++shape)
        for (const TableRow &row : tables.heads[shape].rows)
            for (const quint16 kernels : now[shape])
                levels.insert(tables.sramBeside(quint16(kernels | row.figures.kernels)));
    return {levels.begin(), levels.end()};
}

Result<> checkQuery(const SearchQuery &query, const SpaceTables &tables)
{
    if (query.top < 1 || query.top > mostTop)
        return fail(ErrorCode::Usage, QStringLiteral("the best %1 networks cannot be listed; ask "
                                                     "for 1 to %2")
                                          .arg(query.top)
                                          .arg(mostTop));
    const Objective &o = query.objective;
    for (const double weight : {o.macs, o.latency, o.sram, o.flash, o.params})
        if (!(std::abs(weight) <= 1e100))
            return fail(ErrorCode::Usage,
                        QStringLiteral("the objective's weights must be numbers up to 1e100"));
    if (query.shape.minDepth < 0 || !(query.shape.maxWidthGrowth >= 0))
        return fail(ErrorCode::Usage, QStringLiteral("the bounds of the shape cannot be below 0"));
    const bool own = tables.runtime == Runtime::AtomNet1;
    if (own && o.sram > 0)
        return fail(ErrorCode::Usage,
                    QStringLiteral("SRAM cannot be made as large as possible with atomnet-1: the "
                                   "search knows what networks need at least; give it a weight "
                                   "below 0"));
    if (own && tables.estimates == Estimates::Pessimistic && o.flash > 0)
        return fail(ErrorCode::Usage,
                    QStringLiteral("the upper bound of Flash cannot be made as large as possible "
                                   "with atomnet-1; give it a weight below 0"));
    return {};
}

PreparedQuery prepare(const SpaceTables &tables, const SearchQuery &query,
                      std::optional<qint64> sramBeside, bool front)
{
    PreparedQuery prepared;
    prepared.tables = &tables;
    prepared.limits = query.limits;
    const PartFigures most = mostFigures(tables);
    prepared.weights = wholeObjective(front ? Objective{} : query.objective, most);
    prepared.minDepth = query.shape.minDepth;
    prepared.keep = front ? 1 : query.top;
    prepared.front = front;
    prepared.sramBeside = sramBeside;
    prepared.mostLatency = query.limits.latency.value_or(unlimited);
    prepared.mostFlash = unlimited;
    bool flashBinds = false;
    if (query.limits.flashBytes) {
        flashBinds = most.flash > tables.mostConstants(most.kernels, *query.limits.flashBytes);
        // Whatever kernels a network uses, those of its head are among them.
        quint16 least = 0xffff;
        for (const ShapeRows &head : tables.heads)
            for (const TableRow &row : head.rows)
                least = quint16(least & row.figures.kernels);
        prepared.mostFlash = tables.mostConstants(least, *query.limits.flashBytes);
    }
    const bool curved = tables.runtime == Runtime::AtomNet1 &&
                        tables.estimates == Estimates::Pessimistic && prepared.weights.flash != 0;
    prepared.dimensions.latency = front || most.latency > prepared.mostLatency;
    prepared.dimensions.flash = front || curved || flashBinds;
    prepared.dimensions.sram = front                       ? 1
                               : prepared.weights.sram < 0 ? 1
                               : prepared.weights.sram > 0 ? -1
                                                           : 0;
    const std::size_t stages = tables.stages.size();
    prepared.rows.resize(stages + 1);
    prepared.rests.resize(stages + 1);
    const RowFilter filter(prepared, query);
    for (std::size_t s = stages + 1; s-- > 0;) {
        const auto &shapes = s == stages ? tables.heads : tables.stages[s];
        const auto *next = s == stages       ? nullptr
                           : s + 1 == stages ? &tables.heads
                                             : &tables.stages[s + 1];
        // The first stage has none before it: its input's channels are no width.
        const auto *widths = s == 0 ? nullptr : next;
        for (const ShapeRows &shape : shapes) {
            prepared.rows[s].push_back(filter.of(shape, widths));
            prepared.rests[s].push_back(
                restOf(prepared.rows[s].back(), s == stages ? nullptr : &prepared.rests[s + 1]));
        }
    }
    return prepared;
}

} // namespace atomnet
