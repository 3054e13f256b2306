#include "core/analysis/knowledge.h"
#include "core/atomdb/shipped_atomdb.h"
#include "core/lowering/lower.h"
#include "core/measuring/space_operators.h"
#include "core/model/presets.h"

#include <QTemporaryDir>
#include <QTest>

using namespace atomnet;

// The AtomDB that ships: complete, of the kernels of this source tree, and what analyses make of
// it.
class TestShippedRows : public QObject
{
    Q_OBJECT

    const QString m_csv = QStringLiteral(ATOMNET_SOURCE_DIR "/resources/atomdb/atomnet-1.csv");
    QTemporaryDir m_folder;
    std::optional<AtomDb> m_db; ///< made from the CSV

    static void boards()
    {
        QTest::addColumn<QString>("board");
        QTest::newRow("M4") << "qemu-m4";
        QTest::newRow("M7") << "qemu-m7";
    }

private Q_SLOTS:
    void initTestCase()
    {
        const QString path = m_folder.filePath(QStringLiteral("ships.sqlite"));
        const auto made = makeShippedAtomDb(m_csv, path);
        QVERIFY2(made, made ? "" : qPrintable(made.error().message()));
        auto db = AtomDb::open(path);
        QVERIFY(db);
        m_db = std::move(*db);
    }

    void theyAreOfTheKernelsInThisTree()
    {
        const auto conditions = m_db->conditions();
        QVERIFY(conditions);
        QCOMPARE(conditions->size(), std::size_t(2));
        for (const ConditionInfo &info : *conditions) {
            QVERIFY2(
                info.condition.kernelVersion == kernelVersion(Runtime::AtomNet1),
                qPrintable(
                    QStringLiteral("resources/atomdb/atomnet-1.csv holds kernels %1, these are "
                                   "%2: run atomnet-designer db rebuild -o "
                                   "resources/atomdb/atomnet-1.csv, then db fit for both models")
                        .arg(info.condition.kernelVersion, kernelVersion(Runtime::AtomNet1))));
            QCOMPARE(info.condition.runtime, QStringLiteral("atomnet-1"));
            QCOMPARE(info.unit, SampleUnit::Instructions);
            QCOMPARE(info.keys, info.samples);
        }
    }

    void everyOperatorOfTheSpaceIsThere_data() { boards(); }
    void everyOperatorOfTheSpaceIsThere()
    {
        QFETCH(QString, board);
        const auto table =
            m_db->table(board, QStringLiteral("atomnet-1"), kernelVersion(Runtime::AtomNet1));
        QVERIFY(table);
        const std::vector<AtomKey> keys = shippedOperators();
        QCOMPARE(table->rows().size(), keys.size());
        for (const AtomKey &key : keys)
            QVERIFY2(table->findExact(key), qPrintable(describe(key)));
    }

    void presetsAreMeasuredOnVirtualBoardsAndEstimatedOnRealOnes()
    {
        for (const Board &board : atomnet::boards()) {
            const auto knowledge = knowledgeFrom(*m_db, board, Runtime::AtomNet1);
            QVERIFY(knowledge);
            for (const Preset &preset : presets()) {
                const auto report =
                    analyze(preset.network, {board, Runtime::AtomNet1, 0, 0}, *knowledge);
                QVERIFY(report);
                QCOMPARE(report->missingLayers, 0);
                QCOMPARE(report->measuredLayers, board.isVirtual ? int(report->layers.size()) : 0);
                QCOMPARE(report->instructionLayers,
                         board.isVirtual ? 0 : int(report->layers.size()));
            }
        }
    }

    /// The model that ships is fitted on these very rows.
    void theModelsThatShipAreFittedOnThem_data() { boards(); }
    void theModelsThatShipAreFittedOnThem()
    {
        QFETCH(QString, board);
        const auto table =
            m_db->table(board, QStringLiteral("atomnet-1"), kernelVersion(Runtime::AtomNet1));
        QVERIFY(table);
        const auto model = shippedLatencyModel(board, QStringLiteral("atomnet-1"));
        QVERIFY(model);
        QCOMPARE(model->unit, SampleUnit::Instructions);
        for (const KindModel &kind : model->kinds)
            QVERIFY2(kind.cvMeanError < 0.08, qPrintable(toString(kind.kind)));
        // Fitting again gives equal bytes; slow where sanitizers watch, so few rows stand for all:
        // estimates of measured operators lie in their interval nine times of ten.
        int inside = 0, all = 0;
        for (const AtomTable::Row &row : table->rows()) {
            if (++all % 4 != 0) continue;
            const auto estimated = estimate(*model, row.key);
            QVERIFY(estimated);
            inside += estimated->low <= row.stats.median && row.stats.median <= estimated->high;
        }
        QVERIFY2(inside * 100 >= 85 * (all / 4), qPrintable(QString::number(inside)));
    }
};

QTEST_GUILESS_MAIN(TestShippedRows)
#include "tst_shipped_rows.moc"
