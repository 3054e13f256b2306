#include "core/atomdb/atom_db.h"
#include "core/atomdb/sql_connection.h"
#include "tests/support/hostile_system.h"

#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QScopeGuard>
#include <QTemporaryDir>
#include <QTest>

using namespace atomnet;

namespace
{

constexpr QFile::Permissions readAll = QFile::ReadOwner | QFile::ReadGroup | QFile::ReadOther;
constexpr QFile::Permissions enter = QFile::ExeOwner | QFile::ExeGroup | QFile::ExeOther;
constexpr QFile::Permissions writeAll = QFile::WriteOwner | QFile::WriteGroup | QFile::WriteOther;

std::vector<Sample> someSamples(int count)
{
    std::vector<Sample> samples;
    for (int i = 0; i < count; ++i) {
        Sample sample;
        sample.key.inC = sample.key.outC = 1 + i;
        sample.value = 1000 + i;
        samples.push_back(sample);
    }
    return samples;
}

} // namespace

class TestOpenDatabase : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void missingForReadingIsSaid();
    void folderIsNotADatabase();
    void lockedByAnotherIsSaid();
    void writerElsewhereDelaysOnlyWriting();
    void readOnlyFileRefusesWritingAndReads();
    void readOnlyFolderRefusesWritingAndReads();
    void folderThatCannotBeMade();
    void newerVersionIsRefused();
    void otherProgramsDatabaseIsRefused();
    void garbageIsDamaged_data();
    void garbageIsDamaged();
    void truncatedNeverCrashes();
    void overwrittenPagesNeverCrash();
    void missingTableIsDamaged();
    void impossibleFiguresAreDamaged_data();
    void impossibleFiguresAreDamaged();
    void emptyFileBecomesAnAtomDb();
    void fullDiskChangesNothing();
    void everySqliteCodeHasOneSentence_data();
    void everySqliteCodeHasOneSentence();

private:
    [[nodiscard]] QString path() const { return m_folder->filePath(QStringLiteral("a.sqlite")); }
    void fill(int samples = 50) const;
    void sql(const QString &statement) const;
    void overwrite(qint64 at, const QByteArray &bytes) const;
    void expectDamaged(const QString &words) const;

    std::unique_ptr<QTemporaryDir> m_folder;
};

void TestOpenDatabase::init()
{
    m_folder = std::make_unique<QTemporaryDir>();
}

/// Makes an AtomDB with some samples at path().
void TestOpenDatabase::fill(int samples) const
{
    Result<AtomDb> db = AtomDb::open(path());
    QVERIFY(db);
    QCOMPARE(db->addSamples(AtomDb::xCubeAiH743(), QStringLiteral("test"), someSamples(samples))
                 .value_or(-1),
             qint64(samples));
}

void TestOpenDatabase::sql(const QString &statement) const
{
    const Result<SqlConnection> connection =
        SqlConnection::open(path(), SqlConnection::Mode::ReadWrite);
    QVERIFY(connection);
    QVERIFY(connection->exec(statement));
}

void TestOpenDatabase::overwrite(qint64 at, const QByteArray &bytes) const
{
    QFile file(path());
    QVERIFY(file.open(QIODevice::ReadWrite));
    QVERIFY(file.seek(at));
    QCOMPARE(file.write(bytes), bytes.size());
}

void TestOpenDatabase::expectDamaged(const QString &words) const
{
    for (const AtomDb::Mode mode : {AtomDb::Mode::ReadWrite, AtomDb::Mode::ReadOnly}) {
        const Result<AtomDb> db = AtomDb::open(path(), mode);
        QVERIFY(!db);
        QCOMPARE(db.error().code, ErrorCode::BadInput);
        QCOMPARE(db.error().where, path());
        QVERIFY2(db.error().what.contains(words), qPrintable(db.error().what));
    }
}

void TestOpenDatabase::missingForReadingIsSaid()
{
    const Result<AtomDb> db = AtomDb::open(path(), AtomDb::Mode::ReadOnly);
    QVERIFY(!db);
    QCOMPARE(db.error().message(),
             path() +
                 QStringLiteral(
                     ": there is no AtomDB; make one with `atomnet-designer db import CSV...`"));
    QVERIFY(!QFileInfo::exists(path()));
    QCOMPARE(AtomDb::open(QString()).error().code, ErrorCode::Usage);
}

void TestOpenDatabase::folderIsNotADatabase()
{
    const Result<AtomDb> db = AtomDb::open(m_folder->path());
    QVERIFY(!db);
    QVERIFY(db.error().what.startsWith(QStringLiteral("this is not a file")));
}

