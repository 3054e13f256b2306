#include "core/atomdb/model_store.h"

#include "core/atomdb/sample_store.h"

namespace atomnet
{

namespace
{

Result<bool> hasTables(const SqlConnection &connection)
{
    const Result<QVariant> found = connection.value(
        QStringLiteral("SELECT count(*) FROM sqlite_schema WHERE name IN ('model','network')"));
    if (!found) return tl::make_unexpected(found.error());
    return found->toInt() == 2;
}

} // namespace

Result<> writeModel(const SqlConnection &connection, qint64 conditionId, const StoredModel &model)
{
    const Result<QVariant> there =
        connection.value(QStringLiteral("SELECT 1 FROM condition WHERE id=?"), {conditionId});
    if (!there) return tl::make_unexpected(there.error());
    if (!there->isValid())
        return fail(ErrorCode::Usage,
                    QStringLiteral("there is no run condition %1").arg(conditionId),
                    connection.path());
    const Result<QVariant> written =
        model.json.isEmpty()
            ? connection.value(QStringLiteral("DELETE FROM model WHERE condition_id=?"),
                               {conditionId})
            : connection.value(
                  QStringLiteral("INSERT OR REPLACE INTO model(condition_id,fingerprint,json) "
                                 "VALUES(?,?,?)"),
                  {conditionId, sqlText(model.fingerprint), QString::fromUtf8(model.json)});
    if (!written) return tl::make_unexpected(written.error());
    return {};
}

Result<std::optional<StoredModel>> readModel(const SqlConnection &connection, qint64 conditionId)
{
    const Result<bool> tables = hasTables(connection);
    if (!tables) return tl::make_unexpected(tables.error());
    if (!*tables) return std::nullopt;
    Result<QSqlQuery> query =
        connection.prepare(QStringLiteral("SELECT fingerprint,json FROM model "
                                          "WHERE condition_id=?"));
    if (!query) return tl::make_unexpected(query.error());
    if (Result<> ran = connection.run(*query, {conditionId}); !ran)
        return tl::make_unexpected(ran.error());
    std::optional<StoredModel> model;
    if (query->next())
        model = StoredModel{query->value(0).toString(), query->value(1).toString().toUtf8()};
    if (Result<> ended = connection.finished(*query); !ended)
        return tl::make_unexpected(ended.error());
    return model;
}

Result<bool> writeNetwork(const SqlConnection &connection, const RunCondition &condition,
                          SampleUnit unit, const NetworkSample &sample)
{
    if (sample.value < 1 || sample.value > maxSampleValue || sample.design.isEmpty())
        return fail(ErrorCode::BadInput,
                    QStringLiteral("the latency %1 of a network is impossible; nothing was stored")
                        .arg(sample.value),
                    sample.name);
    const Result<qint64> id = findOrAddCondition(connection, condition, unit);
    if (!id) return tl::make_unexpected(id.error());
    const Result<QVariant> added = connection.value(
        QStringLiteral("INSERT OR IGNORE INTO network(condition_id,name,design,value) "
                       "VALUES(?,?,?,?) RETURNING id"),
        {*id, sqlText(sample.name), QString::fromUtf8(sample.design), sample.value});
    if (!added) return tl::make_unexpected(added.error());
    return added->isValid();
}

Result<std::vector<NetworkSample>> readNetworks(const SqlConnection &connection, qint64 conditionId)
{
    const Result<bool> tables = hasTables(connection);
    if (!tables) return tl::make_unexpected(tables.error());
    std::vector<NetworkSample> networks;
    if (!*tables) return networks;
    Result<QSqlQuery> query = connection.prepare(
        QStringLiteral("SELECT name,design,value FROM network WHERE condition_id=? ORDER BY id"));
    if (!query) return tl::make_unexpected(query.error());
    if (Result<> ran = connection.run(*query, {conditionId}); !ran)
        return tl::make_unexpected(ran.error());
    while (query->next())
        networks.push_back({query->value(0).toString(), query->value(1).toString().toUtf8(),
                            query->value(2).toLongLong()});
    if (Result<> ended = connection.finished(*query); !ended)
        return tl::make_unexpected(ended.error());
    return networks;
}

Result<qint64> copyNetworks(const SqlConnection &ours, const SqlConnection &theirs)
{
    const Result<std::vector<ConditionInfo>> conditions = readConditions(theirs);
    if (!conditions) return tl::make_unexpected(conditions.error());
    qint64 added = 0;
    Result<SqlTransaction> transaction = SqlTransaction::begin(ours);
    if (!transaction) return tl::make_unexpected(transaction.error());
    for (const ConditionInfo &info : *conditions) {
        const Result<std::vector<NetworkSample>> networks = readNetworks(theirs, info.id);
        if (!networks) return tl::make_unexpected(networks.error());
        for (const NetworkSample &network : *networks) {
            const Result<bool> isNew = writeNetwork(ours, info.condition, info.unit, network);
            if (!isNew) return tl::make_unexpected(isNew.error());
            if (*isNew) ++added;
        }
    }
    if (Result<> committed = transaction->commit(); !committed)
        return tl::make_unexpected(committed.error());
    return added;
}

} // namespace atomnet
