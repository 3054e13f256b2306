#include "core/atomdb/atom_db.h"
#include "core/atomdb/schema.h"

#include <QDir>
#include <QTemporaryDir>
#include <QTest>

using namespace atomnet;

// The runner of migrations, with steps made up for the test that begin at version 1.
class TestSchema : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void currentVersionNeedsNoMigration();
    void firstVersionIsMigrated();
    void stepsRunInOrderAfterABackup();
    void startsAtTheFilesVersion();
    void failedStepLeavesTheFileAsItWas();
    void olderBackupsAreKept();
    void versionZeroOfAnAtomDbIsDamaged();
    void keyColumnsMatchTheirCount();

private:
    void backToVersionOne() const;
    [[nodiscard]] SqlConnection connect(const QString &name) const;
    [[nodiscard]] int version(const SqlConnection &connection) const
    {
        return schemaVersionOf(connection).value_or(-1);
    }
    [[nodiscard]] QString path(const char *name) const
    {
        return m_folder->filePath(QString::fromLatin1(name));
    }

    std::unique_ptr<QTemporaryDir> m_folder;
    const std::vector<Migration> m_steps{
        {QStringLiteral("CREATE TABLE first(x INTEGER)"),
         QStringLiteral("INSERT INTO first VALUES(1)")},
        {QStringLiteral("INSERT INTO first SELECT x+1 FROM first"),
         QStringLiteral("ALTER TABLE source ADD COLUMN note TEXT")}};
};

void TestSchema::init()
{
    m_folder = std::make_unique<QTemporaryDir>();
    const Result<AtomDb> db =
        AtomDb::open(path("it's.sqlite")); // a quote, which the backup's SQL must survive
    QVERIFY(db);
}

void TestSchema::backToVersionOne() const
{
    const SqlConnection connection = connect(path("it's.sqlite"));
    for (const char *statement :
         {"DROP TABLE model", "DROP TABLE network", "PRAGMA user_version=1"})
        QVERIFY(connection.exec(QString::fromLatin1(statement)));
}

SqlConnection TestSchema::connect(const QString &name) const
{
    Result<SqlConnection> connection = SqlConnection::open(name, SqlConnection::Mode::ReadWrite);
    if (!connection) qFatal("%s", qPrintable(connection.error().message()));
    return std::move(*connection);
}

void TestSchema::currentVersionNeedsNoMigration()
{
    const SqlConnection connection = connect(path("it's.sqlite"));
    QCOMPARE(version(connection), currentSchemaVersion);
    QCOMPARE(1 + int(schemaMigrations().size()), currentSchemaVersion);
    QVERIFY(migrate(connection, schemaMigrations()));
    QVERIFY(QDir(m_folder->path()).entryList({QStringLiteral("*.backup*")}).isEmpty());
    QVERIFY(checkSchema(connection));
}

void TestSchema::firstVersionIsMigrated()
{
    backToVersionOne();
    QVERIFY2(AtomDb::open(path("it's.sqlite"), AtomDb::Mode::ReadOnly), "read as it is");
    QCOMPARE(version(connect(path("it's.sqlite"))), 1);
    QVERIFY(AtomDb::open(path("it's.sqlite")));
    QCOMPARE(version(connect(path("it's.sqlite"))), currentSchemaVersion);
    QCOMPARE(version(connect(path("it's.sqlite.v1.backup"))), 1);
}

void TestSchema::stepsRunInOrderAfterABackup()
{
    backToVersionOne();
    const SqlConnection connection = connect(path("it's.sqlite"));
    QVERIFY(migrate(connection, m_steps));
    QCOMPARE(version(connection), 3);
    QCOMPARE(connection.value(QStringLiteral("SELECT group_concat(x) FROM first"))
                 .value_or(QVariant())
                 .toString(),
             QStringLiteral("1,2"));
    QVERIFY(connection.exec(QStringLiteral("SELECT note FROM source")));
    const SqlConnection backup = connect(path("it's.sqlite.v1.backup"));
    QCOMPARE(version(backup), 1);
    QVERIFY(schemaState(backup) == SchemaState::AtomDb);
    QVERIFY(!backup.exec(QStringLiteral("SELECT * FROM first")));
    QVERIFY(AtomDb::open(path("it's.sqlite.v1.backup")));
    QCOMPARE(AtomDb::open(path("it's.sqlite")).error().code, ErrorCode::NewerFile);
}

void TestSchema::startsAtTheFilesVersion()
{
    backToVersionOne();
    const SqlConnection connection = connect(path("it's.sqlite"));
    QVERIFY(migrate(connection, std::span(m_steps).first(1)));
    QCOMPARE(version(connection), 2);
    QVERIFY(migrate(connection, m_steps));
    QCOMPARE(version(connection), 3);
    QCOMPARE(
        connection.value(QStringLiteral("SELECT count(*) FROM first")).value_or(QVariant()).toInt(),
        2);
    QVERIFY(QFile::exists(path("it's.sqlite.v1.backup")));
    QVERIFY(QFile::exists(path("it's.sqlite.v2.backup")));
}

void TestSchema::failedStepLeavesTheFileAsItWas()
{
    backToVersionOne();
    const SqlConnection connection = connect(path("it's.sqlite"));
    std::vector<Migration> steps = m_steps;
    steps[1] << QStringLiteral("INSERT INTO no_such_table VALUES(1)");
    QVERIFY(!migrate(connection, steps));
    QCOMPARE(version(connection), 1);
    QVERIFY(!connection.exec(QStringLiteral("SELECT * FROM first")));
    QVERIFY(checkSchema(connection));
    QVERIFY(QFile::exists(path("it's.sqlite.v1.backup")));
}

void TestSchema::olderBackupsAreKept()
{
    QFile old(path("it's.sqlite.v1.backup"));
    QVERIFY(old.open(QIODevice::WriteOnly));
    QCOMPARE(old.write("precious"), qint64(8));
    old.close();
    backToVersionOne();
    QVERIFY(migrate(connect(path("it's.sqlite")), m_steps));
    QVERIFY(old.open(QIODevice::ReadOnly));
    QCOMPARE(old.readAll(), QByteArray("precious"));
    QCOMPARE(version(connect(path("it's.sqlite.v1.backup.2"))), 1);
}

void TestSchema::versionZeroOfAnAtomDbIsDamaged()
{
    QVERIFY(connect(path("it's.sqlite")).exec(QStringLiteral("PRAGMA user_version=0")));
    const Result<AtomDb> db = AtomDb::open(path("it's.sqlite"));
    QVERIFY(!db);
    QCOMPARE(db.error().code, ErrorCode::BadInput);
    QVERIFY(db.error().what.contains(QStringLiteral("damaged")));
}

void TestSchema::keyColumnsMatchTheirCount()
{
    QCOMPARE(keyColumns().split(u',').size(), qsizetype(keyColumnCount));
}

QTEST_GUILESS_MAIN(TestSchema)
#include "tst_schema.moc"