void TestOpenDatabase::lockedByAnotherIsSaid()
{
    fill();
    const Result<SqlConnection> other = SqlConnection::open(path(), SqlConnection::Mode::ReadWrite);
    QVERIFY(other);
    QVERIFY(other->exec(QStringLiteral("PRAGMA locking_mode=EXCLUSIVE")));
    QVERIFY(other->exec(QStringLiteral("BEGIN EXCLUSIVE")));
    QVERIFY(other->exec(QStringLiteral("UPDATE source SET name='x'")));
    for (const AtomDb::Mode mode : {AtomDb::Mode::ReadWrite, AtomDb::Mode::ReadOnly}) {
        const Result<AtomDb> db = AtomDb::open(path(), mode);
        QVERIFY(!db);
        QCOMPARE(db.error().code, ErrorCode::Io);
        QCOMPARE(db.error().what,
                 QStringLiteral(
                     "the AtomDB is locked by another program; close that program and try again"));
    }
}

void TestOpenDatabase::writerElsewhereDelaysOnlyWriting()
{
    fill();
    const Result<SqlConnection> other = SqlConnection::open(path(), SqlConnection::Mode::ReadWrite);
    QVERIFY(other);
    QVERIFY(other->exec(QStringLiteral("BEGIN IMMEDIATE")));
    Result<AtomDb> db = AtomDb::open(path());
    QVERIFY(db);
    QCOMPARE(db->table(1).value_or(AtomTable()).sampleCount(), qint64(50));
    const Result<qint64> added =
        db->addSamples(AtomDb::xCubeAiH743(), QStringLiteral("b"), someSamples(60));
    QVERIFY(!added);
    QVERIFY(added.error().what.contains(QStringLiteral("locked by another program")));
    QVERIFY(other->exec(QStringLiteral("ROLLBACK")));
    QCOMPARE(
        db->addSamples(AtomDb::xCubeAiH743(), QStringLiteral("b"), someSamples(60)).value_or(-1),
        qint64(10));
}

void TestOpenDatabase::readOnlyFileRefusesWritingAndReads()
{
    fill();
    QVERIFY(QFile::setPermissions(m_folder->path(), readAll | enter | writeAll));
    QVERIFY(QFile::setPermissions(path(), readAll));
    const test::OrdinaryUser ordinary;
    const Result<AtomDb> writing = AtomDb::open(path());
    QVERIFY(!writing);
    QCOMPARE(writing.error().code, ErrorCode::Io);
    QVERIFY(writing.error().what.contains(QStringLiteral("read-only")));
    const Result<AtomDb> reading = AtomDb::open(path(), AtomDb::Mode::ReadOnly);
    QVERIFY2(reading, qPrintable(reading ? QString() : reading.error().message()));
    QCOMPARE(reading->table(1).value_or(AtomTable()).sampleCount(), qint64(50));
}

void TestOpenDatabase::readOnlyFolderRefusesWritingAndReads()
{
    fill();
    QVERIFY(QFile::setPermissions(path(), readAll));
    QVERIFY(QFile::setPermissions(m_folder->path(), readAll | enter));
    const auto restore =
        qScopeGuard([&] { QFile::setPermissions(m_folder->path(), readAll | enter | writeAll); });
    {
        const test::OrdinaryUser ordinary;
        const Result<AtomDb> writing = AtomDb::open(path());
        QVERIFY(!writing);
        QCOMPARE(writing.error().code, ErrorCode::Io);
        QVERIFY(writing.error().what.contains(QStringLiteral("read-only")));
        Result<AtomDb> reading = AtomDb::open(path(), AtomDb::Mode::ReadOnly);
        QVERIFY2(reading, qPrintable(reading ? QString() : reading.error().message()));
        QCOMPARE(reading->table(1).value_or(AtomTable()).sampleCount(), qint64(50));
        const Result<qint64> added =
            reading->addSamples(AtomDb::xCubeAiH743(), QStringLiteral("b"), someSamples(60));
        QVERIFY(!added);
        QVERIFY2(added.error().what.contains(QStringLiteral("read-only")),
                 qPrintable(added.error().what));
    }
    QCOMPARE(QDir(m_folder->path()).entryList(QDir::Files),
             QStringList{QStringLiteral("a.sqlite")});
}

void TestOpenDatabase::folderThatCannotBeMade()
{
    QFile file(m_folder->filePath(QStringLiteral("file")));
    QVERIFY(file.open(QIODevice::WriteOnly));
    const Result<AtomDb> db = AtomDb::open(file.fileName() + QStringLiteral("/below/a.sqlite"));
    QVERIFY(!db);
    QCOMPARE(db.error().code, ErrorCode::Io);
    QVERIFY(db.error().what.contains(QStringLiteral("cannot be made")));
}

