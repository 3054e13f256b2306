#include "core/atomdb/sample_store.h"
#include "core/atomdb/schema.h"

#include <QSqlQuery>

#include <limits>

namespace atomnet
{

namespace
{

tl::unexpected<Error> impossible(const SqlConnection &connection, const QString &what)
{
    return tl::make_unexpected(sqlError(0, what, connection.path()));
}

std::optional<qint64> optionalValue(const QSqlQuery &query, int column)
{
    const QVariant value = query.value(column);
    return value.isNull() ? std::nullopt : std::optional<qint64>(value.toLongLong());
}

} // namespace

std::array<qint64, 22> keyValues(const AtomKey &key)
{
    static_assert(keyColumnCount == 22);
    return {qint64(key.kind), key.inH,          key.inW,
            key.inC,          key.outH,         key.outW,
            key.outC,         key.kernelH,      key.kernelW,
            key.strideH,      key.strideW,      key.padT,
            key.padL,         key.padB,         key.padR,
            key.dilation,     key.groups,       key.squeeze,
            qint64(key.act),  qint64(key.type), qint64(key.weights),
            key.variant};
}

std::optional<AtomKey> keyFrom(const QSqlQuery &query, int first)
{
    int column = first;
    bool ok = true;
    const auto next = [&](auto &field) {
        using Field = std::remove_reference_t<decltype(field)>;
        const qint64 value = query.value(column++).toLongLong();
        if constexpr (std::is_enum_v<Field>) {
            ok = ok && value >= 0 && value <= 255;
            field = Field(quint8(value));
        } else {
            ok = ok && value >= 0 && value <= qint64(std::numeric_limits<Field>::max());
            field = Field(value);
        }
    };
    AtomKey key;
    next(key.kind);
    next(key.inH);
    next(key.inW);
    next(key.inC);
    next(key.outH);
    next(key.outW);
    next(key.outC);
    next(key.kernelH);
    next(key.kernelW);
    next(key.strideH);
    next(key.strideW);
    next(key.padT);
    next(key.padL);
    next(key.padB);
    next(key.padR);
    next(key.dilation);
    next(key.groups);
    next(key.squeeze);
    next(key.act);
    next(key.type);
    next(key.weights);
    next(key.variant);
    if (!ok || !isStorable(key)) return std::nullopt;
    return key;
}

Result<std::vector<ConditionInfo>> readConditions(const SqlConnection &connection)
{
    Result<QSqlQuery> query = connection.prepare(
        QStringLiteral("SELECT id,board,runtime,clock_hz,caches,compiler,flags,kernel_version,unit,"
                       "(SELECT count(*) FROM aggregate WHERE condition_id=condition.id),"
                       "(SELECT total(count) FROM aggregate WHERE condition_id=condition.id) FROM "
                       "condition ORDER BY id"));
    if (!query) return tl::make_unexpected(query.error());
    if (Result<> ran = connection.run(*query, {}); !ran) return tl::make_unexpected(ran.error());
    std::vector<ConditionInfo> conditions;
    while (query->next()) {
        ConditionInfo info;
        info.id = query->value(0).toLongLong();
        info.condition = {query->value(1).toString(),   query->value(2).toString(),
                          query->value(3).toLongLong(), query->value(4).toString(),
                          query->value(5).toString(),   query->value(6).toString(),
                          query->value(7).toString()};
        info.unit =
            query->value(8).toInt() == 1 ? SampleUnit::Instructions : SampleUnit::Nanoseconds;
        info.keys = query->value(9).toLongLong();
        info.samples = query->value(10).toLongLong();
        conditions.push_back(std::move(info));
    }
    if (Result<> ended = connection.finished(*query); !ended)
        return tl::make_unexpected(ended.error());
    return conditions;
}

Result<std::vector<AtomTable::Row>> readRows(const SqlConnection &connection, qint64 conditionId)
{
    Result<QSqlQuery> query = connection.prepare(
        QStringLiteral("SELECT median,low,high,count,%1 FROM aggregate JOIN atom_key ON id=key_id "
                       "WHERE condition_id=? ORDER BY key_id")
            .arg(keyColumns()));
    if (!query) return tl::make_unexpected(query.error());
    if (Result<> ran = connection.run(*query, {conditionId}); !ran)
        return tl::make_unexpected(ran.error());
    std::vector<AtomTable::Row> rows;
    while (query->next()) {
        const std::optional<AtomKey> key = keyFrom(*query, 4);
        AtomStats stats;
        stats.median = query->value(0).toLongLong();
        stats.low = query->value(1).toLongLong();
        stats.high = query->value(2).toLongLong();
        const qint64 count = query->value(3).toLongLong();
        stats.count = quint32(count);
        const bool sound = key && stats.low >= 1 && stats.low <= stats.median &&
                           stats.median <= stats.high && stats.high <= maxSampleValue &&
                           count >= 1 && count == qint64(stats.count);
        if (!sound) return impossible(connection, QStringLiteral("it holds impossible figures"));
        rows.push_back({*key, stats});
    }
    if (Result<> ended = connection.finished(*query); !ended)
        return tl::make_unexpected(ended.error());
    return rows;
}

Result<QSqlQuery> prepareFindKey(const SqlConnection &connection)
{
    return connection.prepare(
        QStringLiteral("SELECT id FROM atom_key WHERE (%1)=(%2)")
            .arg(keyColumns(), QStringLiteral("?,").repeated(keyColumnCount).chopped(1)));
}

Result<qint64> findKey(const SqlConnection &connection, QSqlQuery &query, const AtomKey &key)
{
    QVariantList parameters;
    parameters.reserve(keyColumnCount);
    for (const qint64 value : keyValues(key))
        parameters << value;
    if (Result<> ran = connection.run(query, parameters); !ran)
        return tl::make_unexpected(ran.error());
    const qint64 id = query.next() ? query.value(0).toLongLong() : 0;
    if (Result<> ended = connection.finished(query); !ended)
        return tl::make_unexpected(ended.error());
    return id;
}

namespace
{

/// Everything that batches refer to, by id.
struct Names {
    QHash<qint64, AtomKey> keys;
    QHash<qint64, SampleOrigin> origins;
};

Result<Names> readNames(const SqlConnection &connection)
{
    Names names;
    Result<QSqlQuery> keys =
        connection.prepare(QStringLiteral("SELECT id,%1 FROM atom_key").arg(keyColumns()));
    if (!keys) return tl::make_unexpected(keys.error());
    if (Result<> ran = connection.run(*keys, {}); !ran) return tl::make_unexpected(ran.error());
    while (keys->next()) {
        const std::optional<AtomKey> key = keyFrom(*keys, 1);
        if (!key) return impossible(connection, QStringLiteral("it holds an impossible operator"));
        names.keys.insert(keys->value(0).toLongLong(), *key);
    }
    if (Result<> ended = connection.finished(*keys); !ended)
        return tl::make_unexpected(ended.error());
    Result<QSqlQuery> origins =
        connection.prepare(QStringLiteral("SELECT id,name,sha256 FROM source"));
    if (!origins) return tl::make_unexpected(origins.error());
    if (Result<> ran = connection.run(*origins, {}); !ran) return tl::make_unexpected(ran.error());
    while (origins->next())
        names.origins.insert(origins->value(0).toLongLong(),
                             {origins->value(1).toString(), origins->value(2).toString()});
    if (Result<> ended = connection.finished(*origins); !ended)
        return tl::make_unexpected(ended.error());
    return names;
}

Result<SampleBatch> readBatch(const SqlConnection &connection, const ConditionInfo &info,
                              const Names &names)
{
    SampleBatch batch;
    batch.condition = info.condition;
    batch.unit = info.unit;
    QHash<qint64, quint32> originIndex;
    Result<QSqlQuery> query = connection.prepare(
        QStringLiteral("SELECT key_id,value,source_id,cycles,flash_bytes,sram_bytes FROM sample "
                       "WHERE condition_id=? ORDER BY key_id,value,nth"));
    if (!query) return tl::make_unexpected(query.error());
    if (Result<> ran = connection.run(*query, {info.id}); !ran)
        return tl::make_unexpected(ran.error());
    while (query->next()) {
        const auto key = names.keys.constFind(query->value(0).toLongLong());
        const qint64 sourceId = query->value(2).toLongLong();
        SampleBatch::Entry entry;
        entry.value = query->value(1).toLongLong();
        if (key == names.keys.constEnd() || entry.value < 1 || entry.value > maxSampleValue)
            return impossible(connection, QStringLiteral("it holds an impossible sample"));
        auto origin = originIndex.constFind(sourceId);
        if (origin == originIndex.constEnd()) {
            origin = originIndex.insert(sourceId, quint32(batch.origins.size()));
            batch.origins.push_back(names.origins.value(sourceId));
        }
        entry.origin = *origin;
        entry.cycles = optionalValue(*query, 3);
        entry.flashBytes = optionalValue(*query, 4);
        entry.sramBytes = optionalValue(*query, 5);
        batch.add(*key, entry);
    }
    if (Result<> ended = connection.finished(*query); !ended)
        return tl::make_unexpected(ended.error());
    return batch;
}

} // namespace

Result<std::vector<SampleBatch>> readBatches(const SqlConnection &connection,
                                             const RunControl &control)
{
    const Result<Names> names = readNames(connection);
    if (!names) return tl::make_unexpected(names.error());
    const Result<std::vector<ConditionInfo>> conditions = readConditions(connection);
    if (!conditions) return tl::make_unexpected(conditions.error());
    std::vector<SampleBatch> batches;
    for (const ConditionInfo &info : *conditions) {
        if (control.cancelled())
            return fail(ErrorCode::Cancelled, QStringLiteral("reading was stopped"),
                        connection.path());
        Result<SampleBatch> batch = readBatch(connection, info, *names);
        if (!batch) return tl::make_unexpected(batch.error());
        batches.push_back(std::move(*batch));
    }
    return batches;
}

} // namespace atomnet
