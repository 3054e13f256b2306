#include "core/atomdb/shipped_atomdb.h"

#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QTemporaryDir>
#include <QTest>

#include <memory>

using namespace atomnet;

namespace
{

template <class T>
T valueOf(Result<T> result)
{
    if (!result) qFatal("%s", qPrintable(result.error().message()));
    return *std::move(result);
}

RunCondition qemu()
{
    RunCondition condition;
    condition.board = QStringLiteral("qemu-m7");
    condition.runtime = QStringLiteral("atomnet-1");
    condition.kernelVersion = QStringLiteral("1-00000001");
    return condition;
}

AtomKey pointwise(int channels)
{
    AtomKey key;
    key.kind = AtomKind::Pointwise;
    key.act = KeyAct::None;
    key.inC = channels;
    key.outC = 8;
    key.variant = 2;
    return key;
}

Sample sample(int channels, qint64 value)
{
    return {pointwise(channels), value, SampleUnit::Instructions, {}, {}, {}};
}

} // namespace

class TestShippedAtomDb : public QObject
{
    Q_OBJECT

    std::unique_ptr<QTemporaryDir> m_folder;

    [[nodiscard]] QString path(const char *name) const
    {
        return m_folder->filePath(QLatin1String(name));
    }
    [[nodiscard]] QString own() const { return AtomDb::defaultPath(); }

    /// What ships from now on: one operator for each of these channels.
    void ship(const std::vector<int> &channels) const
    {
        const QString csv = path("ship.csv"), measured = path("measured.sqlite");
        QFile::remove(measured);
        std::vector<Sample> samples;
        for (const int c : channels)
            samples.push_back(sample(c, 100 * c));
        AtomDb db = valueOf(AtomDb::open(measured));
        valueOf(db.addSamples(qemu(), QStringLiteral("qemu-m7"), samples));
        valueOf(db.exportCsv(csv));
        QCOMPARE(valueOf(makeShippedAtomDb(csv, path("ships.sqlite"))), qint64(channels.size()));
        qputenv("ATOMNET_SHIPPED_ATOMDB", path("ships.sqlite").toUtf8());
    }

    static qint64 samplesOf(const AtomDb &db) { return valueOf(db.info()).samples; }
    static int versionsIn(const AtomDb &db)
    {
        int versions = 0;
        for (const SourceInfo &source : valueOf(db.info()).sources)
            versions += source.name == QLatin1String("AtomDB that ships with the designer");
        return versions;
    }

private Q_SLOTS:
    void init()
    {
        m_folder = std::make_unique<QTemporaryDir>();
        qputenv("XDG_DATA_HOME", m_folder->path().toUtf8());
        QVERIFY(own().startsWith(m_folder->path()));
        ship({8, 16, 24});
    }

    void anOwnDatabaseStartsWithWhatShips()
    {
        QCOMPARE(shippedAtomDb(), path("ships.sqlite"));
        const AtomDb db = valueOf(openAtomDb(own()));
        QCOMPARE(samplesOf(db), qint64(3));
        QCOMPARE(versionsIn(db), 1);
        const AtomTable table =
            valueOf(db.table(QStringLiteral("qemu-m7"), QStringLiteral("atomnet-1")));
        QVERIFY(table.condition() == qemu());
        QCOMPARE(table.unit(), SampleUnit::Instructions);
        QCOMPARE(table.find(pointwise(16))->median, qint64(1600));
        QCOMPARE(table.find(pointwise(16))->count, 1u);
    }

    void openingAgainChangesNothing()
    {
        valueOf(openAtomDb(own()));
        const AtomDb db = valueOf(openAtomDb(own()));
        QCOMPARE(samplesOf(db), qint64(3));
        QCOMPARE(versionsIn(db), 1);
    }

    void aNewVersionIsTakenOverOnceBesideTheUsersSamples()
    {
        {
            AtomDb db = valueOf(openAtomDb(own()));
            QCOMPARE(valueOf(db.addSamples(qemu(), QStringLiteral("mine"),
                                           {sample(8, 777), sample(40, 888)})),
                     qint64(2));
        }
        ship({16, 24, 32});
        for (int again = 0; again < 2; ++again) {
            const AtomDb db = valueOf(openAtomDb(own()));
            QCOMPARE(samplesOf(db), qint64(3 + 2 + 1));
            QCOMPARE(versionsIn(db), 2);
            const AtomTable table =
                valueOf(db.table(QStringLiteral("qemu-m7"), QStringLiteral("atomnet-1")));
            QCOMPARE(table.find(pointwise(8))->count, 2u);
            QCOMPARE(table.find(pointwise(16))->count, 1u);
            QCOMPARE(table.find(pointwise(32))->median, qint64(3200));
            QCOMPARE(table.find(pointwise(40))->median, qint64(888));
        }
    }

