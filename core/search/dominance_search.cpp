#include "core/search/dominance_search.h"

#include "core/search/bounds.h"

#include <algorithm>
#include <map>
#include <tuple>
#include <unordered_map>

namespace atomnet
{

namespace
{

/// Labels that wait are pruned when there are as many more as this.
constexpr std::size_t waiting = 1U << 16;

/// What decides about the rest of a network.
struct State {
    quint32 shape = 0;
    quint16 kernels = 0;
    int depth = 0; ///< up to the query's least depth
    bool operator==(const State &) const = default;
};
struct StateHash {
    std::size_t operator()(const State &s) const noexcept
    {
        return qHashMulti(0, s.shape, s.kernels, s.depth);
    }
};

struct StateLabels {
    State state;
    std::vector<Label> labels;
    std::size_t pruneAt = waiting;
};

/// The states behind one stage, in the order in which they were met.
class Frontier
{
public:
    StateLabels &at(const State &state)
    {
        const auto [known, fresh] = m_index.emplace(state, m_states.size());
        if (fresh) m_states.push_back({state, {}});
        return m_states[known->second];
    }
    std::vector<StateLabels> &all() { return m_states; }

private:
    std::unordered_map<State, std::size_t, StateHash> m_index;
    std::vector<StateLabels> m_states;
};

class Program
{
public:
    Program(const PreparedQuery &query, const Bound *bound, int beam, const RunControl &control)
        : m_query(query), m_tables(*query.tables), m_bound(bound), m_beam(beam), m_control(control)
    {
    }

    Result<FoundLabels> run()
    {
        Frontier frontier;
        for (quint32 input = 0; input < m_query.rows.front().size(); ++input) {
            if (!m_query.rests.front()[input].possible) continue;
            Label label;
            label.choice = input;
            frontier.at({input, 0, 0}).labels.push_back(label);
        }
        const std::size_t stages = m_tables.stages.size();
        for (std::size_t s = 0; s <= stages; ++s) {
            Frontier next;
            m_live = 0;
            for (StateLabels &from : frontier.all())
                m_live += qint64(from.labels.size());
            for (StateLabels &from : frontier.all()) {
                if (m_control.cancelled())
                    return fail(ErrorCode::Cancelled, QStringLiteral("cancelled"));
                if (auto extended = extend(s, from, next); !extended)
                    return tl::make_unexpected(extended.error());
                m_live -= qint64(from.labels.size());
                from.labels = {};
            }
            for (StateLabels &state : next.all())
                cut(s + 1, state);
            frontier = std::move(next);
        }
        return finish(frontier);
    }

    /// Whether a narrow search left something out that might have been the best.
    [[nodiscard]] bool hasDropped() const { return m_hasDropped; }

private:
    Result<> extend(std::size_t stage, const StateLabels &from, Frontier &next)
    {
        const bool isHead = stage == m_tables.stages.size();
        const quint64 options = isHead ? 1 : m_tables.options[stage].size();
        for (const QueryRow &row : m_query.rows[stage][from.state.shape]) {
            const Rest *rest = isHead ? nullptr : &m_query.rests[stage + 1][row.next];
            if (rest && !rest->possible) continue;
            const int depth = std::min(m_query.minDepth, from.state.depth + row.depth);
            if (depth + (rest ? rest->mostDepth : 0) < m_query.minDepth) continue;
            const quint16 kernels = quint16(from.state.kernels | row.kernels);
            StateLabels &to = next.at({row.next, kernels, depth});
            const qint64 mostLatency =
                m_query.mostLatency - row.latency - (rest ? rest->leastLatency : 0);
            const qint64 mostFlash = m_query.mostFlash - row.flash - (rest ? rest->leastFlash : 0);
            const std::size_t before = to.labels.size();
            for (const Label &label : from.labels) {
                if (label.latency > mostLatency || label.flash > mostFlash) continue;
                Label longer{label.score + row.score, label.latency + row.latency,
                             label.flash + row.flash, std::max(label.sram, row.sram),
                             label.choice * options + row.option};
                if (rest && m_bound && !m_bound->mayWin(stage + 1, row.next, longer)) continue;
                to.labels.push_back(longer);
            }
            const std::size_t added = to.labels.size() - before;
            m_nodes += qint64(added);
            m_live += qint64(added);
            if (to.labels.size() < to.pruneAt) continue;
            const std::size_t unpruned = to.labels.size();
            cut(stage + 1, to);
            m_live -= qint64(unpruned - to.labels.size());
            to.pruneAt = 2 * to.labels.size() + waiting;
            if (m_control.cancelled())
                return fail(ErrorCode::Cancelled, QStringLiteral("cancelled"));
            if (m_live > mostLabels)
                return fail(ErrorCode::BadInput,
                            QStringLiteral("this query cannot be answered exactly: more than %1 "
                                           "partial networks would have to be kept at once; "
                                           "tighten its limits, shorten the space's lists or lock "
                                           "some stages")
                                .arg(mostLabels));
        }
        return {};
    }

