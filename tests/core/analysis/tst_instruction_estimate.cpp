#include "core/analysis/instruction_estimate.h"

#include "core/analysis/knowledge.h"
#include "core/analysis/report_text.h"
#include "core/lowering/lower.h"
#include "core/model/presets.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTemporaryDir>
#include <QTest>

using namespace atomnet;

namespace
{

template <class T>
T valueOf(Result<T> result)
{
    if (!result) qFatal("%s", qPrintable(result.error().message()));
    return *std::move(result);
}

Board board(const char *id)
{
    return valueOf(boardById(QLatin1String(id)));
}

Network smallNetwork()
{
    Block conv;
    conv.type = BlockType::Conv;
    conv.out = 8;
    conv.stride = 2;
    Block sep;
    sep.type = BlockType::Sep;
    sep.out = 16;
    Network n;
    n.input = {32, 32, 3};
    n.stages.push_back({{}, QStringLiteral("s1"), {conv, sep}, {}});
    n.head.classes = 10;
    assignIds(n);
    return n; // conv, dw, pw, pool, classifier
}

RunCondition condition(const QString &boardId, qint64 clockHz = 0,
                       const QString &kernels = kernelVersion(Runtime::AtomNet1))
{
    RunCondition c;
    c.board = boardId;
    c.runtime = QStringLiteral("atomnet-1");
    c.clockHz = clockHz;
    c.kernelVersion = kernels;
    return c;
}

std::vector<AtomKey> keysOf(const Network &network)
{
    std::vector<AtomKey> keys;
    for (const Atom &atom : valueOf(lower(network, Runtime::AtomNet1)).atoms)
        keys.push_back(atom.key);
    return keys;
}

/// The first `count` operators, `value` each.
std::shared_ptr<const AtomTable> table(const RunCondition &c, SampleUnit unit, std::size_t count,
                                       qint64 value)
{
    std::vector<AtomTable::Row> rows;
    for (const AtomKey &key : keysOf(smallNetwork()))
        if (rows.size() < count) rows.push_back({key, {value, value, value, 1}});
    return std::make_shared<const AtomTable>(c, unit, rows);
}

Knowledge counted(std::size_t operators, qint64 instructions, const char *id = "qemu-m7")
{
    Knowledge knowledge;
    knowledge.instructions =
        table(condition(QLatin1String(id)), SampleUnit::Instructions, operators, instructions);
    return knowledge;
}

Report reportOf(const char *id, const Knowledge &knowledge, Runtime runtime = Runtime::AtomNet1)
{
    return valueOf(analyze(smallNetwork(), {board(id), runtime, 0, 0}, knowledge));
}

} // namespace

