#include "core/analysis/analyze.h"
#include "core/atomdb/atom_db.h"
#include "core/model/presets.h"

#include <QTemporaryDir>
#include <QtTest>

#include <cmath>

using namespace atomnet;

// The authors' measurements, where they lie beside the checkout; the project does not contain them.
namespace
{

const QString dataFolder = QStringLiteral(ATOMNET_SOURCE_DIR "/../shared/atomdb/");

} // namespace

class TestPublished : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void reportedLatencyIsReproduced_data();
    void reportedLatencyIsReproduced();
    void unseenKernelWidensTheTotal();

private:
    QTemporaryDir m_folder;
    Knowledge m_knowledge;
    Target m_target;
};

void TestPublished::initTestCase()
{
    if (!QFile::exists(dataFolder + QStringLiteral("atomdb.csv")))
        QSKIP("the authors' AtomDB files are not beside the checkout");
    const auto board = boardById(QStringLiteral("stm32h743"));
    QVERIFY(board);
    m_target = {*board, Runtime::XCubeAi72, 0, 0};

    auto db = AtomDb::open(m_folder.filePath(QStringLiteral("atomdb.sqlite")));
    QVERIFY2(db, db ? "" : qPrintable(db.error().message()));
    for (const QString &file : {QStringLiteral("atomdb.csv"), QStringLiteral("atomdb_se.csv")}) {
        const auto imported = db->importCsv(dataFolder + file, AtomDb::xCubeAiH743());
        QVERIFY2(imported, imported ? "" : qPrintable(imported.error().message()));
    }
    auto table = db->table(m_target.board.id, runtimeId(m_target.runtime));
    QVERIFY2(table, table ? "" : qPrintable(table.error().message()));
    m_knowledge.table = std::make_shared<const AtomTable>(*std::move(table));
    m_knowledge.model = shippedLatencyModel(m_target.board.id, runtimeId(m_target.runtime));
    QVERIFY(m_knowledge.model);
}

void TestPublished::reportedLatencyIsReproduced_data()
{
    QTest::addColumn<QString>("id");
    QTest::addColumn<double>("reportedMs");
    QTest::newRow("AtomNet-256KB") << "atomnet-256kb" << 275.0;
    QTest::newRow("AtomNet-320KB") << "atomnet-320kb" << 352.0;
}

void TestPublished::reportedLatencyIsReproduced()
{
    QFETCH(QString, id);
    QFETCH(double, reportedMs);
    const Preset *preset = presetById(id);
    QVERIFY(preset);
    const auto report = analyze(preset->network, m_target, m_knowledge);
    QVERIFY(report);
    const double ms = double(report->latency.value) / 1e6;
    qInfo("%s: %.1f ms (%.1f to %.1f), %.1f %% measured; %d measured, %d estimated, %d missing",
          qPrintable(id), ms, double(report->latency.low) / 1e6,
          double(report->latency.high.value_or(0)) / 1e6, report->measuredShare * 100,
          report->measuredLayers, report->estimatedLayers, report->missingLayers);
    QVERIFY(std::abs(ms / reportedMs - 1) <= 0.02);
    QVERIFY(report->measuredShare > 0.95);
    QCOMPARE(report->clockHz, qint64(400'000'000));
    QCOMPARE(report->missingLayers, 0);
    QVERIFY(double(report->latency.low) / 1e6 <= reportedMs);
    QVERIFY(double(*report->latency.high) / 1e6 >= reportedMs);
}

void TestPublished::unseenKernelWidensTheTotal()
{
    Network network = presetById(QStringLiteral("atomnet-256kb"))->network;
    const auto before = analyze(network, m_target, m_knowledge);
    QVERIFY(before);
    network.stages[2].blocks[0].kernel = 5;
    const auto after = analyze(network, m_target, m_knowledge);
    QVERIFY(after);
    QVERIFY(after->latency.extrapolated);
    QVERIFY(after->estimatedLayers > before->estimatedLayers);
    QVERIFY(*after->latency.high - after->latency.low >
            *before->latency.high - before->latency.low);
}

QTEST_GUILESS_MAIN(TestPublished)
#include "tst_published.moc"
