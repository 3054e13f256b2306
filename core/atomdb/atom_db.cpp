#include "core/atomdb/atom_db.h"

#include "core/atomdb/csv_export.h"
#include "core/atomdb/csv_import.h"
#include "core/atomdb/merge.h"
#include "core/atomdb/model_store.h"
#include "core/atomdb/open_database.h"
#include "core/atomdb/sample_store.h"
#include "core/atomdb/schema.h"

#include <QCryptographicHash>
#include <QFile>
#include <QFileInfo>
#include <QStandardPaths>

#include <algorithm>

namespace atomnet
{

struct AtomDb::Private {
    SqlConnection connection;
    Mode mode;
};

AtomDb::AtomDb(std::unique_ptr<Private> p) : d(std::move(p)) {}
AtomDb::AtomDb(AtomDb &&) noexcept = default;
AtomDb &AtomDb::operator=(AtomDb &&) noexcept = default;
AtomDb::~AtomDb() = default;

Result<AtomDb> AtomDb::open(const QString &path, Mode mode)
{
    Result<SqlConnection> connection = openDatabase(path, mode == Mode::ReadWrite);
    if (!connection) return tl::make_unexpected(connection.error());
    return AtomDb(std::make_unique<Private>(Private{std::move(*connection), mode}));
}

QString AtomDb::defaultPath()
{
    return QStandardPaths::writableLocation(QStandardPaths::GenericDataLocation) +
           QStringLiteral("/atomnet-designer/atomdb.sqlite");
}

RunCondition AtomDb::xCubeAiH743()
{
    RunCondition condition;
    condition.board = QStringLiteral("stm32h743");
    condition.runtime = QStringLiteral("x-cube-ai-7.2");
    condition.clockHz = 400'000'000;
    return condition;
}

namespace
{

constexpr qint64 maxCsvBytes = qint64(1) << 30;

Result<QByteArray> readFile(const QString &path)
{
    QFile file(path);
    if (!QFileInfo(path).isFile())
        return fail(ErrorCode::Io, QStringLiteral("there is no such file"), path);
    if (file.size() > maxCsvBytes)
        return fail(ErrorCode::BadInput, QStringLiteral("the file is larger than 1 GiB; split it"),
                    path);
    if (!file.open(QIODevice::ReadOnly))
        return fail(ErrorCode::Io,
                    QStringLiteral("the file cannot be read (%1)").arg(file.errorString()), path);
    QByteArray bytes = file.readAll();
    if (file.error() != QFileDevice::NoError)
        return fail(ErrorCode::Io,
                    QStringLiteral("the file cannot be read (%1)").arg(file.errorString()), path);
    return bytes;
}

/// The part of a longer task's progress that begins at `from` and is `share` of it.
RunControl partOf(const RunControl &control, double from, double share)
{
    return {control.isCancelled,
            [&control, from, share](double done) { control.progress(from + done * share); }};
}

} // namespace

Result<ImportReport> AtomDb::importCsv(const QString &path, const RunCondition &condition,
                                       const RunControl &control)
{
    const Result<QByteArray> bytes = readFile(path);
    if (!bytes) return tl::make_unexpected(bytes.error());
    Result<CsvContents> contents = parseCsv(*bytes, path, partOf(control, 0, 0.5));
    if (!contents) return tl::make_unexpected(contents.error());
    const SampleOrigin origin{
        QFileInfo(path).fileName(),
        QString::fromLatin1(QCryptographicHash::hash(*bytes, QCryptographicHash::Sha256).toHex())};
    for (SampleBatch &batch : contents->batches)
        if (batch.origins.empty()) batch.origins.push_back(origin);
    const Result<StoreCounts> counts =
        storeBatches(d->connection, contents->batches, condition, partOf(control, 0.5, 0.5));
    if (!counts) return tl::make_unexpected(counts.error());
    contents->report.file = origin.name;
    contents->report.added = counts->added;
    contents->report.present = counts->present;
    control.progress(1);
    return std::move(contents->report);
}

Result<qint64> AtomDb::addSamples(const RunCondition &condition, const QString &source,
                                  const std::vector<Sample> &samples, Occurrences occurrences)
{
    if (condition.board.isEmpty() || condition.runtime.isEmpty() || condition.clockHz < 0)
        return fail(ErrorCode::BadInput,
                    QStringLiteral("a run condition needs a board, a runtime and a clock"), source);
    std::array<SampleBatch, 2> batches; // by unit
    for (std::size_t unit = 0; unit < batches.size(); ++unit) {
        batches[unit].unit = SampleUnit(unit);
        batches[unit].occurrences = occurrences;
        batches[unit].origins = {{source, QString()}};
    }
    for (const Sample &sample : samples) {
        if (!isStorable(sample.key) || sample.value < 1 || sample.value > maxSampleValue)
            return fail(ErrorCode::BadInput,
                        QStringLiteral("the sample %1 of %2 is impossible; nothing was stored")
                            .arg(sample.value)
                            .arg(describe(sample.key)),
                        source);
        batches[std::size_t(sample.unit)].add(
            sample.key, {0, 0, sample.value, sample.cycles, sample.flashBytes, sample.sramBytes});
    }
    const Result<StoreCounts> counts = storeBatches(d->connection, batches, condition, {});
    if (!counts) return tl::make_unexpected(counts.error());
    return counts->added;
}

Result<qint64> AtomDb::exportCsv(const QString &path, const RunControl &control) const
{
    return writeCsvExport(d->connection, path, control);
}

Result<MergeReport> AtomDb::merge(const QString &otherPath, const RunControl &control)
{
    if (QFileInfo(otherPath).canonicalFilePath() ==
        QFileInfo(d->connection.path()).canonicalFilePath())
        return fail(ErrorCode::Usage,
                    QStringLiteral("this is the AtomDB itself; choose another one to merge"),
                    otherPath);
    const Result<SqlConnection> theirs = openDatabase(otherPath, false);
    if (!theirs) return tl::make_unexpected(theirs.error());
    return mergeDatabases(d->connection, *theirs, control);
}

Result<qint64> AtomDb::takeOverShipped(const QString &path, const RunControl &control)
{
    const Result<SqlConnection> shipped = openDatabase(path, false);
    if (!shipped) return tl::make_unexpected(shipped.error());
    const Result<SampleOrigin> version = shippedVersion(*shipped);
    if (!version) return tl::make_unexpected(version.error());
    const Result<bool> known = hasOrigin(d->connection, *version);
    if (!known) return tl::make_unexpected(known.error());
    if (*known) return 0;
    const Result<std::vector<SampleBatch>> batches = readBatches(*shipped, control);
    if (!batches) return tl::make_unexpected(batches.error());
    const Result<StoreCounts> counts =
        storeBatches(d->connection, *batches, {}, control, &*version);
    if (!counts) return tl::make_unexpected(counts.error());
    return counts->added;
}

Result<qint64> AtomDb::importShipped(const QString &csvPath)
{
    const Result<QByteArray> bytes = readFile(csvPath);
    if (!bytes) return tl::make_unexpected(bytes.error());
    const Result<CsvContents> contents = parseCsv(*bytes, csvPath, {});
    if (!contents) return tl::make_unexpected(contents.error());
    if (contents->format != CsvFormat::Export || contents->report.rejected > 0)
        return fail(
            ErrorCode::BadInput,
            QStringLiteral("this is not an export of AtomDB, or lines of it cannot be used; "
                           "make it anew with atomnet-designer db rebuild"),
            csvPath);
    const SampleOrigin version{
        QString::fromLatin1(shippedSourceName),
        QString::fromLatin1(QCryptographicHash::hash(*bytes, QCryptographicHash::Sha256).toHex())};
    const Result<StoreCounts> counts =
        storeBatches(d->connection, contents->batches, {}, {}, &version);
    if (!counts) return tl::make_unexpected(counts.error());
    return counts->added;
}

Result<std::vector<ConditionInfo>> AtomDb::conditions() const
{
    return readConditions(d->connection);
}

Result<AtomTable> AtomDb::table(qint64 conditionId) const
{
    const Result<std::vector<ConditionInfo>> all = conditions();
    if (!all) return tl::make_unexpected(all.error());
    const auto info = std::find_if(all->begin(), all->end(),
                                   [&](const ConditionInfo &c) { return c.id == conditionId; });
    if (info == all->end())
        return fail(ErrorCode::Usage,
                    QStringLiteral("there is no run condition %1").arg(conditionId),
                    d->connection.path());
    Result<std::vector<AtomTable::Row>> rows = readRows(d->connection, conditionId);
    if (!rows) return tl::make_unexpected(rows.error());
    return AtomTable(info->condition, info->unit, std::move(*rows));
}

Result<AtomTable> AtomDb::table(const QString &board, const QString &runtime,
                                const QString &kernelVersion) const
{
    const Result<std::vector<ConditionInfo>> all = conditions();
    if (!all) return tl::make_unexpected(all.error());
    const auto worth = [&kernelVersion](const ConditionInfo &info) {
        return std::pair(!kernelVersion.isEmpty() && info.condition.kernelVersion == kernelVersion,
                         info.samples);
    };
    const ConditionInfo *best = nullptr;
    for (const ConditionInfo &info : *all)
        if (info.condition.board == board && info.condition.runtime == runtime &&
            (!best || worth(info) > worth(*best)))
            best = &info;
    if (!best) {
        RunCondition none;
        none.board = board;
        none.runtime = runtime;
        return AtomTable(none, SampleUnit::Nanoseconds, {});
    }
    Result<std::vector<AtomTable::Row>> rows = readRows(d->connection, best->id);
    if (!rows) return tl::make_unexpected(rows.error());
    return AtomTable(best->condition, best->unit, std::move(*rows));
}

Result<> AtomDb::storeModel(qint64 conditionId, const StoredModel &model)
{
    return writeModel(d->connection, conditionId, model);
}

Result<std::optional<StoredModel>> AtomDb::storedModel(qint64 conditionId) const
{
    return readModel(d->connection, conditionId);
}

Result<> AtomDb::addNetworkSample(const RunCondition &condition, SampleUnit unit,
                                  const NetworkSample &sample)
{
    Result<SqlTransaction> transaction = SqlTransaction::begin(d->connection);
    if (!transaction) return tl::make_unexpected(transaction.error());
    if (const Result<bool> added = writeNetwork(d->connection, condition, unit, sample); !added)
        return tl::make_unexpected(added.error());
    return transaction->commit();
}

Result<std::vector<NetworkSample>> AtomDb::networkSamples(qint64 conditionId) const
{
    return readNetworks(d->connection, conditionId);
}

Result<KeySamples> AtomDb::samples(qint64 conditionId, const AtomKey &key) const
{
    Result<QSqlQuery> find = prepareFindKey(d->connection);
    if (!find) return tl::make_unexpected(find.error());
    Result<QSqlQuery> query = d->connection.prepare(QStringLiteral(
        "SELECT value FROM sample WHERE condition_id=? AND key_id=? ORDER BY value"));
    if (!query) return tl::make_unexpected(query.error());
    AtomKey anyAct = key;
    anyAct.act = KeyAct::Unknown;
    KeySamples result;
    for (const AtomKey &candidate : {key, anyAct}) {
        const Result<qint64> id = findKey(d->connection, *find, candidate);
        if (!id) return tl::make_unexpected(id.error());
        if (*id == 0) continue;
        if (Result<> ran = d->connection.run(*query, {conditionId, *id}); !ran)
            return tl::make_unexpected(ran.error());
        while (query->next())
            result.values.push_back(query->value(0).toLongLong());
        if (Result<> ended = d->connection.finished(*query); !ended)
            return tl::make_unexpected(ended.error());
        if (!result.values.empty()) break;
    }
    result.stats = summarise(result.values);
    return result;
}

namespace
{

Result<std::vector<SourceInfo>> readSources(const SqlConnection &connection)
{
    Result<QSqlQuery> query = connection.prepare(
        QStringLiteral("SELECT name,sha256,added_at,samples FROM source ORDER BY id"));
    if (!query) return tl::make_unexpected(query.error());
    if (Result<> ran = connection.run(*query, {}); !ran) return tl::make_unexpected(ran.error());
    std::vector<SourceInfo> sources;
    while (query->next())
        sources.push_back({query->value(0).toString(), query->value(1).toString(),
                           query->value(2).toString(), query->value(3).toLongLong()});
    if (Result<> ended = connection.finished(*query); !ended)
        return tl::make_unexpected(ended.error());
    return sources;
}

Result<std::vector<DbInfo::KindCount>> readKinds(const SqlConnection &connection)
{
    Result<QSqlQuery> query = connection.prepare(QStringLiteral(
        "SELECT condition_id,kind,count(*),sum(count) FROM aggregate JOIN atom_key ON id=key_id "
        "GROUP BY condition_id,kind ORDER BY condition_id,kind"));
    if (!query) return tl::make_unexpected(query.error());
    if (Result<> ran = connection.run(*query, {}); !ran) return tl::make_unexpected(ran.error());
    std::vector<DbInfo::KindCount> kinds;
    while (query->next()) {
        const int kind = query->value(1).toInt();
        if (kind < 1 || kind >= atomKindCount)
            return tl::make_unexpected(sqlError(
                0, QStringLiteral("it holds an unknown kind of operator"), connection.path()));
        kinds.push_back({query->value(0).toLongLong(), AtomKind(kind), query->value(2).toLongLong(),
                         query->value(3).toLongLong()});
    }
    if (Result<> ended = connection.finished(*query); !ended)
        return tl::make_unexpected(ended.error());
    return kinds;
}

} // namespace

Result<DbInfo> AtomDb::info() const
{
    DbInfo info;
    info.path = d->connection.path();
    // In pages: what was just written may still lie in the write-ahead log beside the file.
    const Result<QVariant> bytes = d->connection.value(
        QStringLiteral("SELECT page_count * page_size FROM pragma_page_count, pragma_page_size"));
    if (!bytes) return tl::make_unexpected(bytes.error());
    info.fileBytes = bytes->toLongLong();
    const Result<int> version = schemaVersionOf(d->connection);
    if (!version) return tl::make_unexpected(version.error());
    info.schemaVersion = *version;
    Result<std::vector<ConditionInfo>> all = conditions();
    if (!all) return tl::make_unexpected(all.error());
    info.conditions = std::move(*all);
    for (const ConditionInfo &condition : info.conditions) {
        info.samples += condition.samples;
        info.keys += condition.keys;
    }
    Result<std::vector<SourceInfo>> sources = readSources(d->connection);
    if (!sources) return tl::make_unexpected(sources.error());
    info.sources = std::move(*sources);
    Result<std::vector<DbInfo::KindCount>> kinds = readKinds(d->connection);
    if (!kinds) return tl::make_unexpected(kinds.error());
    info.kinds = std::move(*kinds);
    return info;
}

} // namespace atomnet
