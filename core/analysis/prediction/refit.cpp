#include "core/analysis/prediction/refit.h"

#include "core/model/design_file.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <map>

namespace atomnet
{

namespace
{

/// Raised when models are fitted in another way: then none that is stored is of these data.
constexpr int fittingVersion = 2;

/// Mixes 64 bits so that each of them depends on all.
quint64 mixed(quint64 x)
{
    x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9ULL;
    x = (x ^ (x >> 27)) * 0x94d049bb133111ebULL;
    return x ^ (x >> 31);
}

quint64 mixed(quint64 seed, const void *bytes, std::size_t size)
{
    const auto *at = static_cast<const uchar *>(bytes);
    quint64 hash = mixed(seed ^ size);
    for (std::size_t i = 0; i < size; i += sizeof(quint64)) {
        quint64 word = 0;
        std::memcpy(&word, at + i, std::min(sizeof(quint64), size - i));
        hash = mixed(hash ^ word);
    }
    return hash;
}

/// A board that nobody ships figures of is known by its id alone.
Target targetOf(const RunCondition &condition, Runtime runtime)
{
    Target target;
    target.runtime = runtime;
    if (const auto board = boardById(condition.board)) {
        target.board = *board;
    } else {
        target.board.id = condition.board;
        target.board.clockHz = condition.clockHz;
    }
    return target;
}

std::shared_ptr<const AtomTable> shared(const AtomTable &table)
{
    return {std::shared_ptr<const AtomTable>(), &table};
}

} // namespace

QString dataFingerprint(const AtomTable &table, const std::vector<NetworkLatency> &networks)
{
    // A sum, so that the order of rows does not matter and nothing needs to be sorted.
    quint64 sum = mixed(quint64(fittingVersion));
    for (const AtomTable::Row &row : table.rows()) {
        const std::array<qint64, 4> figures{row.stats.median, row.stats.low, row.stats.high,
                                            row.stats.count};
        sum += mixed(mixed(1, &row.key, sizeof row.key), figures.data(), sizeof figures);
    }
    for (const NetworkLatency &network : networks) {
        const QByteArray design = writeDesign(network.network);
        sum +=
            mixed(mixed(quint64(network.latency), design.constData(), std::size_t(design.size())));
    }
    return QStringLiteral("%1").arg(sum, 16, 16, QLatin1Char('0'));
}

Result<std::vector<NetworkLatency>> knownNetworks(const AtomDb &db, qint64 conditionId,
                                                  const Target &target)
{
    std::vector<NetworkLatency> networks = reportedNetworks(target);
    const auto stored = db.networkSamples(conditionId);
    if (!stored) return tl::make_unexpected(stored.error());
    // Of one design measured several times the median counts, once.
    std::map<QByteArray, std::vector<const NetworkSample *>> byDesign;
    for (const NetworkSample &sample : *stored)
        byDesign[sample.design].push_back(&sample);
    for (auto &[design, samples] : byDesign) {
        const auto network = readDesign(design, samples.front()->name);
        if (!network) continue; // of a later version, perhaps; the others still teach
        const auto middle = samples.begin() + qsizetype(samples.size() / 2);
        std::nth_element(
            samples.begin(), middle, samples.end(),
            [](const NetworkSample *a, const NetworkSample *b) { return a->value < b->value; });
        networks.push_back({samples.front()->name, network->network, (*middle)->value});
    }
    return networks;
}

Result<LatencyModel> fitModel(const AtomTable &table, const Target &target,
                              const std::vector<NetworkLatency> &networks,
                              const RunControl &control)
{
    auto model = fitLatencyModel(table, control);
    if (!model || networks.empty()) return model;
    const Knowledge knowledge{shared(table), std::make_shared<const LatencyModel>(*model)};
    const auto fit = learnFromNetworks(networks, target, knowledge);
    if (!fit) return model; // what the samples alone tell is still good
    model->kernelRatios = kernelRatios(*fit);
    return model;
}

Result<std::optional<LatencyModel>> storedModel(const AtomDb &db, qint64 conditionId)
{
    const auto stored = db.storedModel(conditionId);
    if (!stored) return tl::make_unexpected(stored.error());
    if (!*stored) return std::nullopt;
    auto model = readLatencyModel((*stored)->json, QStringLiteral("AtomDB"));
    if (!model) return std::nullopt; // written by another version: fitted again when data come
    return std::optional(*std::move(model));
}

namespace
{

/// All that a condition's model is fitted on.
struct FitData {
    Target target;
    std::vector<NetworkLatency> networks;
    QString fingerprint;
};

Result<FitData> fitData(const AtomDb &db, qint64 conditionId, const AtomTable &table)
{
    FitData data;
    const auto runtime = runtimeById(table.condition().runtime);
    data.target = targetOf(table.condition(), runtime ? *runtime : Runtime::AtomNet1);
    if (runtime) { // else nobody knows what its networks consist of
        auto known = knownNetworks(db, conditionId, data.target);
        if (!known) return tl::make_unexpected(known.error());
        data.networks = *std::move(known);
    }
    data.fingerprint = dataFingerprint(table, data.networks);
    return data;
}

/// Whether fitLatencyModel() has enough to work on: a kind with 8 operators.
bool canFit(const AtomTable &table)
{
    constexpr int enough = 8;
    std::array<int, atomKindCount> keys{};
    for (const AtomTable::Row &row : table.rows())
        if (const std::size_t kind = std::size_t(row.key.kind); kind < keys.size())
            if (++keys[kind] >= enough) return true;
    return false;
}

/// Whether what ships was fitted on as many operators and samples of this board: on these, then,
/// which ship with it, or on others of the same kernels.
bool isShippedData(const RunCondition &condition, qint64 keys, qint64 samples)
{
    const auto shipped = shippedLatencyModel(condition.board, condition.runtime);
    return shipped && shipped->unit == SampleUnit::Instructions &&
           shipped->fittedOn == QStringLiteral("%1 operators, %2 samples").arg(keys).arg(samples);
}

} // namespace

Result<ModelChoice> modelFor(const AtomDb &db, const AtomTable &table, const QString &board,
                             const QString &runtime)
{
    ModelChoice choice;
    choice.model = shippedLatencyModel(board, runtime);
    if (table.isEmpty()) return choice;
    const auto conditions = db.conditions();
    if (!conditions) return tl::make_unexpected(conditions.error());
    for (const ConditionInfo &info : *conditions)
        if (info.condition == table.condition() && info.unit == table.unit())
            choice.condition = info.id;
    if (choice.condition == 0) return choice;
    const auto data = fitData(db, choice.condition, table);
    if (!data) return tl::make_unexpected(data.error());
    const auto stored = db.storedModel(choice.condition);
    if (!stored) return tl::make_unexpected(stored.error());
    const bool fresh = *stored && (*stored)->fingerprint == data->fingerprint;
    choice.due = !fresh && canFit(table) &&
                 (*stored || !isShippedData(table.condition(), qint64(table.rows().size()),
                                            table.sampleCount()));
    if (!fresh && (choice.model || !*stored)) return choice;
    auto model = readLatencyModel((*stored)->json, QStringLiteral("AtomDB"));
    if (model)
        choice.model = std::make_shared<const LatencyModel>(*std::move(model));
    else
        choice.due = true; // of another version of the designer
    return choice;
}

Result<bool> refreshModel(AtomDb &db, qint64 conditionId, const RunControl &control)
{
    const auto table = db.table(conditionId);
    if (!table) return tl::make_unexpected(table.error());
    const auto data = fitData(db, conditionId, *table);
    if (!data) return tl::make_unexpected(data.error());
    const auto stored = db.storedModel(conditionId);
    if (!stored) return tl::make_unexpected(stored.error());
    if (*stored && (*stored)->fingerprint == data->fingerprint &&
        readLatencyModel((*stored)->json, QStringLiteral("AtomDB")))
        return false;

    const auto model = fitModel(*table, data->target, data->networks, control);
    if (control.cancelled())
        return fail(ErrorCode::Cancelled, QStringLiteral("fitting the model was stopped"));
    if (!model) {
        if (*stored && model.error().code == ErrorCode::BadInput)
            if (auto gone = db.storeModel(conditionId, {}); !gone)
                return tl::make_unexpected(gone.error());
        return tl::make_unexpected(model.error());
    }
    if (auto kept = db.storeModel(conditionId, {data->fingerprint, writeLatencyModel(*model)});
        !kept)
        return tl::make_unexpected(kept.error());
    return true;
}

Result<int> refreshModels(AtomDb &db, const RunControl &control)
{
    const auto conditions = db.conditions();
    if (!conditions) return tl::make_unexpected(conditions.error());
    int fitted = 0;
    qint64 done = 0, all = 1;
    for (const ConditionInfo &info : *conditions)
        all += info.keys;
    for (const ConditionInfo &info : *conditions) {
        const double from = double(done) / double(all), share = double(info.keys) / double(all);
        const RunControl part{control.isCancelled,
                              [&](double part) { control.progress(from + part * share); }};
        done += info.keys;
        if (info.samples == 0) continue;
        if (isShippedData(info.condition, info.keys, info.samples)) continue;
        const auto fresh = refreshModel(db, info.id, part);
        if (fresh) {
            fitted += *fresh ? 1 : 0;
        } else if (fresh.error().code != ErrorCode::BadInput) {
            return tl::make_unexpected(fresh.error());
        }
    }
    return fitted;
}

} // namespace atomnet