    void whatTheUserHadAlreadyIsNoDuplicate()
    {
        {
            AtomDb db = valueOf(AtomDb::open(own()));
            valueOf(db.importCsv(path("ship.csv"), AtomDb::xCubeAiH743()));
        }
        const AtomDb db = valueOf(openAtomDb(own()));
        QCOMPARE(samplesOf(db), qint64(3));
        QCOMPARE(versionsIn(db), 1);
    }

    void toReadAloneWhatShipsWillDo()
    {
        const AtomDb db = valueOf(openAtomDb(own(), AtomDb::Mode::ReadOnly));
        QCOMPARE(samplesOf(db), qint64(3));
        QVERIFY2(!QFileInfo::exists(own()), "reading must not make files in the user's folder");
    }

    void readingAnOwnOneBringsItUpToDate()
    {
        valueOf(openAtomDb(own()));
        ship({8, 48});
        QCOMPARE(samplesOf(valueOf(openAtomDb(own(), AtomDb::Mode::ReadOnly))), qint64(4));
    }

    void whereItCannotBeWrittenTheOwnOneIsReadAsItIs()
    {
        {
            AtomDb db = valueOf(AtomDb::open(own()));
            valueOf(db.addSamples(qemu(), QStringLiteral("mine"), {sample(8, 777)}));
        }
        const QString folder = QFileInfo(own()).absolutePath();
        const auto before = QFile::permissions(folder);
        QVERIFY(QFile::setPermissions(own(), QFileDevice::ReadOwner));
        QVERIFY(QFile::setPermissions(folder, QFileDevice::ReadOwner | QFileDevice::ExeOwner));
        const bool readOnly = !QFileInfo(own()).isWritable(); // root may write everywhere
        {
            const auto db = openAtomDb(own(), AtomDb::Mode::ReadOnly);
            QVERIFY(db);
            QCOMPARE(samplesOf(*db), readOnly ? qint64(1) : qint64(4));
        }
        QVERIFY(QFile::setPermissions(folder, before));
    }

    void otherFilesAreOpenedAsTheyAre()
    {
        QCOMPARE(samplesOf(valueOf(openAtomDb(path("other.sqlite")))), qint64(0));
    }

    void withoutOneNothingIsTakenOver()
    {
        qputenv("ATOMNET_SHIPPED_ATOMDB", "");
        QVERIFY(shippedAtomDb().isEmpty());
        QCOMPARE(samplesOf(valueOf(openAtomDb(own()))), qint64(0));
        QVERIFY(openAtomDb(own(), AtomDb::Mode::ReadOnly));
    }

    void aDamagedOneIsToldAndChangesNothing()
    {
        {
            AtomDb db = valueOf(AtomDb::open(own()));
            valueOf(db.addSamples(qemu(), QStringLiteral("mine"), {sample(8, 777)}));
        }
        QFile ships(path("ships.sqlite"));
        QVERIFY(ships.resize(ships.size() / 2));
        const auto db = openAtomDb(own());
        QVERIFY(!db);
        QVERIFY2(db.error().message().contains(QStringLiteral("ships.sqlite")),
                 qPrintable(db.error().message()));
        QCOMPARE(samplesOf(valueOf(AtomDb::open(own()))), qint64(1));
        QCOMPARE(samplesOf(valueOf(openAtomDb(own(), AtomDb::Mode::ReadOnly))), qint64(1));
    }

    void aUsersDatabaseIsNotTakenForOneThatShips()
    {
        AtomDb mine = valueOf(AtomDb::open(path("mine.sqlite")));
        valueOf(mine.addSamples(qemu(), QStringLiteral("mine"), {sample(8, 777)}));
        AtomDb db = valueOf(AtomDb::open(own()));
        const auto taken = db.takeOverShipped(path("mine.sqlite"));
        QVERIFY(!taken);
        QVERIFY(taken.error().code == ErrorCode::BadInput);
    }

    void onlyWholeExportsShip_data()
    {
        QTest::addColumn<QByteArray>("csv");
        QTest::newRow("another format") << QByteArray("config,c_in\n1,2\n");
        QTest::newRow("a line that cannot be") << QByteArray();
    }
    void onlyWholeExportsShip()
    {
        QFETCH(QByteArray, csv);
        if (csv.isEmpty()) {
            QFile good(path("ship.csv"));
            QVERIFY(good.open(QIODevice::ReadOnly));
            csv = good.readAll().replace(",1600,", ",-1600,");
        }
        QFile bad(path("bad.csv"));
        QVERIFY(bad.open(QIODevice::WriteOnly) && bad.write(csv) == csv.size());
        bad.close();
        const auto made = makeShippedAtomDb(path("bad.csv"), path("bad.sqlite"));
        QVERIFY(!made);
        QVERIFY(made.error().code == ErrorCode::BadInput);
    }
};

QTEST_GUILESS_MAIN(TestShippedAtomDb)
#include "tst_shipped_atomdb.moc"
