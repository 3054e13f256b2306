#include "core/search/dominance_search.h"

#include "core/search/endings.h"

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
constexpr std::size_t often =
    1U << 22; ///< labels that are looked at, until cancelling is asked for

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
    Program(const PreparedQuery &query, const Bound *bound, const Endings *endings, int beam,
            const RunControl &control)
        : m_query(query)
        , m_tables(*query.tables)
        , m_bound(bound)
        , m_endings(endings)
        , m_beam(beam)
        , m_control(control)
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
            if (m_control.cancelled())
                return fail(ErrorCode::Cancelled, QStringLiteral("cancelled"));
            frontier = std::move(next);
        }
        return finish(frontier);
    }

    /// Whether a narrow search left something out that might have been the best.
    [[nodiscard]] bool hasDropped() const { return m_hasDropped; }

private:
    Result<> extend(std::size_t stage, StateLabels &from, Frontier &next)
    {
        const bool bounded = m_bound && m_bound->hasGoal();
        if (bounded) sortByPromise(stage, from);
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
            std::size_t promising = from.labels.size();
            if (bounded) {
                const double least = m_bound->leastPromise(stage, from.state.shape, row);
                promising = std::size_t(
                    std::partition_point(m_promises.begin(), m_promises.end(),
                                         [least](double promise) { return promise >= least; }) -
                    m_promises.begin());
            }
            for (std::size_t i = 0; i < promising; ++i) {
                const Label &label = from.labels[i];
                if (label.latency > mostLatency || label.flash > mostFlash) continue;
                Label longer{label.score + row.score, label.latency + row.latency,
                             label.flash + row.flash, std::max(label.sram, row.sram),
                             label.choice * options + row.option};
                if (rest && bounded &&
                    !(m_bound->mayWin(stage + 1, row.next, longer) &&
                      m_endings->mayWin(stage + 1, row.next, longer)))
                    continue;
                to.labels.push_back(longer);
            }
            m_looked += promising;
            if (m_looked > often) {
                m_looked = 0;
                if (m_control.cancelled())
                    return fail(ErrorCode::Cancelled, QStringLiteral("cancelled"));
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
                            QStringLiteral("this query over %1 networks cannot be answered "
                                           "exactly: more than %2 partial networks would have to "
                                           "be kept at once; tighten its limits, shorten the "
                                           "space's lists or lock some stages")
                                .arg(m_tables.networks)
                                .arg(mostLabels));
        }
        return {};
    }

    /// The labels that promise most first, with what they promise.
    void sortByPromise(std::size_t stage, StateLabels &from)
    {
        std::vector<std::pair<double, quint32>> order;
        order.reserve(from.labels.size());
        for (std::size_t i = 0; i < from.labels.size(); ++i)
            order.emplace_back(-m_bound->promise(stage, from.state.shape, from.labels[i]),
                               quint32(i));
        std::sort(order.begin(), order.end());
        std::vector<Label> sorted;
        sorted.reserve(order.size());
        m_promises.clear();
        for (const auto &[promise, i] : order) {
            sorted.push_back(from.labels[i]);
            m_promises.push_back(-promise);
        }
        from.labels = std::move(sorted);
    }

    void cut(std::size_t stage, StateLabels &state)
    {
        prune(state.labels, m_query.keep, m_query.dimensions, m_control);
        if (m_beam > 0 && m_bound && stage <= m_tables.stages.size() &&
            state.labels.size() > std::size_t(m_beam)) {
            // Those that promise most.
            std::vector<std::pair<double, quint32>> order;
            order.reserve(state.labels.size());
            for (std::size_t i = 0; i < state.labels.size(); ++i)
                order.emplace_back(-promise(stage, state.state.shape, state.labels[i]), quint32(i));
            std::nth_element(order.begin(), order.begin() + m_beam, order.end());
            order.resize(std::size_t(m_beam));
            std::vector<Label> promising;
            promising.reserve(order.size());
            for (const auto &[less, i] : order)
                promising.push_back(state.labels[i]);
            state.labels = std::move(promising);
            m_hasDropped = true;
        }
    }

    [[nodiscard]] double promise(std::size_t stage, quint32 shape, const Label &label) const
    {
        const auto known = m_endings ? m_endings->promise(stage, shape, label) : std::nullopt;
        return known ? *known : m_bound->promise(stage, shape, label);
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
    const Endings *m_endings;
    int m_beam;
    const RunControl &m_control;
    std::vector<double> m_promises; ///< of the labels that are extended
    std::size_t m_looked = 0;       ///< since cancelling was asked for
    qint64 m_nodes = 0, m_live = 0;
    bool m_hasDropped = false;
};

constexpr int lastBeam = 6144, widening = 8;
constexpr double moreTried = 10, lastTried = 1e8;

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

Result<FoundLabels> searchLabels(const PreparedQuery &whole, const RunControl &control,
                                 const SearchEffort &effort)
{
    PreparedQuery query = whole;
    thin(query);
    if (query.front) return Program(query, nullptr, nullptr, 0, control).run();
    Bound bound(query);
    Endings endings(query, bound, control);
    // Good networks first: what cannot beat them is not looked at by wider searches. One that never
    // had to drop anything is the exact one.
    qint64 nodes = 0;
    double mostTried = effort.firstTried;
    std::optional<ExactScore> goal;
    for (int beam = effort.firstBeam;; beam *= widening) {
        const bool exact = beam > lastBeam;
        Program program(query, &bound, &endings, exact ? 0 : beam + query.keep, control);
        auto found = program.run();
        if (!found) return found;
        nodes += found->nodes;
        if (exact || !program.hasDropped()) {
            found->nodes = nodes;
            return found;
        }
        if (found->best.size() == std::size_t(query.keep)) {
            // A wider search may drop what a narrower one has found.
            goal = std::max(goal.value_or(found->best.back().score), found->best.back().score);
            bound.setGoal(*goal);
        }
        if (found->nodes > effort.manyNodes) {
            endings.extend(mostTried);
            mostTried = std::min(lastTried, mostTried * moreTried);
        }
    }
}

} // namespace atomnet
