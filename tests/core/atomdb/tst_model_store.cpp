#include "core/atomdb/atom_db.h"
#include "core/atomdb/sql_connection.h"

#include <QFile>
#include <QTemporaryDir>
#include <QTest>

using namespace atomnet;

namespace
{

template <typename T>
T valueOf(Result<T> result)
{
    if (!result) qFatal("%s", qPrintable(result.error().message()));
    return *std::move(result);
}

/// The tables as version 1 made them, with one sample.
constexpr std::array versionOne{
    "CREATE TABLE condition(id INTEGER PRIMARY KEY, board TEXT NOT NULL, runtime TEXT NOT NULL, "
    "clock_hz INTEGER NOT NULL, caches TEXT NOT NULL, compiler TEXT NOT NULL, flags TEXT NOT NULL, "
    "kernel_version TEXT NOT NULL, unit INTEGER NOT NULL CHECK(unit IN (0, 1)), "
    "UNIQUE(board, runtime, clock_hz, caches, compiler, flags, kernel_version, unit)) STRICT",
    "CREATE TABLE source(id INTEGER PRIMARY KEY, name TEXT NOT NULL, sha256 TEXT NOT NULL, "
    "added_at TEXT NOT NULL, samples INTEGER NOT NULL, UNIQUE(name, sha256)) STRICT",
    "CREATE TABLE atom_key(id INTEGER PRIMARY KEY, kind INTEGER NOT NULL,in_h INTEGER NOT "
    "NULL,in_w INTEGER NOT NULL,in_c INTEGER NOT NULL,out_h INTEGER NOT NULL,out_w INTEGER NOT "
    "NULL,out_c INTEGER NOT NULL,kernel_h INTEGER NOT NULL,kernel_w INTEGER NOT NULL,stride_h "
    "INTEGER NOT NULL,stride_w INTEGER NOT NULL,pad_t INTEGER NOT NULL,pad_l INTEGER NOT "
    "NULL,pad_b INTEGER NOT NULL,pad_r INTEGER NOT NULL,dilation INTEGER NOT NULL,groups INTEGER "
    "NOT NULL,squeeze INTEGER NOT NULL,act INTEGER NOT NULL,type INTEGER NOT NULL,weights INTEGER "
    "NOT NULL,variant INTEGER NOT NULL, UNIQUE(kind,in_h,in_w,in_c,out_h,out_w,out_c,kernel_h,"
    "kernel_w,stride_h,stride_w,pad_t,pad_l,pad_b,pad_r,dilation,groups,squeeze,act,type,weights,"
    "variant)) STRICT",
    "CREATE TABLE sample(condition_id INTEGER NOT NULL REFERENCES condition(id), key_id INTEGER "
    "NOT NULL REFERENCES atom_key(id), value INTEGER NOT NULL CHECK(value > 0), nth INTEGER NOT "
    "NULL, source_id INTEGER NOT NULL REFERENCES source(id), cycles INTEGER, flash_bytes INTEGER, "
    "sram_bytes INTEGER, PRIMARY KEY(condition_id, key_id, value, nth)) STRICT, WITHOUT ROWID",
    "CREATE TABLE aggregate(condition_id INTEGER NOT NULL REFERENCES condition(id), key_id INTEGER "
    "NOT NULL REFERENCES atom_key(id), median INTEGER NOT NULL, low INTEGER NOT NULL, high INTEGER "
    "NOT NULL, count INTEGER NOT NULL, PRIMARY KEY(condition_id, key_id)) STRICT, WITHOUT ROWID",
    "INSERT INTO condition VALUES(1,'stm32h743','x-cube-ai-7.2',400000000,'','','','',0)",
    "INSERT INTO source VALUES(1,'old.csv','','2024-01-01T00:00:00Z',1)",
    "INSERT INTO atom_key VALUES(1,3,8,8,16,8,8,24,1,1,1,1,0,0,0,0,1,1,0,255,0,0,0)",
    "INSERT INTO sample VALUES(1,1,70000,0,1,NULL,NULL,NULL)",
    "INSERT INTO aggregate VALUES(1,1,70000,70000,70000,1)",
    "PRAGMA application_id = 1096041538",
    "PRAGMA user_version = 1",
};

} // namespace