    void cut(std::size_t stage, StateLabels &state)
    {
        prune(state.labels, m_query.keep, m_query.dimensions);
        if (m_beam > 0 && m_bound && stage <= m_tables.stages.size() &&
            state.labels.size() > std::size_t(m_beam)) {
            // Those that promise most.
            const auto promises = [&](const Label &a, const Label &b) {
                return m_bound->promise(stage, state.state.shape, a) >
                       m_bound->promise(stage, state.state.shape, b);
            };
            const auto end = state.labels.begin() + m_beam;
            std::nth_element(state.labels.begin(), end, state.labels.end(), promises);
            state.labels.erase(end, state.labels.end());
            m_hasDropped = true;
        }
    }

    /// Whole networks, with what stands beside their parts.
    Result<FoundLabels> finish(Frontier &frontier)
    {
        FoundLabels found;
        found.nodes = m_nodes;
        for (const StateLabels &state : frontier.all()) {
            if (state.state.depth < m_query.minDepth) continue;
            PartFigures sum;
            sum.kernels = state.state.kernels;
            const qint64 beside = m_tables.sramBeside(sum.kernels);
            if (m_query.sramBeside && beside != *m_query.sramBeside) continue;
            for (Label label : state.labels) {
                sum.flash = label.flash;
                const qint64 flash = m_tables.flashOf(sum);
                label.sram += beside;
                if (m_query.limits.flashBytes && flash > *m_query.limits.flashBytes) continue;
                if (m_query.limits.sramBytes && label.sram > *m_query.limits.sramBytes) continue;
                label.score += m_query.weights.flash * (flash - label.flash) +
                               m_query.weights.sram * label.sram;
                label.flash = flash;
                found.best.push_back(label);
            }
        }
        prune(found.best, m_query.keep, finalDimensions());
        return found;
    }

    /// Of whole networks only the objective counts, unless the front is wanted.
    [[nodiscard]] Dimensions finalDimensions() const
    {
        return m_query.front ? m_query.dimensions : Dimensions{};
    }

    const PreparedQuery &m_query;
    const SpaceTables &m_tables;
    const Bound *m_bound;
    int m_beam;
    const RunControl &m_control;
    qint64 m_nodes = 0, m_live = 0;
    bool m_hasDropped = false;
};

/// Partial networks that a narrow search keeps of each state, besides as many as are wanted.
constexpr int firstBeam = 6, lastBeam = 6144, widening = 8;

/// Leaves out options that as many others dominate as are wanted: those that lead to the same
/// state.
void thin(PreparedQuery &query)
{
    for (auto &shapes : query.rows) {
        for (std::vector<QueryRow> &rows : shapes) {
            std::map<std::tuple<quint32, quint16, int>, std::vector<Label>> groups;
            for (std::size_t i = 0; i < rows.size(); ++i) {
                const QueryRow &row = rows[i];
                groups[{row.next, row.kernels, query.minDepth > 0 ? row.depth : 0}].push_back(
                    {row.score, row.latency, row.flash, row.sram, quint64(i)});
            }
            std::vector<QueryRow> kept;
            for (auto &[state, labels] : groups) {
                prune(labels, query.keep, query.dimensions);
                for (const Label &label : labels)
                    kept.push_back(rows[std::size_t(label.choice)]);
            }
            std::sort(kept.begin(), kept.end(),
                      [](const QueryRow &a, const QueryRow &b) { return a.option < b.option; });
            rows = std::move(kept);
        }
    }
}

} // namespace

Result<FoundLabels> searchLabels(const PreparedQuery &whole, const RunControl &control)
{
    PreparedQuery query = whole;
    thin(query);
    if (query.front) return Program(query, nullptr, 0, control).run();
    Bound bound(query);
    // Good networks first: what cannot beat them is not looked at by wider searches. One that never
    // had to drop anything is the exact one.
    qint64 nodes = 0;
    for (int beam = firstBeam;; beam *= widening) {
        const bool exact = beam > lastBeam;
        Program program(query, &bound, exact ? 0 : beam + query.keep, control);
        auto found = program.run();
        if (!found) return found;
        nodes += found->nodes;
        found->nodes = nodes;
        if (exact || !program.hasDropped()) return found;
        if (found->best.size() == std::size_t(query.keep)) bound.setGoal(found->best.back().score);
    }
}

} // namespace atomnet
