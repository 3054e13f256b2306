#include "core/atomdb/csv_export.h"

#include "core/atomdb/csv_rows.h"
#include "core/atomdb/sample_store.h"
#include "core/atomdb/schema.h"

#include <QSaveFile>

#include <algorithm>
#include <map>

namespace atomnet
{

namespace
{

QByteArray cell(const QString &text)
{
    QByteArray bytes = text.toUtf8();
    const auto special = [](char c) { return c == ',' || c == '"' || c == '\n' || c == '\r'; };
    if (std::none_of(bytes.cbegin(), bytes.cend(), special)) return bytes;
    return '"' + bytes.replace('"', "\"\"") + '"';
}

/// A line under construction.
struct Line {
    QByteArray bytes;
    void add(const QByteArray &value) { bytes += value + ','; }
    void add(const QString &text) { add(cell(text)); }
    void add(qint64 number) { add(QByteArray::number(number)); }
};

QByteArray conditionCells(const ConditionInfo &info)
{
    Line line;
    line.add(info.condition.board);
    line.add(info.condition.runtime);
    line.add(info.condition.clockHz);
    for (const QString &text :
         {info.condition.caches, info.condition.compiler, info.condition.flags,
          info.condition.kernelVersion, toString(info.unit)})
        line.add(text);
    return line.bytes;
}

QByteArray keyCells(const AtomKey &key)
{
    Line line;
    line.add(toString(key.kind));
    for (const qint64 number :
         {qint64(key.inH), qint64(key.inW), qint64(key.inC), qint64(key.outH), qint64(key.outW),
          qint64(key.outC), qint64(key.kernelH), qint64(key.kernelW), qint64(key.strideH),
          qint64(key.strideW), qint64(key.padT), qint64(key.padL), qint64(key.padB),
          qint64(key.padR), qint64(key.dilation), qint64(key.groups), qint64(key.squeeze)})
        line.add(number);
    line.add(toString(key.act));
    line.add(QByteArrayLiteral("int8"));
    line.add(toString(key.weights));
    line.add(qint64(key.variant));
    return line.bytes;
}

auto conditionOrder(const ConditionInfo &info)
{
    const RunCondition &c = info.condition;
    return std::tie(c.board, c.runtime, c.clockHz, c.caches, c.compiler, c.flags, c.kernelVersion,
                    info.unit);
}

/// Keys of a condition with their ids, sorted by their fields.
using KeyIds =
    std::vector<std::pair<std::array<qint64, keyColumnCount>, std::pair<qint64, AtomKey>>>;

Result<KeyIds> sortedKeys(const SqlConnection &connection, qint64 conditionId)
{
    Result<QSqlQuery> query = connection.prepare(
        QStringLiteral(
            "SELECT id,%1 FROM aggregate JOIN atom_key ON id=key_id WHERE condition_id=?")
            .arg(keyColumns()));
    if (!query) return tl::make_unexpected(query.error());
    if (Result<> ran = connection.run(*query, {conditionId}); !ran)
        return tl::make_unexpected(ran.error());
    KeyIds keys;
    while (query->next()) {
        const std::optional<AtomKey> key = keyFrom(*query, 1);
        if (!key)
            return tl::make_unexpected(
                sqlError(0, QStringLiteral("it holds an impossible operator"), connection.path()));
        keys.push_back({keyValues(*key), {query->value(0).toLongLong(), *key}});
    }
    if (Result<> ended = connection.finished(*query); !ended)
        return tl::make_unexpected(ended.error());
    std::sort(keys.begin(), keys.end(),
              [](const auto &a, const auto &b) { return a.first < b.first; });
    return keys;
}

class Writer
{
public:
    Writer(const SqlConnection &connection, QSaveFile &file)
        : m_connection(connection), m_file(file)
    {
    }
    [[nodiscard]] Result<> writeAll(const RunControl &control);
    [[nodiscard]] qint64 samples() const { return m_samples; }

private:
    [[nodiscard]] Result<> writeCondition(const ConditionInfo &info, const RunControl &control);
    [[nodiscard]] Result<> writeKey(const QByteArray &before, qint64 conditionId, qint64 keyId);
    [[nodiscard]] Result<> readSources();
    [[nodiscard]] Result<> flush();

