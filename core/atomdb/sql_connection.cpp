#include "core/atomdb/sql_connection.h"

#include <QSqlError>
#include <QUrl>

#include <array>
#include <atomic>
#include <charconv>

namespace atomnet
{

namespace
{

// SQLite's primary result codes, from its documented and frozen interface.
enum SqliteCode {
    SqliteBusy = 5,
    SqliteLocked = 6,
    SqliteReadOnly = 8,
    SqliteIoError = 10,
    SqliteCorrupt = 11,
    SqliteFull = 13,
    SqliteCantOpen = 14,
    SqliteNotADb = 26,
};

} // namespace

Error sqlError(int code, const QString &text, const QString &path)
{
    switch (code & 0xff) {
    case SqliteBusy:
    case SqliteLocked:
        return {ErrorCode::Io,
                QStringLiteral(
                    "the AtomDB is locked by another program; close that program and try again"),
                path};
    case SqliteReadOnly:
        return {ErrorCode::Io,
                QStringLiteral(
                    "the AtomDB cannot be changed, since the file or its folder is read-only; "
                    "choose another with --db or allow writing"),
                path};
    case SqliteIoError:
        return {ErrorCode::Io,
                QStringLiteral(
                    "reading or writing the AtomDB failed (%1) and nothing was changed; check the "
                    "disk and its free space")
                    .arg(text),
                path};
    case SqliteFull:
        return {ErrorCode::Io,
                QStringLiteral(
                    "the disk is full and nothing was changed; free some space and try again"),
                path};
    case SqliteCantOpen:
        return {ErrorCode::Io,
                QStringLiteral("the AtomDB cannot be opened; check that its folder exists and that "
                               "you may use it"),
                path};
    case SqliteNotADb:
        return {ErrorCode::BadInput,
                QStringLiteral(
                    "this is not an AtomDB, or it is damaged; restore a copy, or move it away and "
                    "import the measurements again"),
                path};
    case SqliteCorrupt:
        break;
    default:
        return {ErrorCode::BadInput,
                QStringLiteral(
                    "the AtomDB is damaged (%1); restore a copy, or move it away and import the "
                    "measurements again")
                    .arg(text),
                path};
    }
    return {ErrorCode::BadInput,
            QStringLiteral("the AtomDB is damaged; restore a copy, or move it away and import the "
                           "measurements again"),
            path};
}

Result<SqlConnection> SqlConnection::open(const QString &path, Mode mode)
{
    const QString driver = QStringLiteral("QSQLITE");
    if (!QSqlDatabase::isDriverAvailable(driver))
        return fail(ErrorCode::Io,
                    QStringLiteral("Qt's SQLite driver is missing; install libqt6sql6-sqlite"));
    static std::atomic<quint64> counter = 0;
    const QString name = QStringLiteral("atomdb-%1").arg(++counter);
    SqlConnection connection(name, path);
    QSqlDatabase db = QSqlDatabase::addDatabase(driver, name);
    QStringList options{QStringLiteral("QSQLITE_BUSY_TIMEOUT=1500")};
    if (mode != Mode::ReadWrite) options << QStringLiteral("QSQLITE_OPEN_READONLY");
    if (mode == Mode::Immutable) {
        options << QStringLiteral("QSQLITE_OPEN_URI");
        QUrl url = QUrl::fromLocalFile(path);
        url.setQuery(QStringLiteral("immutable=1"));
        db.setDatabaseName(url.toString(QUrl::FullyEncoded));
    } else {
        db.setDatabaseName(path);
    }
    db.setConnectOptions(options.join(u';'));
    if (!db.open()) return connection.failed(db.lastError());
    return connection;
}

SqlConnection::SqlConnection(SqlConnection &&other) noexcept
    : m_name(std::exchange(other.m_name, {})), m_path(std::exchange(other.m_path, {}))
{
}

SqlConnection &SqlConnection::operator=(SqlConnection &&other) noexcept
{
    if (this == &other) return *this;
    close();
    m_name = std::exchange(other.m_name, {});
    m_path = std::exchange(other.m_path, {});
    return *this;
}

SqlConnection::~SqlConnection()
{
    close();
}

void SqlConnection::close()
{
    if (m_name.isEmpty()) return;
    database().close();
    QSqlDatabase::removeDatabase(m_name);
    m_name.clear();
}

QSqlDatabase SqlConnection::database() const
{
    return QSqlDatabase::database(m_name, false);
}

tl::unexpected<Error> SqlConnection::failed(const QSqlError &error) const
{
    return tl::unexpected<Error>(
        sqlError(error.nativeErrorCode().toInt(), error.databaseText(), m_path));
}

Result<> SqlConnection::exec(const QString &sql) const
{
    QSqlQuery query(database());
    if (!query.exec(sql)) return failed(query.lastError());
    return {};
}

Result<QVariant> SqlConnection::value(const QString &sql, const QVariantList &parameters) const
{
    Result<QSqlQuery> query = prepare(sql);
    if (!query) return tl::make_unexpected(query.error());
    if (Result<> ran = run(*query, parameters); !ran) return tl::make_unexpected(ran.error());
    if (query->next()) return query->value(0);
    if (Result<> ended = finished(*query); !ended) return tl::make_unexpected(ended.error());
    return QVariant();
}

Result<QSqlQuery> SqlConnection::prepare(const QString &sql) const
{
    QSqlQuery query(database());
    query.setForwardOnly(true);
    if (!query.prepare(sql)) return failed(query.lastError());
    return query;
}

Result<> SqlConnection::run(QSqlQuery &query, const QVariantList &parameters) const
{
    for (int i = 0; i < int(parameters.size()); ++i)
        query.bindValue(i, parameters[i]);
    if (!query.exec()) return failed(query.lastError());
    return {};
}

Result<> SqlConnection::finished(const QSqlQuery &query) const
{
    if (query.lastError().isValid()) return failed(query.lastError());
    return {};
}

Result<SqlTransaction> SqlTransaction::begin(const SqlConnection &connection)
{
    if (Result<> begun = connection.exec(QStringLiteral("BEGIN IMMEDIATE")); !begun)
        return tl::make_unexpected(begun.error());
    return SqlTransaction(connection);
}

SqlTransaction::~SqlTransaction()
{
    // After a full disk SQLite has rolled back already; this then fails, and that is well.
    if (m_connection) static_cast<void>(m_connection->exec(QStringLiteral("ROLLBACK")));
}

Result<> SqlTransaction::commit()
{
    Result<> committed = m_connection->exec(QStringLiteral("COMMIT"));
    if (committed) m_connection = nullptr;
    return committed;
}

BulkInsert::BulkInsert(const SqlConnection &connection, const QString &head)
    : m_connection(connection), m_head(head.toUtf8() + " VALUES ")
{
}

Result<> BulkInsert::add(std::span<const std::optional<qint64>> row)
{
    m_statement += m_statement.isEmpty() ? QByteArrayView(m_head) : QByteArrayView(",");
    char separator = '(';
    for (const std::optional<qint64> &value : row) {
        m_statement += separator;
        separator = ',';
        std::array<char, 24> digits;
        if (value)
            m_statement.append(digits.data(),
                               std::to_chars(digits.begin(), digits.end(), *value).ptr -
                                   digits.data());
        else
            m_statement += "NULL";
    }
    m_statement += ')';
    constexpr qsizetype enough = 20'000; // bytes; far below the million that SQLite takes
    return m_statement.size() < enough ? Result<>() : finish();
}

Result<> BulkInsert::finish()
{
    if (m_statement.isEmpty()) return {};
    Result<> written = m_connection.exec(QString::fromUtf8(m_statement));
    m_statement.resize(0); // keeps its memory
    return written;
}

} // namespace atomnet
