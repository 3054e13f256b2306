#include "core/atomdb/schema.h"

#include <QFileInfo>

namespace atomnet
{

namespace
{

/// What version 2 added: models, each with the fingerprint of the data it was fitted on, and whole
/// networks' latencies.
const QStringList &modelStatements()
{
    static const QStringList statements{
        QStringLiteral("CREATE TABLE model("
                       "condition_id INTEGER PRIMARY KEY REFERENCES condition(id), "
                       "fingerprint TEXT NOT NULL, json TEXT NOT NULL) STRICT"),
        QStringLiteral("CREATE TABLE network("
                       "id INTEGER PRIMARY KEY, "
                       "condition_id INTEGER NOT NULL REFERENCES condition(id), "
                       "name TEXT NOT NULL, design TEXT NOT NULL, "
                       "value INTEGER NOT NULL CHECK(value > 0), "
                       "UNIQUE(condition_id, design, value)) STRICT"),
    };
    return statements;
}

/// Sizes are those of AtomKey, enumerators its numbers. Times are ISO 8601 in UTC.
const QStringList &createStatements()
{
    static const QStringList statements{
        QStringLiteral("CREATE TABLE condition("
                       "id INTEGER PRIMARY KEY, board TEXT NOT NULL, runtime TEXT NOT NULL, "
                       "clock_hz INTEGER NOT NULL, "
                       "caches TEXT NOT NULL, compiler TEXT NOT NULL, flags TEXT NOT NULL, "
                       "kernel_version TEXT NOT NULL, "
                       "unit INTEGER NOT NULL CHECK(unit IN (0, 1)), "
                       "UNIQUE(board, runtime, clock_hz, caches, compiler, flags, kernel_version, "
                       "unit)) STRICT"),
        QStringLiteral("CREATE TABLE source("
                       "id INTEGER PRIMARY KEY, name TEXT NOT NULL, sha256 TEXT NOT NULL, added_at "
                       "TEXT NOT NULL, "
                       "samples INTEGER NOT NULL, UNIQUE(name, sha256)) STRICT"),
        QStringLiteral("CREATE TABLE atom_key(id INTEGER PRIMARY KEY, %1, UNIQUE(%2)) STRICT")
            .arg(QString(keyColumns())
                         .replace(QStringLiteral(","), QStringLiteral(" INTEGER NOT NULL,")) +
                     QStringLiteral(" INTEGER NOT NULL"),
                 keyColumns()),
        QStringLiteral("CREATE TABLE sample("
                       "condition_id INTEGER NOT NULL REFERENCES condition(id), "
                       "key_id INTEGER NOT NULL REFERENCES atom_key(id), "
                       "value INTEGER NOT NULL CHECK(value > 0), nth INTEGER NOT NULL, "
                       "source_id INTEGER NOT NULL REFERENCES source(id), "
                       "cycles INTEGER, flash_bytes INTEGER, sram_bytes INTEGER, "
                       "PRIMARY KEY(condition_id, key_id, value, nth)) STRICT, WITHOUT ROWID"),
        // Kept in step with sample by every transaction that writes there.
        QStringLiteral("CREATE TABLE aggregate("
                       "condition_id INTEGER NOT NULL REFERENCES condition(id), "
                       "key_id INTEGER NOT NULL REFERENCES atom_key(id), "
                       "median INTEGER NOT NULL, low INTEGER NOT NULL, high INTEGER NOT NULL, "
                       "count INTEGER NOT NULL, "
                       "PRIMARY KEY(condition_id, key_id)) STRICT, WITHOUT ROWID"),
    };
    return statements;
}

Error notAnAtomDb(const QString &path)
{
    return {
        ErrorCode::BadInput,
        QStringLiteral("this is a database of another program, not an AtomDB; choose another file"),
        path};
}

/// A name beside the file that is not taken yet.
QString backupPath(const QString &path, int version)
{
    const QString base = QStringLiteral("%1.v%2.backup").arg(path).arg(version);
    QString candidate = base;
    for (int i = 2; QFileInfo::exists(candidate); ++i)
        candidate = base + u'.' + QString::number(i);
    return candidate;
}

} // namespace

const QString &keyColumns()
{
    static const QString columns =
        QStringLiteral("kind,in_h,in_w,in_c,out_h,out_w,out_c,kernel_h,kernel_w,stride_h,stride_w,"
                       "pad_t,pad_l,pad_b,pad_r,"
                       "dilation,groups,squeeze,act,type,weights,variant");
    return columns;
}

std::span<const Migration> schemaMigrations()
{
    static const std::vector<Migration> steps{modelStatements()}; // version 1 is the first
    return steps;
}

Result<SchemaState> schemaState(const SqlConnection &connection)
{
    const Result<QVariant> id = connection.value(QStringLiteral("PRAGMA application_id"));
    if (!id) return tl::make_unexpected(id.error());
    const Result<QVariant> tables =
        connection.value(QStringLiteral("SELECT count(*) FROM sqlite_schema"));
    if (!tables) return tl::make_unexpected(tables.error());
    if (id->toInt() == atomDbApplicationId) return SchemaState::AtomDb;
    if (id->toInt() == 0 && tables->toLongLong() == 0) return SchemaState::Empty;
    return tl::make_unexpected(notAnAtomDb(connection.path()));
}

Result<int> schemaVersionOf(const SqlConnection &connection)
{
    const Result<QVariant> version = connection.value(QStringLiteral("PRAGMA user_version"));
    if (!version) return tl::make_unexpected(version.error());
    return version->toInt();
}

Result<> createSchema(const SqlConnection &connection)
{
    Result<SqlTransaction> transaction = SqlTransaction::begin(connection);
    if (!transaction) return tl::make_unexpected(transaction.error());
    // Another program may have made the tables while this one waited for the lock.
    const Result<SchemaState> state = schemaState(connection);
    if (!state) return tl::make_unexpected(state.error());
    if (*state == SchemaState::AtomDb) return {};
    QStringList statements = createStatements() + modelStatements();
    statements << QStringLiteral("PRAGMA application_id = %1").arg(atomDbApplicationId)
               << QStringLiteral("PRAGMA user_version = %1").arg(currentSchemaVersion);
    for (const QString &statement : std::as_const(statements))
        if (Result<> made = connection.exec(statement); !made) return made;
    return transaction->commit();
}

Result<> migrate(const SqlConnection &connection, std::span<const Migration> steps)
{
    const Result<int> version = schemaVersionOf(connection);
    if (!version) return tl::make_unexpected(version.error());
    const int target = 1 + int(steps.size());
    if (*version >= target) return {};
    if (*version < 1)
        return tl::make_unexpected(
            sqlError(0, QStringLiteral("it has no version"), connection.path()));
    QString backup = backupPath(connection.path(), *version);
    const QString copy =
        QStringLiteral("VACUUM INTO '%1'").arg(backup.replace(u'\'', QStringLiteral("''")));
    if (Result<> copied = connection.exec(copy); !copied) return copied;
    Result<SqlTransaction> transaction = SqlTransaction::begin(connection);
    if (!transaction) return tl::make_unexpected(transaction.error());
    // Another program may have migrated the file while this one waited for the lock.
    const Result<int> from = schemaVersionOf(connection);
    if (!from) return tl::make_unexpected(from.error());
    if (*from >= target) return {};
    for (std::size_t i = std::size_t(*from - 1); i < steps.size(); ++i)
        for (const QString &statement : steps[i])
            if (Result<> done = connection.exec(statement); !done) return done;
    if (Result<> set = connection.exec(QStringLiteral("PRAGMA user_version = %1").arg(target));
        !set)
        return set;
    return transaction->commit();
}

Result<> checkSchema(const SqlConnection &connection)
{
    const Result<int> version = schemaVersionOf(connection);
    if (!version) return tl::make_unexpected(version.error());
    QStringList statements{
        QStringLiteral(
            "SELECT id,board,runtime,clock_hz,caches,compiler,flags,kernel_version,unit FROM "
            "condition"),
        QStringLiteral("SELECT id,name,sha256,added_at,samples FROM source"),
        QStringLiteral("SELECT id,%1 FROM atom_key").arg(keyColumns()),
        QStringLiteral(
            "SELECT condition_id,key_id,value,nth,source_id,cycles,flash_bytes,sram_bytes FROM "
            "sample"),
        QStringLiteral("SELECT condition_id,key_id,median,low,high,count FROM aggregate")};
    if (*version >= 2)
        statements << QStringLiteral("SELECT condition_id,fingerprint,json FROM model")
                   << QStringLiteral("SELECT id,condition_id,name,design,value FROM network");
    // Preparing a statement looks its columns up and reads no row.
    for (const QString &statement : std::as_const(statements))
        if (const Result<QSqlQuery> query = connection.prepare(statement); !query)
            return tl::make_unexpected(query.error());
    return {};
}

} // namespace atomnet
