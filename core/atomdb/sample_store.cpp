#include "core/atomdb/sample_store.h"

#include "core/atomdb/schema.h"

#include <QDateTime>

#include <algorithm>
#include <numeric>

namespace atomnet
{

QVariant sqlText(const QString &text)
{
    return text.isNull() ? QVariant(QStringLiteral("")) : QVariant(text);
}

namespace
{

/// A value and how often it occurs.
struct ValueCount {
    qint64 value = 0, count = 0;
};

/// One transaction's work. Every step returns the first error, on which the caller rolls back.
class Writer
{
public:
    Writer(const SqlConnection &connection, const RunControl &control)
        : m_connection(connection)
        , m_control(control)
        , m_samples(connection, QStringLiteral("INSERT INTO sample(condition_id,key_id,value,nth,"
                                               "source_id,cycles,flash_bytes,sram_bytes)"))
        , m_aggregates(connection, QStringLiteral("INSERT OR REPLACE INTO aggregate(condition_id,"
                                                  "key_id,median,low,high,count)"))
        , m_now(QDateTime::currentDateTimeUtc().toString(Qt::ISODate))
    {
    }

    [[nodiscard]] Result<> store(const SampleBatch &batch, const RunCondition &condition);
    /// A source without samples of its own.
    [[nodiscard]] Result<> record(const SampleOrigin &origin);
    [[nodiscard]] const StoreCounts &counts() const { return m_counts; }

private:
    [[nodiscard]] Result<> findCondition(const RunCondition &condition, SampleUnit unit);
    [[nodiscard]] Result<> findKeys(const std::vector<AtomKey> &keys);
    [[nodiscard]] Result<> insertKeys(const std::vector<AtomKey> &keys);
    [[nodiscard]] Result<> storeKey(const SampleBatch &batch, std::span<const quint32> order);
    [[nodiscard]] Result<> readPresent(quint32 key);
    [[nodiscard]] Result<qint64> sourceId(const SampleBatch &batch, quint32 origin);
    [[nodiscard]] Result<QVariant> insertSource(const SampleOrigin &source);
    [[nodiscard]] Result<> countSources();

