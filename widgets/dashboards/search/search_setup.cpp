#include "widgets/dashboards/search/search_setup.h"

#include <QProcess>

#include <algorithm>

namespace atomnet
{

namespace
{

QVariant limitValue(std::optional<qint64> limit)
{
    return limit ? QVariant(*limit) : QVariant(QString());
}

std::optional<qint64> limitFrom(const QVariant &value)
{
    bool good = false;
    const qint64 limit = value.toString().toLongLong(&good);
    return good && limit > 0 ? std::optional(limit) : std::nullopt;
}

} // namespace

Result<SearchQuery> SearchSetup::query() const
{
    const Result<Objective> goal = objectiveFrom(objective);
    if (!goal) return tl::make_unexpected(goal.error());
    SearchQuery query;
    query.limits = limits;
    query.objective = *goal;
    query.shape = shape;
    query.top = topCount;
    return query;
}

Result<SearchSpace> SearchSetup::spaceFor(const SearchSpace &base, const Network &design) const
{
    SearchSpace space = base;
    const bool keepsInput = keepLocks && design.inputLocked;
    if (resolution > 0 && !keepsInput) {
        const auto &known = base.resolutions;
        if (std::find(known.begin(), known.end(), resolution) != known.end()) {
            space.resolutions = {resolution};
            space.inputs.clear();
        }
    }
    return keepLocks ? lockedSpace(space, design) : Result<SearchSpace>(space);
}

Result<Score> SearchSetup::score(const SearchSpace &space) const
{
    if (method.kind == SearchMethod::Kind::EvolutionTable) {
        if (method.tablePath.isEmpty())
            return fail(ErrorCode::Usage,
                        QStringLiteral("evolution needs a table of accuracies: choose one under "
                                       "the method, or a command that tells them"));
        return tableScore(method.tablePath, space);
    }
    QStringList words = QProcess::splitCommand(method.command);
    if (words.isEmpty())
        return fail(ErrorCode::Usage,
                    QStringLiteral("evolution needs a command that tells a network's accuracy: "
                                   "name one under the method, or choose a table"));
    const QString program = words.takeFirst();
    return commandScore(program, words, method.timeoutSeconds * 1000);
}

QVariantMap toMap(const SearchSetup &setup)
{
    const SearchMethod &method = setup.method;
    return {{QStringLiteral("space"), setup.space},
            {QStringLiteral("resolution"), setup.resolution},
            {QStringLiteral("keepLocks"), setup.keepLocks},
            {QStringLiteral("estimates"), toString(setup.estimates)},
            {QStringLiteral("sram"), limitValue(setup.limits.sramBytes)},
            {QStringLiteral("flash"), limitValue(setup.limits.flashBytes)},
            {QStringLiteral("latency"), limitValue(setup.limits.latency)},
            {QStringLiteral("objective"), setup.objective},
            {QStringLiteral("minDepth"), setup.shape.minDepth},
            {QStringLiteral("maxWidthGrowth"), setup.shape.maxWidthGrowth},
            {QStringLiteral("neverNarrower"), setup.shape.neverNarrower},
            {QStringLiteral("method"), int(method.kind)},
            {QStringLiteral("scoreTable"), method.tablePath},
            {QStringLiteral("scoreCommand"), method.command},
            {QStringLiteral("scoreTimeout"), method.timeoutSeconds},
            {QStringLiteral("evaluations"), method.evolution.evaluations},
            {QStringLiteral("population"), method.evolution.population},
            {QStringLiteral("seed"), method.evolution.seed}};
}

SearchSetup setupFrom(const QVariantMap &map)
{
    SearchSetup setup;
    const auto has = [&map](const char *key) { return map.contains(QString::fromLatin1(key)); };
    const auto value = [&map](const char *key) { return map.value(QString::fromLatin1(key)); };
    if (has("space") && !value("space").toString().isEmpty())
        setup.space = value("space").toString();
    setup.resolution = std::max(0, value("resolution").toInt());
    if (has("keepLocks")) setup.keepLocks = value("keepLocks").toBool();
    setup.estimates = estimatesFrom(value("estimates").toString()).value_or(setup.estimates);
    setup.limits = {limitFrom(value("sram")), limitFrom(value("flash")),
                    limitFrom(value("latency"))};
    if (objectiveFrom(value("objective").toString()))
        setup.objective = value("objective").toString();
    setup.shape.minDepth = std::clamp(value("minDepth").toInt(), 0, maxBlocks);
    setup.shape.maxWidthGrowth = std::clamp(value("maxWidthGrowth").toDouble(), 0.0, 1000.0);
    setup.shape.neverNarrower = value("neverNarrower").toBool();
    SearchMethod &method = setup.method;
    method.kind = SearchMethod::Kind(std::clamp(value("method").toInt(), 0, 2));
    method.tablePath = value("scoreTable").toString();
    method.command = value("scoreCommand").toString();
    const auto number = [&](const char *key, int least, int most, int &into) {
        if (has(key)) into = std::clamp(value(key).toInt(), least, most);
    };
    number("scoreTimeout", 1, 86'400, method.timeoutSeconds);
    number("evaluations", 1, 10'000'000, method.evolution.evaluations);
    number("population", 2, 100'000, method.evolution.population);
    method.evolution.seed = value("seed").toUInt();
    if (!has("seed")) method.evolution.seed = EvolutionOptions().seed;
    method.evolution.tournament =
        std::min(method.evolution.tournament, method.evolution.population);
    return setup;
}

} // namespace atomnet