class TestModelStore : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init() { m_folder = std::make_unique<QTemporaryDir>(); }
    void fileOfVersionOneIsReadAsItIs();
    void fileOfVersionOneIsMigratedWithItsSamples();
    void modelsReplaceEachOtherAndCanGo();
    void modelNeedsItsCondition();
    void equalNetworksAreKeptOnce();
    void impossibleNetworksAreRefused();
    void mergeTakesNetworksOver();

private:
    [[nodiscard]] QString path(const char *name) const
    {
        return m_folder->filePath(QString::fromLatin1(name));
    }
    [[nodiscard]] AtomDb open(const char *name) const { return valueOf(AtomDb::open(path(name))); }
    void makeVersionOne(const char *name) const
    {
        const SqlConnection connection =
            valueOf(SqlConnection::open(path(name), SqlConnection::Mode::ReadWrite));
        for (const char *statement : versionOne)
            if (const auto done = connection.exec(QString::fromLatin1(statement)); !done)
                qFatal("%s", qPrintable(done.error().message()));
    }
    /// A database with one sample; its condition is 1.
    [[nodiscard]] AtomDb withSample(const char *name) const
    {
        AtomDb db = open(name);
        Sample sample;
        sample.key.kind = AtomKind::Pointwise;
        sample.value = 1000;
        if (!db.addSamples(m_h743, QStringLiteral("test"), {sample})) qFatal("not added");
        return db;
    }

    std::unique_ptr<QTemporaryDir> m_folder;
    const RunCondition m_h743 = AtomDb::xCubeAiH743();
    const NetworkSample m_network{QStringLiteral("n"), QByteArrayLiteral("{\"a\":\"\xc3\xa4\"}"),
                                  5'000'000};
};

void TestModelStore::fileOfVersionOneIsReadAsItIs()
{
    makeVersionOne("old.sqlite");
    const AtomDb db = valueOf(AtomDb::open(path("old.sqlite"), AtomDb::Mode::ReadOnly));
    QCOMPARE(valueOf(db.info()).schemaVersion, 1);
    QCOMPARE(valueOf(db.table(1)).rows().size(), std::size_t(1));
    QVERIFY(!valueOf(db.storedModel(1)));
    QVERIFY(valueOf(db.networkSamples(1)).empty());
    AtomDb other = open("other.sqlite");
    QCOMPARE(valueOf(other.merge(path("old.sqlite"))).added, qint64(1));
    QVERIFY(!QFile::exists(path("old.sqlite.v1.backup")));
}

void TestModelStore::fileOfVersionOneIsMigratedWithItsSamples()
{
    makeVersionOne("old.sqlite");
    AtomDb db = open("old.sqlite");
    QCOMPARE(valueOf(db.info()).schemaVersion, 2);
    QVERIFY(QFile::exists(path("old.sqlite.v1.backup")));
    QCOMPARE(valueOf(db.table(1)).rows().front().stats.median, qint64(70000));
    QVERIFY(db.storeModel(1, {QStringLiteral("f"), "{}"}));
    QVERIFY(db.addNetworkSample(m_h743, SampleUnit::Nanoseconds, m_network));
    QCOMPARE(valueOf(db.networkSamples(1)).size(), std::size_t(1));
    // The backup is a whole database of its own.
    const AtomDb backup =
        valueOf(AtomDb::open(path("old.sqlite.v1.backup"), AtomDb::Mode::ReadOnly));
    QCOMPARE(valueOf(backup.info()).samples, qint64(1));
}