    const SqlConnection &m_connection;
    const RunControl &m_control;
    BulkInsert m_samples, m_aggregates;
    const QString m_now;
    StoreCounts m_counts;
    std::optional<QSqlQuery> m_presentQuery;
    // Of the batch being stored:
    qint64 m_condition = 0;
    std::vector<qint64> m_keyIds;        ///< by key index
    std::vector<bool> m_newKeys;         ///< by key index
    std::vector<qint64> m_sourceIds;     ///< by origin; 0 until a sample needs it
    std::vector<qint64> m_sourceSamples; ///< by origin, added
    std::vector<ValueCount> m_present;   ///< of one key, by value
    std::vector<qint64> m_values;        ///< of one key, present and added
};

Result<> Writer::store(const SampleBatch &batch, const RunCondition &condition)
{
    if (batch.entries().empty()) return {};
    if (Result<> found = findCondition(condition, batch.unit); !found) return found;
    if (Result<> found = findKeys(batch.keys()); !found) return found;
    const std::size_t origins = std::max<std::size_t>(batch.origins.size(), 1);
    m_sourceIds.assign(origins, 0);
    m_sourceSamples.assign(origins, 0);

    // In the order of the table's primary key, so that new rows are appended.
    const std::vector<SampleBatch::Entry> &entries = batch.entries();
    std::vector<quint32> order(entries.size());
    std::iota(order.begin(), order.end(), 0U);
    std::stable_sort(order.begin(), order.end(), [&](quint32 a, quint32 b) {
        return std::pair(m_keyIds[entries[a].key], entries[a].value) <
               std::pair(m_keyIds[entries[b].key], entries[b].value);
    });
    std::size_t done = 0;
    while (done < order.size()) {
        std::size_t end = done + 1;
        while (end < order.size() && entries[order[end]].key == entries[order[done]].key)
            ++end;
        if (m_control.cancelled())
            return fail(ErrorCode::Cancelled,
                        QStringLiteral("storing was stopped; nothing was changed"));
        if (Result<> stored = storeKey(batch, std::span(order).subspan(done, end - done)); !stored)
            return stored;
        done = end;
    }
    if (Result<> finished = m_samples.finish(); !finished) return finished;
    if (Result<> finished = m_aggregates.finish(); !finished) return finished;
    return countSources();
}

Result<> Writer::findCondition(const RunCondition &condition, SampleUnit unit)
{
    const Result<qint64> id = findOrAddCondition(m_connection, condition, unit);
    if (!id) return tl::make_unexpected(id.error());
    m_condition = *id;
    return {};
}

/// Ids of all keys; those that the database lacks are inserted.
Result<> Writer::findKeys(const std::vector<AtomKey> &keys)
{
    m_keyIds.assign(keys.size(), 0);
    m_newKeys.assign(keys.size(), false);
    const Result<QVariant> any =
        m_connection.value(QStringLiteral("SELECT 1 FROM atom_key LIMIT 1"));
    if (!any) return tl::make_unexpected(any.error());
    if (any->isValid()) {
        Result<QSqlQuery> query = prepareFindKey(m_connection);
        if (!query) return tl::make_unexpected(query.error());
        for (std::size_t i = 0; i < keys.size(); ++i) {
            const Result<qint64> id = findKey(m_connection, *query, keys[i]);
            if (!id) return tl::make_unexpected(id.error());
            m_keyIds[i] = *id;
        }
    }
    return insertKeys(keys);
}

Result<> Writer::insertKeys(const std::vector<AtomKey> &keys)
{
    // This transaction alone writes, so it may choose the ids, which lets many keys go in with one
    // statement.
    const Result<QVariant> last =
        m_connection.value(QStringLiteral("SELECT coalesce(max(id), 0) FROM atom_key"));
    if (!last) return tl::make_unexpected(last.error());
    qint64 id = last->toLongLong();
    BulkInsert insert(m_connection,
                      QStringLiteral("INSERT INTO atom_key(id,%1)").arg(keyColumns()));
    for (std::size_t i = 0; i < keys.size(); ++i) {
        if (m_keyIds[i] != 0) continue;
        m_keyIds[i] = ++id;
        m_newKeys[i] = true;
        std::array<std::optional<qint64>, keyColumnCount + 1> row{id};
        std::ranges::copy(keyValues(keys[i]), row.begin() + 1);
        if (Result<> written = insert.add(row); !written) return written;
    }
    return insert.finish();
}

/// What the database holds of this key under the condition, into m_present.
Result<> Writer::readPresent(quint32 key)
{
    m_present.clear();
    if (m_newKeys[key]) return {};
    if (!m_presentQuery) {
        Result<QSqlQuery> query = m_connection.prepare(
            QStringLiteral("SELECT value,count(*) FROM sample WHERE condition_id=? AND key_id=? "
                           "GROUP BY value ORDER BY value"));
        if (!query) return tl::make_unexpected(query.error());
        m_presentQuery.emplace(std::move(*query));
    }
    if (Result<> ran = m_connection.run(*m_presentQuery, {m_condition, m_keyIds[key]}); !ran)
        return ran;
    while (m_presentQuery->next())
        m_present.push_back(
            {m_presentQuery->value(0).toLongLong(), m_presentQuery->value(1).toLongLong()});
    return m_connection.finished(*m_presentQuery);
}

/// `order`: the entries of one key, by value.
Result<> Writer::storeKey(const SampleBatch &batch, std::span<const quint32> order)
{
    const std::vector<SampleBatch::Entry> &entries = batch.entries();
    const quint32 key = entries[order.front()].key;
    if (Result<> read = readPresent(key); !read) return read;
    m_values.clear();
    for (const ValueCount &present : m_present)
        m_values.insert(m_values.end(), std::size_t(present.count), present.value);
    const std::size_t before = m_values.size();

    const bool allNew = batch.occurrences == Occurrences::AllNew;
    auto present = m_present.cbegin();
    qint64 nth = 0;
    for (std::size_t i = 0; i < order.size(); ++i) {
        const SampleBatch::Entry &entry = entries[order[i]];
        nth = i > 0 && entries[order[i - 1]].value == entry.value ? nth + 1 : 0;
        while (present != m_present.cend() && present->value < entry.value)
            ++present;
        const bool holds = present != m_present.cend() && present->value == entry.value;
        const qint64 held = holds ? present->count : 0;
        if (!allNew && nth < held) {
            ++m_counts.present;
            continue;
        }
        const Result<qint64> source = sourceId(batch, entry.origin);
        if (!source) return tl::make_unexpected(source.error());
        const std::array<std::optional<qint64>, 8> row{
            m_condition, m_keyIds[key], entry.value,      allNew ? held + nth : nth,
            *source,     entry.cycles,  entry.flashBytes, entry.sramBytes};
        if (Result<> written = m_samples.add(row); !written) return written;
        m_values.push_back(entry.value);
    }
    if (m_values.size() == before) return {};
    m_counts.added += qint64(m_values.size() - before);
    std::inplace_merge(m_values.begin(), m_values.begin() + qsizetype(before), m_values.end());
    const AtomStats stats = summarise(m_values);
    return m_aggregates.add(std::array<std::optional<qint64>, 6>{
        m_condition, m_keyIds[key], stats.median, stats.low, stats.high, qint64(stats.count)});
}

/// The row of the source that this sample comes from, made when its first sample is added.
Result<qint64> Writer::sourceId(const SampleBatch &batch, quint32 origin)
{
    qint64 &id = m_sourceIds[origin];
    ++m_sourceSamples[origin];
    if (id != 0) return id;
    const SampleOrigin source =
        origin < batch.origins.size() ? batch.origins[origin] : SampleOrigin();
    Result<QVariant> found =
        m_connection.value(QStringLiteral("SELECT id FROM source WHERE (name,sha256)=(?,?)"),
                           {sqlText(source.name), sqlText(source.sha256)});
    if (found && !found->isValid()) found = insertSource(source);
    if (!found) return tl::make_unexpected(found.error());
    id = found->toLongLong();
    return id;
}

Result<QVariant> Writer::insertSource(const SampleOrigin &source)
{
    return m_connection.value(
        QStringLiteral(
            "INSERT INTO source(name,sha256,added_at,samples) VALUES(?,?,?,0) RETURNING id"),
        {sqlText(source.name), sqlText(source.sha256), m_now});
}

Result<> Writer::record(const SampleOrigin &origin)
{
    const Result<QVariant> inserted = insertSource(origin);
    if (!inserted) return tl::make_unexpected(inserted.error());
    return {};
}

Result<> Writer::countSources()
{
    for (std::size_t i = 0; i < m_sourceIds.size(); ++i) {
        if (m_sourceIds[i] == 0) continue;
        const Result<QVariant> updated =
            m_connection.value(QStringLiteral("UPDATE source SET samples=samples+? WHERE id=?"),
                               {m_sourceSamples[i], m_sourceIds[i]});
        if (!updated) return tl::make_unexpected(updated.error());
    }
    return {};
}

} // namespace

Result<qint64> findOrAddCondition(const SqlConnection &connection, const RunCondition &c,
                                  SampleUnit unit)
{
    const QVariantList values{sqlText(c.board),
                              sqlText(c.runtime),
                              c.clockHz,
                              sqlText(c.caches),
                              sqlText(c.compiler),
                              sqlText(c.flags),
                              sqlText(c.kernelVersion),
                              int(unit)};
    const QString columns =
        QStringLiteral("board,runtime,clock_hz,caches,compiler,flags,kernel_version,unit");
    const QString find =
        QStringLiteral("SELECT id FROM condition WHERE (%1)=(?,?,?,?,?,?,?,?)").arg(columns);
    Result<QVariant> id = connection.value(find, values);
    if (id && !id->isValid())
        id = connection.value(
            QStringLiteral("INSERT INTO condition(%1) VALUES(?,?,?,?,?,?,?,?) RETURNING id")
                .arg(columns),
            values);
    if (!id) return tl::make_unexpected(id.error());
    return id->toLongLong();
}

Result<bool> hasOrigin(const SqlConnection &connection, const SampleOrigin &origin)
{
    const Result<QVariant> found =
        connection.value(QStringLiteral("SELECT 1 FROM source WHERE (name,sha256)=(?,?)"),
                         {sqlText(origin.name), sqlText(origin.sha256)});
    if (!found) return tl::make_unexpected(found.error());
    return found->isValid();
}

Result<SampleOrigin> shippedVersion(const SqlConnection &connection)
{
    const QString name = QString::fromLatin1(shippedSourceName);
    const Result<QVariant> found =
        connection.value(QStringLiteral("SELECT sha256 FROM source WHERE name=?"), {sqlText(name)});
    if (!found) return tl::make_unexpected(found.error());
    if (!found->isValid())
        return fail(ErrorCode::BadInput,
                    QStringLiteral("this is not the AtomDB that ships; install the designer again"),
                    connection.path());
    return SampleOrigin{name, found->toString()};
}

Result<StoreCounts> storeBatches(const SqlConnection &connection,
                                 std::span<const SampleBatch> batches, const RunCondition &fallback,
                                 const RunControl &control, const SampleOrigin *once)
{
    Result<SqlTransaction> transaction = SqlTransaction::begin(connection);
    if (!transaction) return tl::make_unexpected(transaction.error());
    if (once) {
        // Another program may have been first.
        const Result<bool> known = hasOrigin(connection, *once);
        if (!known) return tl::make_unexpected(known.error());
        if (*known) return StoreCounts{};
    }
    StoreCounts counts;
    {
        Writer writer(connection, control);
        for (const SampleBatch &batch : batches)
            if (Result<> stored = writer.store(batch, batch.condition.value_or(fallback)); !stored)
                return tl::make_unexpected(stored.error());
        if (once)
            if (Result<> recorded = writer.record(*once); !recorded)
                return tl::make_unexpected(recorded.error());
        counts = writer.counts();
    } // its statements end before the transaction does
    if (Result<> committed = transaction->commit(); !committed)
        return tl::make_unexpected(committed.error());
    return counts;
}

} // namespace atomnet