    const SqlConnection &m_connection;
    QSaveFile &m_file;
    QByteArray m_buffer;
    std::map<qint64, QByteArray> m_sources; ///< cells by id
    std::optional<QSqlQuery> m_query;
    qint64 m_samples = 0;
};

Result<> Writer::writeAll(const RunControl &control)
{
    for (const char *name : export_columns::names)
        m_buffer += QByteArray(name) + ',';
    m_buffer.back() = '\n';
    if (Result<> read = readSources(); !read) return read;
    Result<QSqlQuery> query = m_connection.prepare(
        QStringLiteral("SELECT value,nth,cycles,flash_bytes,sram_bytes,source_id FROM sample "
                       "WHERE condition_id=? AND key_id=? ORDER BY value,nth"));
    if (!query) return tl::make_unexpected(query.error());
    m_query.emplace(std::move(*query));
    Result<std::vector<ConditionInfo>> conditions = readConditions(m_connection);
    if (!conditions) return tl::make_unexpected(conditions.error());
    std::sort(conditions->begin(), conditions->end(),
              [](const ConditionInfo &a, const ConditionInfo &b) {
                  return conditionOrder(a) < conditionOrder(b);
              });
    for (const ConditionInfo &info : *conditions)
        if (Result<> written = writeCondition(info, control); !written) return written;
    return flush();
}

Result<> Writer::readSources()
{
    Result<QSqlQuery> query = m_connection.prepare(QStringLiteral("SELECT id,name FROM source"));
    if (!query) return tl::make_unexpected(query.error());
    if (Result<> ran = m_connection.run(*query, {}); !ran) return ran;
    while (query->next())
        m_sources[query->value(0).toLongLong()] = cell(query->value(1).toString());
    return m_connection.finished(*query);
}

Result<> Writer::writeCondition(const ConditionInfo &info, const RunControl &control)
{
    const Result<KeyIds> keys = sortedKeys(m_connection, info.id);
    if (!keys) return tl::make_unexpected(keys.error());
    const QByteArray condition = conditionCells(info);
    std::size_t done = 0;
    for (const auto &[fields, key] : *keys) {
        if (control.cancelled())
            return fail(ErrorCode::Cancelled, QStringLiteral("the export was stopped"),
                        m_file.fileName());
        if (Result<> written = writeKey(condition + keyCells(key.second), info.id, key.first);
            !written)
            return written;
        control.progress(double(++done) / double(keys->size()));
    }
    return {};
}

Result<> Writer::writeKey(const QByteArray &before, qint64 conditionId, qint64 keyId)
{
    if (Result<> ran = m_connection.run(*m_query, {conditionId, keyId}); !ran) return ran;
    while (m_query->next()) {
        m_buffer += before;
        for (int column = 0; column < 5; ++column) {
            const QVariant value = m_query->value(column);
            if (!value.isNull()) m_buffer += QByteArray::number(value.toLongLong());
            m_buffer += ',';
        }
        m_buffer += m_sources[m_query->value(5).toLongLong()] + '\n';
        ++m_samples;
        if (m_buffer.size() > 1 << 18)
            if (Result<> flushed = flush(); !flushed) return flushed;
    }
    return m_connection.finished(*m_query);
}

Result<> Writer::flush()
{
    if (m_file.write(m_buffer) != m_buffer.size())
        return fail(
            ErrorCode::Io,
            QStringLiteral("writing failed (%1); check the free space").arg(m_file.errorString()),
            m_file.fileName());
    m_buffer.clear();
    return {};
}

} // namespace

Result<qint64> writeCsvExport(const SqlConnection &connection, const QString &path,
                              const RunControl &control)
{
    QSaveFile file(path);
    if (!file.open(QIODevice::WriteOnly))
        return fail(ErrorCode::Io,
                    QStringLiteral("the file cannot be written (%1)").arg(file.errorString()),
                    path);
    Writer writer(connection, file);
    if (Result<> written = writer.writeAll(control); !written)
        return tl::make_unexpected(written.error());
    // commit() alone overlooks an error of the last buffer and would leave a truncated file.
    if (!file.flush() || !file.commit())
        return fail(ErrorCode::Io,
                    QStringLiteral("the file cannot be written (%1); check the free space")
                        .arg(file.errorString()),
                    path);
    return writer.samples();
}

} // namespace atomnet
