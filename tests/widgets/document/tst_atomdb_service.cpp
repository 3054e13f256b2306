#include "widgets/document/atomdb_service.h"

#include <QFile>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

using namespace atomnet;

namespace
{
/// A file like the authors': `rows` different pointwise convolutions.
QString writeCsv(const QTemporaryDir &folder, const QString &name, int rows)
{
    const QString path = folder.filePath(name);
    QFile file(path);
    if (!file.open(QIODevice::WriteOnly)) return {};
    file.write("type,conv_type,groups,c_in,h_in,w_in,k1,k2,c_out,h_out,w_out,MACs,Flash,latency,"
               "MACs/latency\n");
    for (int row = 0; row < rows; ++row) {
        const int in = 8 + row % 200, out = 8 + row / 200;
        const int macs = 9 * in * out + out, flash = in * out + 4 * out;
        file.write(QStringLiteral("conv2d,PointWise,1,%1,3,3,1,1,%2,3,3,%3,%4,%5,\n")
                       .arg(in)
                       .arg(out)
                       .arg(macs)
                       .arg(flash)
                       .arg(macs / 300000.0, 0, 'f', 3)
                       .toUtf8());
    }
    return path;
}

const QString board = QStringLiteral("stm32h743"), runtime = QStringLiteral("x-cube-ai-7.2");
} // namespace

