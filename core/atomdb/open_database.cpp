#include "core/atomdb/open_database.h"

#include "core/atomdb/atom_db.h"
#include "core/atomdb/schema.h"

#include <QDir>
#include <QFileInfo>

namespace atomnet
{

namespace
{

/// What can be said before SQLite looks, in better words than it has.
Result<> checkPath(const QString &path, bool write)
{
    const QFileInfo file(path);
    if (path.isEmpty())
        return fail(ErrorCode::Usage, QStringLiteral("the path of the AtomDB is empty"));
    if (file.exists() && !file.isFile())
        return fail(ErrorCode::Io,
                    QStringLiteral("this is not a file; give the path of an AtomDB file"), path);
    if (!write) {
        if (file.exists()) return {};
        return fail(
            ErrorCode::Io,
            QStringLiteral("there is no AtomDB; make one with `atomnet-designer db import CSV...`"),
            path);
    }
    const QString folder = file.absolutePath();
    if (!QDir().mkpath(folder))
        return fail(
            ErrorCode::Io,
            QStringLiteral("the folder for the AtomDB cannot be made; choose another with --db"),
            folder);
    // SQLite would open such a file and fail later, at the first change.
    if (!QFileInfo(folder).isWritable() || (file.exists() && !file.isWritable()))
        return tl::make_unexpected(sqlError(8, {}, path)); // SQLITE_READONLY
    return {};
}

/// SQLite itself notices a file that was cut off only by whole pages.
Result<> checkLength(const SqlConnection &connection)
{
    if (QFileInfo(connection.path() + QStringLiteral("-wal")).size() > 0)
        return {}; // may be in the midst of a change
    const Result<QVariant> page = connection.value(QStringLiteral("PRAGMA page_size"));
    if (!page) return tl::make_unexpected(page.error());
    if (QFileInfo(connection.path()).size() % qMax(page->toLongLong(), 1LL) == 0) return {};
    return tl::make_unexpected(sqlError(0, QStringLiteral("it was cut off"), connection.path()));
}

Result<> setUp(const SqlConnection &connection, bool write)
{
    const Result<SchemaState> state = schemaState(connection);
    if (!state) return tl::make_unexpected(state.error());
    if (Result<> whole = checkLength(connection); !whole) return whole;
    if (*state == SchemaState::Empty && !write)
        return fail(
            ErrorCode::BadInput,
            QStringLiteral(
                "the file is empty; make an AtomDB with `atomnet-designer db import CSV...`"),
            connection.path());
    if (*state == SchemaState::AtomDb) {
        const Result<int> version = schemaVersionOf(connection);
        if (!version) return tl::make_unexpected(version.error());
        if (*version > AtomDb::schemaVersion)
            return fail(ErrorCode::NewerFile,
                        QStringLiteral("the AtomDB was written by a newer version of the designer "
                                       "(schema %1, this one "
                                       "knows %2); update the designer")
                            .arg(*version)
                            .arg(AtomDb::schemaVersion),
                        connection.path());
        // Older files can be read as they are: later versions only add tables. Version 0 is none.
        if (*version < 1 && !write)
            return tl::make_unexpected(
                sqlError(0, QStringLiteral("it has no version"), connection.path()));
    }
    if (write) {
        // Readers go on while an import writes; a write that is cut off leaves the file as it was.
        for (const char *pragma :
             {"PRAGMA journal_mode=WAL", "PRAGMA synchronous=NORMAL", "PRAGMA foreign_keys=ON"})
            if (Result<> set = connection.exec(QString::fromLatin1(pragma)); !set) return set;
        if (Result<> made = *state == SchemaState::Empty ? createSchema(connection)
                                                         : migrate(connection, schemaMigrations());
            !made)
            return made;
    }
    return checkSchema(connection);
}

Result<SqlConnection> openAs(const QString &path, SqlConnection::Mode mode)
{
    Result<SqlConnection> connection = SqlConnection::open(path, mode);
    if (!connection) return connection;
    if (Result<> ready = setUp(*connection, mode == SqlConnection::Mode::ReadWrite); !ready)
        return tl::make_unexpected(ready.error());
    return connection;
}

} // namespace

Result<SqlConnection> openDatabase(const QString &path, bool write)
{
    static_assert(AtomDb::schemaVersion == currentSchemaVersion);
    if (Result<> usable = checkPath(path, write); !usable)
        return tl::make_unexpected(usable.error());
    if (write) return openAs(path, SqlConnection::Mode::ReadWrite);
    // SQLite keeps its locks beside the file. Where it cannot, and nobody has left changes there,
    // nobody can be writing either.
    const bool canLock = QFileInfo(QFileInfo(path).absolutePath()).isWritable();
    const bool changesBeside = QFileInfo(path + QStringLiteral("-wal")).size() > 0;
    return openAs(path, canLock || changesBeside ? SqlConnection::Mode::ReadOnly
                                                 : SqlConnection::Mode::Immutable);
}

} // namespace atomnet
