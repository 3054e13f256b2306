#include "widgets/document/explorer_worker.h"

#include "core/atomdb/shipped_atomdb.h"
#include "core/measuring/space_plan.h"

#include <algorithm>

namespace atomnet
{

void ExplorerWorker::open(const QString &path)
{
    forget();
    m_db.reset();
    m_conditions.clear();
    auto db = openAtomDb(path, AtomDb::Mode::ReadOnly);
    if (!db) {
        Q_EMIT failed(db.error());
        return;
    }
    m_db = std::move(*db);
    list();
}

void ExplorerWorker::forget()
{
    m_known.clear();
}

void ExplorerWorker::list()
{
    if (!m_db) return;
    auto conditions = m_db->conditions();
    if (!conditions) {
        Q_EMIT failed(conditions.error());
        return;
    }
    m_conditions = *std::move(conditions);
    Q_EMIT contentsReady(m_conditions);
}

Result<ExplorerWorker::Known *> ExplorerWorker::known(qint64 condition)
{
    for (const auto &each : m_known)
        if (each->id == condition) return each.get();
    auto table = m_db->table(condition);
    if (!table) return tl::make_unexpected(table.error());
    constexpr std::size_t kept = 4;
    if (m_known.size() == kept) m_known.erase(m_known.begin());
    m_known.push_back(std::make_unique<Known>());
    Known &known = *m_known.back();
    known.id = condition;
    known.table = std::make_shared<const AtomTable>(*std::move(table));
    return &known;
}

std::shared_ptr<const LatencyModel> ExplorerWorker::modelOf(Known &known) const
{
    if (known.model || known.fitFailed) return known.model;
    const RunCondition &condition = known.table->condition();
    // The one that was fitted on these samples, else the one that ships, else a new one.
    if (const auto stored = m_db->storedModel(known.id); stored && *stored)
        if (auto model = readLatencyModel((*stored)->json, condition.board))
            known.model = std::make_shared<const LatencyModel>(*std::move(model));
    if (known.model) return known.model;
    const auto shipped = shippedLatencyModel(condition.board, condition.runtime);
    if (shipped && shipped->unit == known.table->unit()) {
        known.model = shipped;
    } else if (auto fitted = fitLatencyModel(*known.table)) {
        known.model = std::make_shared<const LatencyModel>(*std::move(fitted));
    } else {
        known.fitFailed = true;
    }
    return known.model;
}

void ExplorerWorker::answer(const ExplorerRequest &request, const RunControl &control)
{
    if (!m_db || control.cancelled()) return;
    const auto infoOf = [this](qint64 id) -> const ConditionInfo * {
        const auto it = std::find_if(m_conditions.begin(), m_conditions.end(),
                                     [id](const ConditionInfo &info) { return info.id == id; });
        return it == m_conditions.end() ? nullptr : &*it;
    };
    const ConditionInfo *first = infoOf(request.first), *second = infoOf(request.second);
    if (!first) return; // it is gone with the AtomDB that was open before
    const auto knownFirst = known(request.first);
    if (!knownFirst) {
        Q_EMIT failed(knownFirst.error());
        return;
    }
    const std::shared_ptr<const AtomTable> atoms = (*knownFirst)->table;
    auto snapshot = std::make_shared<ExplorerSnapshot>();
    snapshot->request = request;
    snapshot->first = *first;
    auto table = std::make_shared<ExplorerTable>(atoms);
    if (request.predict && !control.cancelled()) {
        if (const auto model = modelOf(**knownFirst)) {
            std::vector<float> predicted = predict(*atoms, *model, control);
            if (control.cancelled()) return;
            table->setPredictions(model, std::move(predicted));
        } else {
            snapshot->note =
                tr("too few operators were measured here to learn a model from; measure more");
        }
    }
    snapshot->table = table;
    if (second && !control.cancelled()) {
        const auto knownSecond = known(request.second);
        if (!knownSecond) {
            Q_EMIT failed(knownSecond.error());
            return;
        }
        snapshot->second = *second;
        snapshot->secondTable = std::make_shared<ExplorerTable>((*knownSecond)->table);
        snapshot->pairs = std::make_shared<const ConditionPairs>(
            pairConditions(*atoms, *(*knownSecond)->table, control));
    }
    if (!request.space.isEmpty() && !control.cancelled()) {
        auto covered = coverage(request.space, **knownFirst, control);
        if (covered)
            snapshot->coverage = *std::move(covered);
        else
            snapshot->note = covered.error().message();
    }
    if (!control.cancelled()) Q_EMIT snapshotReady(snapshot);
}

Result<std::shared_ptr<const SpaceCoverage>>
ExplorerWorker::coverage(const QString &space, Known &known, const RunControl &control) const
{
    const auto described = spaceByName(space);
    if (!described) return tl::make_unexpected(described.error());
    const RunCondition &condition = known.table->condition();
    const auto board = boardById(condition.board);
    if (!board) return tl::make_unexpected(board.error());
    const auto runtime = runtimeById(condition.runtime);
    if (!runtime) return tl::make_unexpected(runtime.error());
    const Knowledge knowledge{known.table, modelOf(known)};
    auto plan = spacePlan(*described, Target{*board, *runtime}, knowledge, control);
    if (!plan) return tl::make_unexpected(plan.error());
    auto result = std::make_shared<SpaceCoverage>();
    result->space = described->name;
    result->operators = plan->operators;
    result->measured = plan->measured;
    result->unmeasurable = plan->unmeasurable;
    result->coveredUncertainty = plan->coveredUncertainty;
    result->gaps.reserve(plan->items.size());
    for (const SpacePlanItem &item : plan->items)
        result->gaps.push_back({item.key, item.uses, item.expectedNs});
    return result;
}

void ExplorerWorker::readSamples(qint64 condition, const AtomKey &key)
{
    if (!m_db) return;
    auto samples = m_db->samples(condition, key);
    if (samples)
        Q_EMIT samplesReady({condition, key, *std::move(samples)});
    else
        Q_EMIT failed(samples.error());
}

} // namespace atomnet
