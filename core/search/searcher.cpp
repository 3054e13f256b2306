#include "core/search/searcher_private.h"

#include "core/analysis/sram.h"
#include "core/lowering/lower.h"
#include "core/search/space_options.h"

#include <QElapsedTimer>

#include <algorithm>
#include <cmath>

namespace atomnet
{

namespace
{

/// Choices are numbers of 64 bits.
constexpr double mostNetworks = 9e18;
/// Candidates that are planned before a query gives up on proving its answer.
constexpr int mostConfirmed = 4096;

double secondsOf(const QElapsedTimer &timer)
{
    return double(timer.nsecsElapsed()) / 1e9;
}

} // namespace

Searcher::Searcher(std::unique_ptr<Private> own) : d(std::move(own)) {}
Searcher::Searcher(Searcher &&) noexcept = default;
Searcher &Searcher::operator=(Searcher &&) noexcept = default;
Searcher::~Searcher() = default;

Result<Searcher> Searcher::make(const SearchSpace &space, const Target &target,
                                const Knowledge &knowledge, Estimates estimates,
                                const RunControl &control)
{
    QElapsedTimer timer;
    timer.start();
    if (auto valid = validate(target); !valid) return tl::make_unexpected(valid.error());
    if (auto valid = validate(space); !valid) return tl::make_unexpected(valid.error());
    const SpaceCount count = countNetworks(space);
    if (count.distinct > mostNetworks)
        return fail(ErrorCode::BadInput,
                    QStringLiteral("this space of %1 networks is too large to search exactly; at "
                                   "most %2 are possible: shorten its lists or lock some stages")
                        .arg(count.distinctText, QString::number(mostNetworks, 'g', 2)));
    auto tables = makeTables(space, target, knowledge, estimates, control);
    if (!tables) return tl::make_unexpected(tables.error());
    auto own = std::make_unique<Private>();
    own->space = space;
    own->target = target;
    own->tables = *std::move(tables);
    own->besideLevels = sramBesideLevels(own->tables);
    own->seconds = secondsOf(timer);
    return Searcher(std::move(own));
}

const SearchSpace &Searcher::space() const
{
    return d->space;
}

const Target &Searcher::target() const
{
    return d->target;
}

double Searcher::seconds() const
{
    return d->seconds;
}

QByteArray Searcher::tablesHash() const
{
    return d->tables.hash;
}

Searcher::Private::Choice Searcher::Private::decoded(quint64 choice) const
{
    Choice parts;
    parts.options.resize(tables.options.size());
    for (std::size_t s = tables.options.size(); s-- > 0;) {
        parts.options[s] = quint32(choice % tables.options[s].size());
        choice /= tables.options[s].size();
    }
    parts.input = quint32(choice);
    return parts;
}

bool Searcher::Private::exists(quint64 choice) const
{
    const Choice parts = decoded(choice);
    if (parts.input >= tables.stages.front().size()) return false;
    quint32 shape = parts.input;
    for (std::size_t s = 0; s < parts.options.size(); ++s) {
        const TableRow *row = tables.row(s, shape, parts.options[s]);
        if (!row) return false;
        shape = row->next;
    }
    return !tables.heads[shape].rows.empty();
}

Network Searcher::Private::network(quint64 choice) const
{
    const Choice parts = decoded(choice);
    if (parts.input >= tables.stages.front().size()) return {};
    std::vector<Stage> stages;
    for (std::size_t s = 0; s < parts.options.size(); ++s)
        stages.push_back(tables.options[s][parts.options[s]]);
    return networkOf(space, tables.stages.front()[parts.input].in, std::move(stages));
}

PartFigures Searcher::Private::sum(quint64 choice) const
{
    const Choice parts = decoded(choice);
    PartFigures sum;
    quint32 shape = parts.input;
    for (std::size_t s = 0; s < parts.options.size(); ++s) {
        const TableRow *row = tables.row(s, shape, parts.options[s]);
        sum.add(row->figures);
        shape = row->next;
    }
    sum.add(tables.heads[shape].rows.front().figures);
    return sum;
}

Candidate Searcher::Private::summed(quint64 choice) const
{
    Candidate candidate;
    if (!exists(choice)) return candidate;
    const PartFigures figures = sum(choice);
    candidate.network = network(choice);
    candidate.macs = figures.macs;
    candidate.macsElementwise = figures.macsElementwise;
    candidate.params = figures.params;
    candidate.latency = figures.latency;
    candidate.measuredLatency = figures.measuredLatency;
    candidate.flashBytes = tables.flashOf(figures);
    candidate.sramBytes = tables.sramOf(figures);
    return candidate;
}

Candidate Searcher::Private::confirmed(quint64 choice, const Objective &objective) const
{
    Candidate candidate = summed(choice);
    if (target.runtime == Runtime::AtomNet1) {
        if (const auto graph = lower(candidate.network, target.runtime)) {
            SramBreakdown parts = *sramUsage(*graph).breakdown;
            parts.stackCounted = tables.stackCounted;
            candidate.sramBytes = parts.total();
        }
    }
    candidate.objective = objectiveOf(objective, candidate);
    return candidate;
}

bool Searcher::Private::within(const SearchLimits &limits, const Candidate &candidate) const
{
    return (!limits.sramBytes || candidate.sramBytes <= *limits.sramBytes) &&
           (!limits.flashBytes || candidate.flashBytes <= *limits.flashBytes) &&
           (!limits.latency || candidate.latency <= *limits.latency);
}

std::vector<std::optional<qint64>> Searcher::Private::besides(const SearchQuery &query) const
{
    // SRAM in the objective keeps its own account of what networks need.
    if (!query.limits.sramBytes || query.objective.sram != 0 || besideLevels.size() < 2)
        return {besideLevels.size() == 1 ? std::optional(besideLevels.front()) : std::nullopt};
    return {besideLevels.begin(), besideLevels.end()};
}

Result<FoundLabels> Searcher::Private::best(const SearchQuery &query,
                                            const RunControl &control) const
{
    FoundLabels all;
    for (const std::optional<qint64> beside : besides(query)) {
        auto found = searchLabels(prepare(tables, query, beside, false), control);
        if (!found) return found;
        all.nodes += found->nodes;
        all.best.insert(all.best.end(), found->best.begin(), found->best.end());
    }
    prune(all.best, query.top, {});
    return all;
}

Result<SearchResult> Searcher::solve(const SearchQuery &query, const RunControl &control) const
{
    QElapsedTimer timer;
    timer.start();
    if (auto checked = checkQuery(query, d->tables); !checked)
        return tl::make_unexpected(checked.error());
    SearchResult result;
    result.tablesHash = d->tables.hash;
    // The plan of a network may need more than the tables' bound: then others take its place.
    SearchQuery asked = query;
    std::optional<double> everyOne; // where all that might be within the limits were planned
    for (bool enough = false; !enough;) {
        auto found = d->best(asked, control);
        if (!found) return tl::make_unexpected(found.error());
        result.nodes += found->nodes;
        const bool all = found->best.size() < std::size_t(asked.top);
        result.top.clear();
        double next = 0; // no better one is left than this
        for (const Label &label : found->best) {
            if (control.cancelled()) return fail(ErrorCode::Cancelled, QStringLiteral("cancelled"));
            next = objectiveOf(query.objective, d->summed(label.choice));
            Candidate candidate = d->confirmed(label.choice, query.objective);
            if (d->within(query.limits, candidate)) result.top.push_back(std::move(candidate));
        }
        std::stable_sort(
            result.top.begin(), result.top.end(),
            [](const Candidate &a, const Candidate &b) { return a.objective > b.objective; });
        if (all) everyOne = double(result.top.size());
        const bool full = result.top.size() >= std::size_t(query.top);
        const bool settled = full && result.top[std::size_t(query.top) - 1].objective >= next;
        result.proven = all || settled;
        result.upperBound = result.top.empty() ? 0 : result.top.front().objective;
        if (!result.proven) result.upperBound = std::max(result.upperBound, next);
        enough = result.proven || asked.top >= mostConfirmed;
        asked.top = std::min(mostConfirmed, 4 * asked.top);
    }
    if (result.top.size() > std::size_t(query.top)) result.top.resize(std::size_t(query.top));
    if (query.count && everyOne) {
        result.feasible = everyOne;
    } else if (query.count) {
        auto count = d->countFeasible(query, control);
        if (!count) return tl::make_unexpected(count.error());
        result.feasible = *count;
        result.feasibleIsBound =
            *count && query.limits.sramBytes && d->target.runtime == Runtime::AtomNet1;
    }
    if (result.top.empty())
        if (auto explained = d->explain(query, control, result); !explained)
            return tl::make_unexpected(explained.error());
    result.seconds = secondsOf(timer);
    return result;
}

Result<std::vector<FrontPoint>> Searcher::front(const SearchQuery &query,
                                                const RunControl &control) const
{
    if (auto checked = checkQuery(query, d->tables); !checked)
        return tl::make_unexpected(checked.error());
    auto found = searchLabels(prepare(d->tables, query, std::nullopt, true), control);
    if (!found) return tl::make_unexpected(found.error());
    std::vector<FrontPoint> points;
    points.reserve(found->best.size());
    for (const Label &label : found->best)
        points.push_back({qint64(label.score), label.latency, label.sram, label.flash,
                          d->sum(label.choice).measuredLatency, label.choice,
                          d->target.runtime == Runtime::AtomNet1});
    return points;
}

Network Searcher::network(quint64 choice) const
{
    return d->network(choice);
}

Candidate Searcher::candidate(quint64 choice) const
{
    return d->confirmed(choice, Objective{});
}

} // namespace atomnet