class TestAtomDbService : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init()
    {
        m_folder = std::make_unique<QTemporaryDir>();
        m_service = std::make_unique<AtomDbService>();
    }
    void cleanup()
    {
        m_service.reset();
        m_folder.reset();
    }
    void openingTellsWhatIsInIt()
    {
        QSignalSpy info(m_service.get(), &AtomDbService::infoReady);
        QSignalSpy finished(m_service.get(), &AtomDbService::finished);
        m_service->open(database());
        QVERIFY(m_service->busy());
        QVERIFY(finished.wait());
        QVERIFY(!m_service->busy());
        QCOMPARE(info.size(), 1);
        QCOMPARE(info[0][0].value<DbInfo>().samples, qint64(0));
        QCOMPARE(m_service->path(), database());
    }
    void anImportGivesReportInfoAndTable()
    {
        QSignalSpy tables(m_service.get(), &AtomDbService::tableReady);
        QSignalSpy infos(m_service.get(), &AtomDbService::infoReady);
        QSignalSpy imports(m_service.get(), &AtomDbService::importFinished);
        QSignalSpy progress(m_service.get(), &AtomDbService::progress);
        m_service->open(database());
        m_service->loadTable(board, runtime);
        m_service->importCsv({writeCsv(*m_folder, QStringLiteral("a.csv"), 300),
                              writeCsv(*m_folder, QStringLiteral("b.csv"), 500)});
        QTRY_COMPARE(imports.size(), 1);
        const auto reports = imports[0][0].value<std::vector<ImportReport>>();
        QCOMPARE(reports.size(), std::size_t(2));
        QCOMPARE(reports[0].added, qint64(300));
        QVERIFY(tables.size() >= 2); // empty first, then with what was imported
        using TablePtr = std::shared_ptr<const AtomTable>;
        QVERIFY(tables[0][0].value<TablePtr>()->isEmpty());
        QCOMPARE(tables[1][0].value<TablePtr>()->rows().size(), std::size_t(500));
        QCOMPARE(infos.last()[0].value<DbInfo>().keys, qint64(500));
        QVERIFY(!progress.isEmpty());
        QCOMPARE(progress[0][0].toString(), QStringLiteral("Importing a.csv"));
        double last = 0;
        for (const auto &step : progress) {
            if (step[0].toString().startsWith(QStringLiteral("Fitting"))) break;
            QVERIFY(step[1].toDouble() >= last && step[1].toDouble() <= 1);
            last = step[1].toDouble();
        }
    }
    void aRealBoardsTableComesWithTheInstructionsOfItsCore()
    {
        const QString other = QStringLiteral("atomnet-1");
        AtomKey key;
        key.kind = AtomKind::Pointwise;
        key.act = KeyAct::None;
        {
            RunCondition condition;
            condition.board = QStringLiteral("qemu-m7");
            condition.runtime = other;
            auto db = AtomDb::open(database());
            QVERIFY(db);
            QVERIFY(db->addSamples(condition, QStringLiteral("test"),
                                   {{key, 55, SampleUnit::Instructions, {}, {}, {}}}));
        }
        QSignalSpy tables(m_service.get(), &AtomDbService::tableReady);
        m_service->open(database());
        m_service->loadTable(board, other);
        m_service->loadTable(QStringLiteral("qemu-m7"), other);
        m_service->loadTable(board, runtime);
        QTRY_COMPARE(tables.size(), 3);
        using TablePtr = std::shared_ptr<const AtomTable>;
        QVERIFY(tables[0][0].value<TablePtr>()->isEmpty());
        QCOMPARE(tables[0][1].value<TablePtr>()->find(key)->median, qint64(55));
        QCOMPARE(tables[1][0].value<TablePtr>()->find(key)->median, qint64(55));
        QVERIFY(!tables[1][1].value<TablePtr>());
        QVERIFY(!tables[2][1].value<TablePtr>()); // another runtime's
    }
    void whatFailsSaysWhyAndEnds()
    {
        QSignalSpy failed(m_service.get(), &AtomDbService::failed);
        QSignalSpy finished(m_service.get(), &AtomDbService::finished);
        m_service->importCsv({QStringLiteral("/nonexistent.csv")}); // nothing is open yet
        m_service->open(database());
        m_service->importCsv({QStringLiteral("/nonexistent.csv")});
        m_service->merge(QStringLiteral("/nonexistent.sqlite"));
        m_service->exportCsv(QStringLiteral("/nonexistent/folder/x.csv"));
        QTRY_COMPARE(finished.size(), 5);
        QCOMPARE(failed.size(), 4);
        for (const auto &failure : failed)
            QVERIFY(!failure[0].value<Error>().what.isEmpty());
        QVERIFY(!m_service->busy());
    }
    /// The snapshot comes at once with the model that ships, and again with one that was fitted on
    /// it; what is fitted is not fitted again.
    void modelsAreFittedBehindTheSnapshot()
    {
        using ModelPtr = std::shared_ptr<const LatencyModel>;
        const ModelPtr shipped = shippedLatencyModel(board, runtime);
        {
            QSignalSpy tables(m_service.get(), &AtomDbService::tableReady);
            QSignalSpy progress(m_service.get(), &AtomDbService::progress);
            m_service->open(database());
            m_service->loadTable(board, runtime);
            m_service->importCsv({writeCsv(*m_folder, QStringLiteral("a.csv"), 300)});
            QTRY_COMPARE_WITH_TIMEOUT(tables.size(), 3, 30'000);
            QTRY_VERIFY(!m_service->busy());
            QCOMPARE(tables[0][2].value<ModelPtr>(), shipped);
            QCOMPARE(tables[1][2].value<ModelPtr>(), shipped);
            const ModelPtr fitted = tables[2][2].value<ModelPtr>();
            QVERIFY(fitted && fitted != shipped);
            QCOMPARE(fitted->kind(AtomKind::Pointwise)->keys, 300);
            QVERIFY(!tables[2][3].value<ModelPtr>());
            bool said = false;
            for (const auto &step : progress)
                said = said || step[0].toString() == QStringLiteral("Fitting the latency models");
            QVERIFY(said);
        }
        m_service = std::make_unique<AtomDbService>();
        QSignalSpy tables(m_service.get(), &AtomDbService::tableReady);
        QSignalSpy finished(m_service.get(), &AtomDbService::finished);
        m_service->open(database());
        m_service->loadTable(board, runtime);
        m_service->refresh();
        QTRY_COMPARE(tables.size(), 2);
        QTRY_VERIFY(!m_service->busy());
        QCOMPARE(finished.size(), 3); // nothing was fitted behind them
        QCOMPARE(tables[0][2].value<ModelPtr>()->kind(AtomKind::Pointwise)->keys, 300);
    }
    void aCancelledFitKeepsSamplesAndModel()
    {
        using ModelPtr = std::shared_ptr<const LatencyModel>;
        QSignalSpy tables(m_service.get(), &AtomDbService::tableReady);
        QSignalSpy failed(m_service.get(), &AtomDbService::failed);
        // Cancelled as soon as the fit tells that it has begun.
        connect(m_service.get(), &AtomDbService::progress, m_service.get(),
                [service = m_service.get()](const QString &what) {
                    if (what.startsWith(QStringLiteral("Fitting"))) service->cancel();
                });
        m_service->open(database());
        m_service->loadTable(board, runtime);
        m_service->importCsv({writeCsv(*m_folder, QStringLiteral("a.csv"), 20000)});
        QTRY_VERIFY_WITH_TIMEOUT(tables.size() >= 2 && !m_service->busy(), 30'000);
        QTest::qWait(50); // a snapshot that should not come
        QCOMPARE(tables.size(), 2);
        QCOMPARE(tables[1][2].value<ModelPtr>(), shippedLatencyModel(board, runtime));
        QVERIFY(failed.isEmpty());
        auto db = AtomDb::open(database());
        QVERIFY(db);
        QCOMPARE(db->info()->samples, qint64(20000));
        QVERIFY(!*db->storedModel(1));
    }
    void aCancelledImportChangesNothing()
    {
        QSignalSpy failed(m_service.get(), &AtomDbService::failed);
        QSignalSpy imports(m_service.get(), &AtomDbService::importFinished);
        QSignalSpy infos(m_service.get(), &AtomDbService::infoReady);
        m_service->open(database());
        m_service->importCsv({writeCsv(*m_folder, QStringLiteral("a.csv"), 20000)});
        m_service->cancel();
        QTRY_COMPARE(failed.size(), 1);
        QCOMPARE(failed[0][0].value<Error>().code, ErrorCode::Cancelled);
        QVERIFY(imports.isEmpty());
        m_service->open(database()); // what is asked after a cancel runs
        QTRY_COMPARE(infos.size(), 2);
        QCOMPARE(infos[1][0].value<DbInfo>().samples, qint64(0));
    }
    void exportAndMergeAgree()
    {
        const QString csv = m_folder->filePath(QStringLiteral("out.csv"));
        QSignalSpy exports(m_service.get(), &AtomDbService::exportFinished);
        QSignalSpy merges(m_service.get(), &AtomDbService::mergeFinished);
        m_service->open(database());
        m_service->importCsv({writeCsv(*m_folder, QStringLiteral("a.csv"), 100)});
        m_service->exportCsv(csv);
        m_service->open(m_folder->filePath(QStringLiteral("other.sqlite")));
        m_service->merge(database());
        QTRY_COMPARE(merges.size(), 1);
        QCOMPARE(exports.size(), 1);
        QCOMPARE(exports[0][0].toString(), csv);
        QCOMPARE(exports[0][1].toLongLong(), qint64(100));
        QVERIFY(QFile::exists(csv));
        QCOMPARE(merges[0][0].value<MergeReport>().added, qint64(100));
    }
    void destroyingItCancelsAndJoins()
    {
        m_service->open(database());
        m_service->importCsv({writeCsv(*m_folder, QStringLiteral("a.csv"), 20000)});
        m_service.reset();
        QSignalSpy infos(&m_again, &AtomDbService::infoReady);
        m_again.open(database());
        QTRY_COMPARE(infos.size(), 1);
        QCOMPARE(infos[0][0].value<DbInfo>().samples, qint64(0));
    }

private:
    [[nodiscard]] QString database() const
    {
        return m_folder->filePath(QStringLiteral("atomdb.sqlite"));
    }
    std::unique_ptr<QTemporaryDir> m_folder;
    std::unique_ptr<AtomDbService> m_service;
    AtomDbService m_again;
};

QTEST_GUILESS_MAIN(TestAtomDbService)
#include "tst_atomdb_service.moc"