class TestInstructionEstimate : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void everyRealBoardHasACountingBoard()
    {
        for (const Board &each : boards()) {
            const Board *counting = countingBoard(each);
            if (each.isVirtual) {
                QVERIFY(!counting);
                continue;
            }
            QVERIFY2(counting, qPrintable(each.id));
            QVERIFY(counting->isVirtual);
            QCOMPARE(counting->core, each.core);
        }
        Board unknown = board("stm32h743");
        unknown.core = QStringLiteral("Cortex-M33");
        QVERIFY(!countingBoard(unknown));
    }

    void boundsAreWideAndTheTypicalValueTheirGeometricMean()
    {
        for (const char *core : {"Cortex-M4", "Cortex-M7"}) {
            const auto cycles = cyclesPerInstruction(QLatin1String(core));
            QVERIFY(cycles);
            QVERIFY(cycles->high >= 2 * cycles->low);
            QVERIFY(std::abs(cycles->typical * cycles->typical / (cycles->low * cycles->high) - 1) <
                    0.02);
        }
        QVERIFY(cyclesPerInstruction(QStringLiteral("Cortex-M4"))->low >= 1);   // single issue
        QVERIFY(cyclesPerInstruction(QStringLiteral("Cortex-M7"))->low >= 0.5); // dual issue
    }

    void instructionsBecomeTimeWithWideBounds()
    {
        const Report report = reportOf("stm32h743", counted(5, 400'000));
        QVERIFY(report.unit == TimeUnit::Nanoseconds);
        QCOMPARE(report.estimatedLayers, 5);
        QCOMPARE(report.instructionLayers, 5);
        QCOMPARE(report.measuredShare, 0.0);
        const double nsPerCycle = 1e9 / double(board("stm32h743").clockHz);
        for (const Layer &layer : report.layers) {
            QVERIFY(layer.latency.source == Source::Estimated);
            QVERIFY(layer.latency.fromInstructions && layer.latency.extrapolated);
            QCOMPARE(layer.latency.samples, 0u);
            QCOMPARE(layer.latency.value, qint64(std::llround(400'000 * 0.89 * nsPerCycle)));
            QCOMPARE(layer.latency.low, qint64(std::llround(400'000 * 0.5 * nsPerCycle)));
            QCOMPARE(*layer.latency.high, qint64(std::llround(400'000 * 1.6 * nsPerCycle)));
        }
        // One cause: no quadrature between kinds, the total is as uncertain as its parts.
        const Latency &total = report.latency, &one = report.layers[0].latency;
        QVERIFY(std::abs(double(total.low) / double(5 * one.low) - 1) < 1e-4);
        QVERIFY(std::abs(double(*total.high) / double(5 * *one.high) - 1) < 1e-4);
        QVERIFY(total.source == Source::Estimated && total.fromInstructions);
    }

    void samplesOfTheBoardItselfReplaceThem()
    {
        Knowledge knowledge = counted(5, 400'000);
        knowledge.table = table(condition(QStringLiteral("stm32h743"), 400'000'000),
                                SampleUnit::Nanoseconds, 2, 900'000);
        const Report report = reportOf("stm32h743", knowledge);
        QCOMPARE(report.measuredLayers, 2);
        QCOMPARE(report.instructionLayers, 3);
        QCOMPARE(report.layers[0].latency.value, qint64(900'000));
        QVERIFY(!report.layers[0].latency.fromInstructions);
        QVERIFY(report.layers[2].latency.fromInstructions);
        // At the clock of the samples.
        QCOMPARE(report.clockHz, qint64(400'000'000));
        QCOMPARE(report.layers[2].latency.value, qint64(890'000));
        QCOMPARE(report.measuredShare, 1'800'000.0 / double(report.latency.value));
    }

    void whatIsNotCountedStaysMissing()
    {
        const Report report = reportOf("stm32h743", counted(3, 400'000));
        QCOMPARE(report.instructionLayers, 3);
        QCOMPARE(report.missingLayers, 2);
        QVERIFY(!report.layers[4].latency.fromInstructions);
        QVERIFY(!report.latency.high);
    }

    void foreignCountsAreNoData_data()
    {
        QTest::addColumn<QString>("target");
        QTest::addColumn<QString>("counted");
        QTest::addColumn<int>("unit");
        QTest::newRow("another core") << "stm32h743"
                                      << "qemu-m4" << 1;
        QTest::newRow("another core, M4") << "stm32f412"
                                          << "qemu-m7" << 1;
        QTest::newRow("not instructions") << "stm32h743"
                                          << "qemu-m7" << 0;
        QTest::newRow("a real board") << "stm32h743"
                                      << "stm32f746" << 1;
        QTest::newRow("on the virtual board itself") << "qemu-m7"
                                                     << "qemu-m7" << 1;
    }
    void foreignCountsAreNoData()
    {
        QFETCH(QString, target);
        QFETCH(QString, counted);
        QFETCH(int, unit);
        Knowledge knowledge;
        knowledge.instructions = table(condition(counted), SampleUnit(unit), 5, 400'000);
        QCOMPARE(reportOf(qPrintable(target), knowledge).missingLayers, 5);
    }

    void anotherRuntimeTakesNone()
    {
        const Report report = reportOf("stm32h743", counted(5, 1000), Runtime::XCubeAi72);
        QCOMPARE(report.instructionLayers, 0);
    }

    void reportsSayWhereTheyComeFrom()
    {
        const Report report = reportOf("stm32f412", counted(5, 400'000, "qemu-m4"));
        const QString text = reportText(report, QStringLiteral("d"));
        QVERIFY2(text.contains(QStringLiteral("5 layers estimated from instructions")),
                 qPrintable(text));
        QVERIFY2(text.contains(QStringLiteral("from instructions\n")), qPrintable(text));
        QVERIFY(!text.contains(QStringLiteral("measured 0x")));

        const QJsonObject json =
            QJsonDocument::fromJson(reportJson(report, QStringLiteral("d"))).object();
        const QJsonObject totals = json["totals"].toObject();
        QCOMPARE(totals["from_instructions"].toBool(), true);
        QCOMPARE(totals["layers_from_instructions"].toInt(), 5);
        QCOMPARE(totals["source"].toString(), QStringLiteral("estimated"));
        QVERIFY(totals["latency_ms"].isDouble()); // time, as on every real board
        QVERIFY(!totals.contains("instructions"));
        for (const QJsonValue &layer : json["layers"].toArray())
            QCOMPARE(layer.toObject()["from_instructions"].toBool(), true);

        const QList<QByteArray> lines = reportCsv(report).trimmed().split('\n');
        QVERIFY(lines.first().endsWith(",extrapolated,from_instructions"));
        for (const QByteArray &line : lines.mid(1))
            QVERIFY(line.endsWith(",estimated,0,true,true"));
    }

    void knowledgeOfARealBoardHoldsItsCountingBoardsSamples()
    {
        const QTemporaryDir folder;
        AtomDb db = valueOf(AtomDb::open(folder.filePath(QStringLiteral("a.sqlite"))));
        const AtomKey key = keysOf(smallNetwork()).front();
        const auto add = [&](const QString &id, const QString &kernels, qint64 value) {
            valueOf(db.addSamples(condition(id, 0, kernels), QStringLiteral("test"),
                                  {{key, value, SampleUnit::Instructions, {}, {}, {}}}));
        };
        const QString now = kernelVersion(Runtime::AtomNet1);
        add(QStringLiteral("qemu-m7"), QStringLiteral("1-00000000"), 7);
        add(QStringLiteral("qemu-m7"), QStringLiteral("1-00000000"), 8); // more samples, but older
        add(QStringLiteral("qemu-m7"), now, 9);
        add(QStringLiteral("qemu-m4"), now, 10);

        const Knowledge real = valueOf(knowledgeFrom(db, board("stm32h743"), Runtime::AtomNet1));
        QVERIFY(real.table->isEmpty());
        QCOMPARE(real.instructions->condition().board, QStringLiteral("qemu-m7"));
        QCOMPARE(real.instructions->find(key)->median, qint64(9));
        QVERIFY(!valueOf(knowledgeFrom(db, board("stm32h743"), Runtime::XCubeAi72)).instructions);
        const Knowledge virt = valueOf(knowledgeFrom(db, board("qemu-m4"), Runtime::AtomNet1));
        QCOMPARE(virt.table->find(key)->median, qint64(10));
        QVERIFY(!virt.instructions);
        QCOMPARE(
            reportOf("stm32f412", valueOf(knowledgeFrom(db, board("stm32f412"), Runtime::AtomNet1)))
                    .instructionLayers > 0,
            true);
    }
};

QTEST_APPLESS_MAIN(TestInstructionEstimate)
#include "tst_instruction_estimate.moc"
