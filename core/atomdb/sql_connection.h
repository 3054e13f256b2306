#pragma once

#include "core/base/result.h"

#include <QSqlDatabase>
#include <QSqlQuery>
#include <QVariant>

#include <optional>
#include <span>
#include <utility>

// Qt Sql with Result, for one SQLite file. Only core/atomdb includes this.
namespace atomnet
{

/// What SQLite's result code (primary or extended) means to a person. `text` is its own wording.
[[nodiscard]] Error sqlError(int code, const QString &text, const QString &path);

/// An open SQLite file with a connection name of its own; belongs to the thread that opened it.
class SqlConnection
{
public:
    enum class Mode : quint8 {
        ReadWrite,
        ReadOnly,
        Immutable, ///< read-only without locks: for files in folders where SQLite cannot put its
                   ///< own
    };
    /// Opens the file (creates it in ReadWrite). Damage shows only when something is read.
    [[nodiscard]] static Result<SqlConnection> open(const QString &path, Mode mode);

    SqlConnection(SqlConnection &&other) noexcept;
    SqlConnection &operator=(SqlConnection &&other) noexcept;
    ~SqlConnection();

    [[nodiscard]] const QString &path() const { return m_path; }
    /// Runs one statement without parameters and drops its rows.
    [[nodiscard]] Result<> exec(const QString &sql) const;
    /// First column of the first row; an invalid QVariant when there are no rows.
    [[nodiscard]] Result<QVariant> value(const QString &sql,
                                         const QVariantList &parameters = {}) const;
    /// A prepared, forward-only statement.
    [[nodiscard]] Result<QSqlQuery> prepare(const QString &sql) const;
    /// Binds in order and runs.
    [[nodiscard]] Result<> run(QSqlQuery &query, const QVariantList &parameters) const;
    /// After the last next(): whether the rows ended or an error ended them.
    [[nodiscard]] Result<> finished(const QSqlQuery &query) const;

private:
    SqlConnection(QString name, QString path) : m_name(std::move(name)), m_path(std::move(path)) {}
    void close();
    [[nodiscard]] QSqlDatabase database() const;
    [[nodiscard]] tl::unexpected<Error> failed(const QSqlError &error) const;

    QString m_name; ///< empty when moved from
    QString m_path;
};

/// Rolls back unless committed.
class SqlTransaction
{
public:
    /// Takes the write lock at once, so that it cannot fail half way for another writer.
    [[nodiscard]] static Result<SqlTransaction> begin(const SqlConnection &connection);
    SqlTransaction(SqlTransaction &&other) noexcept
        : m_connection(std::exchange(other.m_connection, nullptr))
    {
    }
    SqlTransaction &operator=(SqlTransaction &&) = delete;
    ~SqlTransaction();
    [[nodiscard]] Result<> commit();

private:
    explicit SqlTransaction(const SqlConnection &connection) : m_connection(&connection) {}
    const SqlConnection *m_connection;
};

/// Inserts rows of integers, many with one statement and as literals: Qt needs longer to bind a
/// number than SQLite to read it.
class BulkInsert
{
public:
    /// `head` as in "INSERT INTO sample(a, b)".
    BulkInsert(const SqlConnection &connection, const QString &head);
    /// One row; nothing stands for NULL. Writes now and then.
    [[nodiscard]] Result<> add(std::span<const std::optional<qint64>> row);
    /// Writes what is left.
    [[nodiscard]] Result<> finish();

private:
    const SqlConnection &m_connection;
    const QByteArray m_head;
    QByteArray m_statement; ///< empty, or the head and some rows
};

} // namespace atomnet
