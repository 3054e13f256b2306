#include "app/cli/reproduce.h"
#include "app/cli/reproduce_networks.h"
#include "app/cli/search_output.h"
#include "core/base/format.h"
#include "core/model/presets.h"
#include "core/search/evolution.h"

#include <QElapsedTimer>

#include <algorithm>

namespace atomnet
{

namespace
{

constexpr qint64 sramLimit = 256 * 1024, flashLimit = 1024 * 1024;
constexpr double boundMs = 405; ///< of AtomNet-256KB-Max, the hybrid network of Table 5
constexpr Pattern patterns[]{Pattern::MbConv, Pattern::ConvNext, Pattern::Sep, Pattern::Hybrid};

/// On virtual boards, which have no clock, nothing bounds the latency.
SearchLimits limitsOf(const Target &target)
{
    SearchLimits limits{sramLimit, flashLimit, {}};
    if (!target.board.isVirtual) limits.latency = qint64(boundMs * 1e6);
    return limits;
}

struct Found {
    std::optional<Candidate> best;
    QString why; ///< there is none
    double seconds = 0;
};

Result<Found> searched(const ReproductionInput &input, Pattern pattern)
{
    QElapsedTimer clock;
    clock.start();
    const auto searcher = Searcher::make(spaceInPattern(pattern), input.target, input.knowledge,
                                         Estimates::Point, {input.control.isCancelled, {}});
    if (!searcher) return tl::make_unexpected(searcher.error());
    SearchQuery query;
    query.limits = limitsOf(input.target);
    query.count = false;
    const auto result = searcher->solve(query, {input.control.isCancelled, {}});
    if (!result) return tl::make_unexpected(result.error());
    Found found;
    found.seconds = double(clock.nsecsElapsed()) / 1e9;
    found.why = result->whyInfeasible;
    if (!result->top.empty()) found.best = result->top.front();
    return found;
}

Result<Found> evolved(const ReproductionInput &input)
{
    const Score macs = [](const Network &, const Report &report) {
        return Result<std::optional<double>>(double(report.macs));
    };
    QElapsedTimer clock;
    clock.start();
    const auto result = evolve(spaceInPattern(Pattern::Hybrid), input.target, input.knowledge,
                               limitsOf(input.target), {}, Estimates::Point, macs,
                               EvolutionOptions{}, {input.control.isCancelled, {}});
    Found found;
    found.seconds = double(clock.nsecsElapsed()) / 1e9;
    if (result)
        found.best = result->top.front();
    else if (result.error().code == ErrorCode::BadInput)
        found.why = result.error().what;
    else
        return tl::make_unexpected(result.error());
    return found;
}

PaperFigures paperOf(Pattern pattern)
{
    switch (pattern) {
    case Pattern::MbConv:
        return {68, 238, 1007, 368}; // MCUNet-256KB; its MACs from Table 3
    case Pattern::ConvNext:
        return {{}, 233, 1005, 374};
    case Pattern::Sep:
        return {{}, 240, 1002, 403};
    case Pattern::Hybrid:
        break;
    }
    return {110, 252, 1019, 405}; // AtomNet-256KB-Max; its MACs from Table 3
}

Result<> append(Reproduction &to, const QString &name, const Found &found,
                const ReproductionInput &input, const PaperFigures &paper, double paperSeconds)
{
    if (!found.best) {
        to.lines.push_back(
            {name, QStringLiteral("network"), {}, {}, {}, QStringLiteral("missing"), found.why});
        return {};
    }
    const auto report = analyze(found.best->network, input.target, input.knowledge);
    if (!report) return tl::make_unexpected(report.error());
    auto lines = linesOf(name, *report, paper);
    lines.front().note = networkLine(found.best->network);
    std::move(lines.begin(), lines.end(), std::back_inserter(to.lines));
    const auto cost = paperSeconds > 0 ? std::optional(paperSeconds) : std::nullopt;
    to.lines.push_back(
        {name, QStringLiteral("cost"), QStringLiteral("s"), cost, found.seconds,
         QStringLiteral("measured"),
         cost ? QString() : QStringLiteral("the paper takes MCUNet-256KB as it is")});
    return {};
}

Result<ReproducedSeries> seriesOf(const QString &name, const Network &network,
                                  const ReproductionInput &input)
{
    const auto report = analyze(network, input.target, input.knowledge);
    if (!report) return tl::make_unexpected(report.error());
    ReproducedSeries series{name, {}, report->sram.value, report->sram.estimated, 0};
    double sum = 0;
    qint64 most = 1;
    for (const Layer &layer : report->layers) {
        const qint64 bytes = layer.sram.total();
        series.layers.push_back({layerName(*report, layer), bytes});
        sum += double(bytes);
        most = std::max(most, bytes);
    }
    series.balance = sum / double(series.layers.size()) / double(most);
    return series;
}

void addPeak(Reproduction &to, const ReproducedSeries &series, std::optional<double> paperKb,
             const QString &note)
{
    to.lines.push_back({series.network, QStringLiteral("SRAM peak"), QStringLiteral("KB"), paperKb,
                        double(series.peakBytes) / 1000,
                        series.estimated ? QStringLiteral("estimated") : QStringLiteral("computed"),
                        note});
    to.lines.push_back({series.network,
                        QStringLiteral("balance"),
                        {},
                        {},
                        series.balance,
                        QStringLiteral("computed"),
                        {}});
}

} // namespace

Result<Reproduction> reproduceTable5(const ReproductionInput &input)
{
    Reproduction table{
        QStringLiteral("table5"),
        QStringLiteral("Table 5: the best networks of single patterns and of the hybrid pattern"),
        {},
        {},
        {}};
    double done = 0;
    for (const Pattern pattern : patterns) {
        const auto found = searched(input, pattern);
        if (!found) return tl::make_unexpected(found.error());
        const double hour = pattern == Pattern::MbConv ? 0 : 3600;
        if (Result<> added =
                append(table, toString(pattern), *found, input, paperOf(pattern), hour);
            !added)
            return tl::make_unexpected(added.error());
        input.control.progress(++done / 5);
    }
    const auto found = evolved(input);
    if (!found) return tl::make_unexpected(found.error());
    if (Result<> added = append(table, QStringLiteral("hybrid, evolution"), *found, input,
                                {{}, 245, 1001, 385}, 360'000);
        !added)
        return tl::make_unexpected(added.error());
    table.notes << QStringLiteral(
                       "ours: most MACs within 256 KiB of SRAM, 1 MiB of Flash%1; proven "
                       "for these tables, but for evolution")
                       .arg(input.target.board.isVirtual
                                ? QString()
                                : QStringLiteral(" and %1 ms").arg(boundMs))
                << QStringLiteral("the paper's networks are the best of what its heuristic tried, "
                                  "within limits that it does not print")
                << QStringLiteral("the paper's evolution trains every network (about 100 h); ours "
                                  "scores 1,000 by their MACs")
                << QStringLiteral("accuracies need training; the designer does not train");
    return table;
}

Result<Reproduction> reproduceFigure4(const ReproductionInput &input)
{
    Reproduction figure{
        QStringLiteral("figure4"),
        QStringLiteral("Figure 4: SRAM by layer, hybrid pattern against single patterns"),
        {},
        {},
        {}};
    const Network hybrid = presetById(QStringLiteral("atomnet-256kb-max"))->network;
    const bool same = isPapersTarget(input.target);
    for (const Pattern pattern : patterns) {
        auto series = seriesOf(toString(pattern), inPattern(hybrid, pattern), input);
        if (!series) return tl::make_unexpected(series.error());
        const bool own = pattern == Pattern::Hybrid;
        const QString note =
            own ? QStringLiteral("AtomNet-256KB-Max")
            : pattern == Pattern::Sep
                ? QStringLiteral("its widths and depths")
                : QStringLiteral("its widths and depths; expansion 3 where it has SEP");
        addPeak(figure, *series, own && same ? std::optional(252.0) : std::nullopt, note);
        figure.series.push_back(*std::move(series));
    }
    double done = 0;
    for (const Pattern pattern : patterns) {
        const auto found = searched(input, pattern);
        if (!found) return tl::make_unexpected(found.error());
        input.control.progress(++done / 4);
        const QString name = toString(pattern) + QStringLiteral(", searched");
        if (!found->best) {
            figure.lines.push_back({name,
                                    QStringLiteral("network"),
                                    {},
                                    {},
                                    {},
                                    QStringLiteral("missing"),
                                    found->why});
            continue;
        }
        auto series = seriesOf(name, found->best->network, input);
        if (!series) return tl::make_unexpected(series.error());
        addPeak(figure, *series, {}, networkLine(found->best->network));
        figure.series.push_back(*std::move(series));
    }
    figure.notes << QStringLiteral("balance: the mean of the layers' SRAM over the largest; 1 is "
                                   "even")
                 << QStringLiteral("the paper's Figure 4 prints no numbers; its hybrid network's "
                                   "peak is that of Table 3")
                 << QStringLiteral("searched: most MACs within 256 KiB of SRAM, 1 MiB of Flash%1")
                        .arg(input.target.board.isVirtual
                                 ? QString()
                                 : QStringLiteral(" and %1 ms").arg(boundMs));
    return figure;
}

} // namespace atomnet