void TestModelStore::modelsReplaceEachOtherAndCanGo()
{
    {
        AtomDb db = withSample("a.sqlite");
        QVERIFY(!valueOf(db.storedModel(1)));
        QVERIFY(db.storeModel(1, {QStringLiteral("one"), "{\"x\":1}"}));
        QVERIFY(db.storeModel(1, {QStringLiteral("two"), "{\"x\":2}"}));
    }
    AtomDb db = open("a.sqlite");
    const auto model = valueOf(db.storedModel(1));
    QVERIFY(model);
    QCOMPARE(model->fingerprint, QStringLiteral("two"));
    QCOMPARE(model->json, QByteArray("{\"x\":2}"));
    QVERIFY(db.storeModel(1, {}));
    QVERIFY(!valueOf(db.storedModel(1)));
}

void TestModelStore::modelNeedsItsCondition()
{
    AtomDb db = open("a.sqlite");
    const auto stored = db.storeModel(7, {QStringLiteral("f"), "{}"});
    QVERIFY(!stored);
    QCOMPARE(stored.error().code, ErrorCode::Usage);
    AtomDb filled = withSample("b.sqlite");
    QVERIFY(filled.storeModel(1, {QStringLiteral("f"), "{}"}));
    const AtomDb reader = valueOf(AtomDb::open(path("b.sqlite"), AtomDb::Mode::ReadOnly));
    QVERIFY(!AtomDb(valueOf(AtomDb::open(path("b.sqlite"), AtomDb::Mode::ReadOnly)))
                 .storeModel(1, {QStringLiteral("g"), "{}"}));
    QCOMPARE(valueOf(reader.storedModel(1))->fingerprint, QStringLiteral("f"));
}

void TestModelStore::equalNetworksAreKeptOnce()
{
    AtomDb db = open("a.sqlite");
    NetworkSample other = m_network;
    other.value += 1;
    for (int i = 0; i < 2; ++i) {
        QVERIFY(db.addNetworkSample(m_h743, SampleUnit::Nanoseconds, m_network));
        QVERIFY(db.addNetworkSample(m_h743, SampleUnit::Nanoseconds, other));
    }
    const auto conditions = valueOf(db.conditions());
    QCOMPARE(conditions.size(), std::size_t(1));
    QCOMPARE(conditions.front().samples, qint64(0));
    const auto networks = valueOf(db.networkSamples(conditions.front().id));
    QCOMPARE(networks.size(), std::size_t(2));
    QCOMPARE(networks[0].name, m_network.name);
    QCOMPARE(networks[0].design, m_network.design);
    QCOMPARE(networks[0].value, m_network.value);
    QCOMPARE(networks[1].value, other.value);
    QVERIFY(valueOf(db.networkSamples(99)).empty());
}

void TestModelStore::impossibleNetworksAreRefused()
{
    AtomDb db = open("a.sqlite");
    for (NetworkSample bad :
         {NetworkSample{QStringLiteral("n"), "{}", 0}, NetworkSample{QStringLiteral("n"), "{}", -5},
          NetworkSample{QStringLiteral("n"), "", 5}}) {
        const auto added = db.addNetworkSample(m_h743, SampleUnit::Nanoseconds, bad);
        QVERIFY(!added);
        QCOMPARE(added.error().code, ErrorCode::BadInput);
    }
    QVERIFY(valueOf(db.conditions()).empty());
}

void TestModelStore::mergeTakesNetworksOver()
{
    {
        AtomDb theirs = withSample("theirs.sqlite");
        QVERIFY(theirs.addNetworkSample(m_h743, SampleUnit::Nanoseconds, m_network));
        QVERIFY(theirs.storeModel(1, {QStringLiteral("f"), "{}"}));
    }
    AtomDb ours = open("ours.sqlite");
    const MergeReport first = valueOf(ours.merge(path("theirs.sqlite")));
    QCOMPARE(first.added, qint64(1));
    QCOMPARE(first.networks, qint64(1));
    QCOMPARE(valueOf(ours.networkSamples(1)).front().design, m_network.design);
    QVERIFY2(!valueOf(ours.storedModel(1)), "a model is of the data it was fitted on");
    QCOMPARE(valueOf(ours.merge(path("theirs.sqlite"))).networks, qint64(0));
}

QTEST_GUILESS_MAIN(TestModelStore)
#include "tst_model_store.moc"