void TestOpenDatabase::newerVersionIsRefused()
{
    fill();
    sql(QStringLiteral("PRAGMA user_version=3"));
    for (const AtomDb::Mode mode : {AtomDb::Mode::ReadWrite, AtomDb::Mode::ReadOnly}) {
        const Result<AtomDb> db = AtomDb::open(path(), mode);
        QVERIFY(!db);
        QCOMPARE(db.error().code, ErrorCode::NewerFile);
        QCOMPARE(
            db.error().what,
            QStringLiteral("the AtomDB was written by a newer version of the designer (schema 3, "
                           "this one knows 2); update the designer"));
    }
}

void TestOpenDatabase::otherProgramsDatabaseIsRefused()
{
    sql(QStringLiteral("CREATE TABLE notes(text)"));
    expectDamaged(QStringLiteral("a database of another program"));
    sql(QStringLiteral("PRAGMA application_id=77"));
    expectDamaged(QStringLiteral("a database of another program"));
}

void TestOpenDatabase::garbageIsDamaged_data()
{
    QTest::addColumn<QByteArray>("bytes");
    QTest::newRow("text") << QByteArray("type,conv_type,groups\n").repeated(500);
    QTest::newRow("short text") << QByteArray("hello");
    QTest::newRow("zeros") << QByteArray(20'000, '\0');
    QTest::newRow("ones") << QByteArray(20'000, '\xff');
    QTest::newRow("only the magic words")
        << QByteArray("SQLite format 3\0", 16) + QByteArray(8'000, '\x5a');
}

void TestOpenDatabase::garbageIsDamaged()
{
    QFETCH(QByteArray, bytes);
    overwrite(0, bytes);
    expectDamaged(QStringLiteral("damaged"));
    QFile file(path());
    QVERIFY(file.open(QIODevice::ReadOnly));
    QVERIFY(file.readAll() == bytes); // nothing of the user's is lost
}

void TestOpenDatabase::truncatedNeverCrashes()
{
    fill(500);
    QFile file(path());
    QVERIFY(file.open(QIODevice::ReadOnly));
    const QByteArray whole = file.readAll();
    int refused = 0, cases = 0;
    for (qint64 size = 1; size < whole.size(); size += 1511) {
        QFile::remove(path());
        overwrite(0, whole.first(size));
        ++cases;
        const Result<AtomDb> db = AtomDb::open(path(), AtomDb::Mode::ReadOnly);
        if (!db && db.error().code == ErrorCode::BadInput) ++refused;
    }
    QVERIFY(cases > 20);
    QCOMPARE(refused, cases);
}

void TestOpenDatabase::overwrittenPagesNeverCrash()
{
    fill(500);
    QFile file(path());
    QVERIFY(file.open(QIODevice::ReadOnly));
    const QByteArray whole = file.readAll();
    int noticed = 0;
    for (qint64 at = 100; at + 64 < whole.size(); at += 977) {
        QFile::remove(path());
        overwrite(0, whole);
        overwrite(at, QByteArray(64, char(at % 255)));
        Result<AtomDb> db = AtomDb::open(path());
        if (!db) {
            QVERIFY(!db.error().what.isEmpty());
            ++noticed;
            continue;
        }
        // Whatever it is that can still be read, it is a table or an error.
        const Result<AtomTable> table =
            db->table(QStringLiteral("stm32h743"), QStringLiteral("x-cube-ai-7.2"));
        const Result<DbInfo> info = db->info();
        const Result<qint64> lines = db->exportCsv(m_folder->filePath(QStringLiteral("e.csv")));
        if (!table || !info || !lines) ++noticed;
    }
    QVERIFY(noticed > 10);
}

void TestOpenDatabase::missingTableIsDamaged()
{
    fill();
    sql(QStringLiteral("DROP TABLE aggregate"));
    expectDamaged(QStringLiteral("damaged"));
}

void TestOpenDatabase::impossibleFiguresAreDamaged_data()
{
    QTest::addColumn<QString>("statement");
    for (const char *statement :
         {"UPDATE atom_key SET kind=99", "UPDATE atom_key SET kind=0", "UPDATE atom_key SET act=77",
          "UPDATE atom_key SET in_h=-1", "UPDATE atom_key SET kernel_h=70000",
          "UPDATE aggregate SET median=0", "UPDATE aggregate SET low=median+1",
          "UPDATE aggregate SET high=9000000000000000000", "UPDATE aggregate SET count=0",
          "UPDATE aggregate SET count=4294967297"})
        QTest::newRow(statement) << QString::fromLatin1(statement);
}

void TestOpenDatabase::impossibleFiguresAreDamaged()
{
    QFETCH(QString, statement);
    fill();
    sql(statement);
    const Result<AtomDb> db = AtomDb::open(path());
    QVERIFY(db);
    const Result<AtomTable> table = db->table(1);
    QVERIFY(!table);
    QCOMPARE(table.error().code, ErrorCode::BadInput);
    QVERIFY(table.error().what.contains(QStringLiteral("damaged")));
}

void TestOpenDatabase::emptyFileBecomesAnAtomDb()
{
    overwrite(0, QByteArray());
    QCOMPARE(QFileInfo(path()).size(), qint64(0));
    const Result<AtomDb> reading = AtomDb::open(path(), AtomDb::Mode::ReadOnly);
    QVERIFY(!reading);
    QCOMPARE(reading.error().code, ErrorCode::BadInput);
    fill();
}

void TestOpenDatabase::fullDiskChangesNothing()
{
    fill();
    for (const rlim_t limit : {rlim_t(0), rlim_t(70'000), rlim_t(300'000)}) {
        Result<AtomDb> db = AtomDb::open(path());
        QVERIFY(db);
        {
            const test::FullDisk disk(limit);
            const Result<qint64> added =
                db->addSamples(AtomDb::xCubeAiH743(), QStringLiteral("b"), someSamples(20'000));
            QVERIFY(!added);
            QCOMPARE(added.error().code, ErrorCode::Io);
            QVERIFY2(added.error().what.contains(QStringLiteral("nothing was changed")),
                     qPrintable(added.error().what));
            const QString csv = m_folder->filePath(QStringLiteral("e.csv"));
            if (limit == 0) {
                QVERIFY(!db->exportCsv(csv));
                QVERIFY(!QFileInfo::exists(csv));
            }
        }
        QCOMPARE(db->info().value_or(DbInfo()).samples, qint64(50));
    }
    {
        const test::FullDisk disk(0);
        const Result<AtomDb> created =
            AtomDb::open(m_folder->filePath(QStringLiteral("new.sqlite")));
        QVERIFY(!created);
        QCOMPARE(created.error().code, ErrorCode::Io);
    }
    // SQLite's own code for it, which a limit of the process does not give.
    const Result<SqlConnection> connection =
        SqlConnection::open(path(), SqlConnection::Mode::ReadWrite);
    QVERIFY(connection);
    QVERIFY(connection->exec(QStringLiteral("PRAGMA max_page_count=1")));
    const Result<> full =
        connection->exec(QStringLiteral("CREATE TABLE t AS SELECT zeroblob(100000) AS b"));
    QVERIFY(!full);
    QVERIFY(full.error().what.startsWith(QStringLiteral("the disk is full")));
    // And with space again it goes on.
    Result<AtomDb> db = AtomDb::open(path());
    QCOMPARE(db->addSamples(AtomDb::xCubeAiH743(), QStringLiteral("b"), someSamples(20'000))
                 .value_or(-1),
             qint64(19'950));
}

void TestOpenDatabase::everySqliteCodeHasOneSentence_data()
{
    QTest::addColumn<int>("code");
    QTest::addColumn<ErrorCode>("expected");
    QTest::addColumn<QString>("words");
    QTest::newRow("busy") << 5 << ErrorCode::Io << "locked by another program";
    QTest::newRow("busy snapshot, extended")
        << (5 | 2 << 8) << ErrorCode::Io << "locked by another program";
    QTest::newRow("locked") << 6 << ErrorCode::Io << "locked by another program";
    QTest::newRow("read-only") << 8 << ErrorCode::Io << "read-only";
    QTest::newRow("input or output") << (10 | 3 << 8) << ErrorCode::Io << "check the disk";
    QTest::newRow("corrupt") << 11 << ErrorCode::BadInput << "damaged";
    QTest::newRow("full") << 13 << ErrorCode::Io << "disk is full";
    QTest::newRow("cannot open") << 14 << ErrorCode::Io << "cannot be opened";
    QTest::newRow("not a database") << 26 << ErrorCode::BadInput << "not an AtomDB";
    QTest::newRow("anything else") << 1 << ErrorCode::BadInput << "damaged (words of SQLite)";
}

void TestOpenDatabase::everySqliteCodeHasOneSentence()
{
    QFETCH(int, code);
    QFETCH(QString, words);
    const Error error = sqlError(code, QStringLiteral("words of SQLite"), path());
    QTEST(error.code, "expected");
    QVERIFY2(error.what.contains(words), qPrintable(error.what));
    QVERIFY(!error.what.contains(u'\n') && !error.what.contains(QStringLiteral(". ")));
    QCOMPARE(error.where, path());
}

QTEST_GUILESS_MAIN(TestOpenDatabase)
#include "tst_open_database.moc"
