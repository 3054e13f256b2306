#include "core/base/format.h"
#include "core/search/searcher_private.h"

#include <algorithm>
#include <cmath>
#include <set>

// Why no network is within the limits, and what would have to give.
namespace atomnet
{

namespace
{

/// Rounded up, so that what is read is enough.
QString enoughBytes(qint64 bytes)
{
    const double unit = bytes < 1000 * 1024 ? 102.4 : 1024;
    return formatKib(qint64(std::ceil(std::ceil(double(bytes) / unit) * unit)));
}

QString enoughTime(qint64 time, bool instructions)
{
    if (instructions) return QStringLiteral("%L1 instructions").arg(time);
    return QStringLiteral("%1 ms").arg(std::ceil(double(time) / 1000) / 1000, 0, 'f', 3);
}

/// A query for whichever feasible network is fastest.
SearchQuery anyOf(SearchQuery query)
{
    query.count = false;
    query.top = 1;
    query.objective = Objective{0, -1, 0, 0, 0};
    return query;
}

} // namespace

Result<std::optional<Candidate>> Searcher::Private::bestConfirmed(const SearchQuery &query,
                                                                  const RunControl &control) const
{
    auto found = best(query, control);
    if (!found) return tl::make_unexpected(found.error());
    if (found->best.empty()) return std::optional<Candidate>();
    return std::optional(confirmed(found->best.front().choice, query.objective));
}

/// The network that needs the least SRAM, the other limits kept: by halving between the levels that
/// occur.
Result<std::optional<Candidate>> Searcher::Private::leastSram(const SearchQuery &query,
                                                              const RunControl &control) const
{
    std::set<qint64> levels;
    for (const auto &stage : tables.stages)
        for (const ShapeRows &shape : stage)
            for (const TableRow &row : shape.rows)
                for (const qint64 beside : besideLevels)
                    levels.insert(row.figures.sram + beside);
    for (const ShapeRows &head : tables.heads)
        for (const TableRow &row : head.rows)
            for (const qint64 beside : besideLevels)
                levels.insert(row.figures.sram + beside);
    const std::vector<qint64> sorted(levels.begin(), levels.end());
    SearchQuery asked = anyOf(query);
    std::optional<Candidate> least;
    std::size_t low = 0, high = sorted.size();
    while (low < high) {
        const std::size_t middle = low + (high - low) / 2;
        asked.limits.sramBytes = sorted[middle];
        auto found = bestConfirmed(asked, control);
        if (!found) return found;
        if (*found) {
            least = *std::move(found);
            high = middle;
        } else {
            low = middle + 1;
        }
    }
    return least;
}

/// All limits raised alike, as little as is enough.
Result<std::optional<Candidate>> Searcher::Private::leastOver(const SearchQuery &query,
                                                              const RunControl &control) const
{
    SearchQuery asked = anyOf(query);
    const auto raised = [](const std::optional<qint64> &limit, double by) -> std::optional<qint64> {
        if (!limit) return {};
        return qint64(std::min(4e18, std::max(1.0, double(*limit)) * by));
    };
    const auto within = [&](double exponent) {
        const double by = std::exp2(exponent);
        asked.limits = {raised(query.limits.sramBytes, by), raised(query.limits.flashBytes, by),
                        raised(query.limits.latency, by)};
        return bestConfirmed(asked, control);
    };
    std::optional<Candidate> nearest;
    double low = 0, high = 1; // what is not enough, and what is
    for (; high <= 64 && !nearest; high *= 2) {
        auto found = within(high);
        if (!found) return found;
        nearest = *std::move(found);
        if (!nearest) low = high;
    }
    if (!nearest) return nearest;
    high /= 2;
    while (high - low > 1e-3) {
        const double middle = (low + high) / 2;
        auto found = within(middle);
        if (!found) return found;
        (*found ? high : low) = middle;
        if (*found) nearest = *std::move(found);
    }
    return nearest;
}

Result<> Searcher::Private::explain(const SearchQuery &query, const RunControl &control,
                                    SearchResult &result) const
{
    if (explainWithoutLimits(query, result)) return {};
    const bool instructions = target.board.isVirtual;
    QStringList raises;
    double leastExcess = 0;
    /// One limit given up: what the others need of it.
    const auto tried = [&](const QString &figure, std::optional<qint64> SearchLimits::*limit,
                           const Objective &objective, auto figureOf,
                           const auto &textOf) -> Result<> {
        if (!(query.limits.*limit)) return {};
        SearchQuery asked = quietly(query);
        asked.limits.*limit = {};
        asked.objective = objective;
        auto found = limit == &SearchLimits::sramBytes ? leastSram(asked, control)
                                                       : bestConfirmed(asked, control);
        if (!found) return tl::make_unexpected(found.error());
        Binding binding{figure, *(query.limits.*limit), {}};
        if (std::optional<Candidate> &network = *found) {
            binding.nearest = (*network).*figureOf;
            raises << QStringLiteral("%1 of %2 instead of %3")
                          .arg(figure, textOf(*binding.nearest), textOf(binding.limit));
            const double excess =
                double(*binding.nearest) / double(std::max<qint64>(1, binding.limit));
            if (!result.nearest || excess < leastExcess) {
                leastExcess = excess;
                result.nearest = *network;
            }
        }
        result.bindings.push_back(binding);
        return {};
    };
    const auto time = [instructions](qint64 value) { return enoughTime(value, instructions); };
    if (auto r = tried(QStringLiteral("SRAM"), &SearchLimits::sramBytes, {0, -1, 0, 0, 0},
                       &Candidate::sramBytes, enoughBytes);
        !r)
        return r;
    if (auto r = tried(QStringLiteral("Flash"), &SearchLimits::flashBytes, {0, 0, 0, -1, 0},
                       &Candidate::flashBytes, enoughBytes);
        !r)
        return r;
    if (auto r = tried(QStringLiteral("latency"), &SearchLimits::latency, {0, -1, 0, 0, 0},
                       &Candidate::latency, time);
        !r)
        return r;
    if (!result.nearest) {
        auto nearest = leastOver(query, control);
        if (!nearest) return tl::make_unexpected(nearest.error());
        result.nearest = *std::move(nearest);
    }
    if (!raises.isEmpty()) {
        result.whyInfeasible = QStringLiteral("no network of the space is within all limits; with "
                                              "the others kept, %1 would do")
                                   .arg(raises.join(QStringLiteral(", or ")));
    } else {
        result.whyInfeasible = QStringLiteral("no network of the space is within all limits, and "
                                              "raising one of them alone is not enough");
        if (result.nearest)
            result.whyInfeasible +=
                QStringLiteral("; the nearest one needs %1 of SRAM, %2 of Flash and %3")
                    .arg(enoughBytes(result.nearest->sramBytes),
                         enoughBytes(result.nearest->flashBytes), time(result.nearest->latency));
    }
    if (result.nearest) result.nearest->objective = objectiveOf(query.objective, *result.nearest);
    return {};
}

/// What stands in the way besides limits. True when something does.
bool Searcher::Private::explainWithoutLimits(const SearchQuery &query, SearchResult &result) const
{
    const auto possible = [this](const SearchQuery &asked) {
        const PreparedQuery prepared = prepare(tables, asked, std::nullopt, false);
        const auto &inputs = prepared.rests.front();
        return std::any_of(inputs.begin(), inputs.end(), [&](const Rest &rest) {
            return rest.possible && rest.mostDepth >= asked.shape.minDepth;
        });
    };
    SearchQuery asked = quietly(query);
    asked.limits = {};
    asked.objective = {};
    asked.shape = {};
    if (!possible(asked)) {
        result.bindings.push_back({QStringLiteral("measured operators"), 0, {}});
        result.whyInfeasible =
            tables.unmeasuredHead.isEmpty()
                ? QStringLiteral("no network of the space consists of measured operators alone; "
                                 "measure more of them or search by estimates")
                : QStringLiteral("no network of the space consists of measured operators alone: "
                                 "the head's %1 is not measured; measure it or search by estimates")
                      .arg(tables.unmeasuredHead);
        return true;
    }
    asked.shape = query.shape;
    if (!possible(asked)) {
        result.whyInfeasible =
            QStringLiteral("no network of the space keeps the bounds of the shape; allow for less "
                           "depth, for more growth or for narrower stages");
        return true;
    }
    asked.objective = query.objective;
    asked.limits.latency =
        query.limits.latency ? std::optional<qint64>(qint64(1) << 60) : std::nullopt;
    if (!possible(asked)) {
        result.bindings.push_back(
            {QStringLiteral("latency"), query.limits.latency.value_or(0), {}});
        result.whyInfeasible =
            QStringLiteral("the latency of every network of the space is unknown, as some of its "
                           "operators are neither measured nor estimated; fit a model, measure "
                           "them or search without a limit of latency");
        return true;
    }
    return false;
}

} // namespace atomnet
