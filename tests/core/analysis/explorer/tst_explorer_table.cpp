#include "core/analysis/explorer/error_histogram.h"
#include "core/analysis/explorer/explorer_filter.h"
#include "tests/core/analysis/explorer/explorer_examples.h"

#include <QTest>

#include <cmath>
#include <functional>

using namespace atomnet;
using namespace atomnet::test;

Q_DECLARE_METATYPE(std::function<void(ExplorerFilter &)>)
Q_DECLARE_METATYPE(std::function<bool(const AtomTable::Row &)>)

class TestExplorerTable : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void columnsAreTheFiguresOfTheRows()
    {
        const ExplorerTable table(
            tableOf({{pointwiseKey(10, 16, 32), {2'000'000, 1'900'000, 2'100'000, 5}}}));
        const auto value = [&](ExplorerField field) { return double(table.column(field).front()); };
        const double macs = 100.0 * 16 * 32 + 32;
        QCOMPARE(value(ExplorerField::Latency), 2.0);
        QCOMPARE(value(ExplorerField::Speed), macs / 2);
        QCOMPARE(value(ExplorerField::Macs), macs);
        QCOMPARE(value(ExplorerField::Flash), (16.0 * 32 + 4 * 32) / 1024);
        QCOMPARE(value(ExplorerField::InBytes), 1600.0 / 1024);
        QCOMPARE(value(ExplorerField::OutBytes), 3200.0 / 1024);
        QVERIFY(std::abs(value(ExplorerField::Intensity) - macs / (1600 + 3200 + 640)) < 1e-4);
        QCOMPARE(value(ExplorerField::OutPixels), 100.0);
        QCOMPARE(value(ExplorerField::Samples), 5.0);
        QCOMPARE(value(ExplorerField::Spread), 5.0);
        QVERIFY(std::isnan(value(ExplorerField::Predicted)));
        QVERIFY(std::isnan(value(ExplorerField::PredictionError)));
    }
    void instructionsHaveFiguresOfTheirOwn()
    {
        const ExplorerTable table(tableOf({{pointwiseKey(1, 8, 8), {144, 144, 144, 1}}},
                                          QStringLiteral("qemu-m7"), QStringLiteral("atomnet-1"),
                                          SampleUnit::Instructions));
        QCOMPARE(table.column(ExplorerField::Latency).front(), 0.144F);
        QCOMPARE(table.column(ExplorerField::Speed).front(), 0.5F);
        QCOMPARE(fieldTitle(ExplorerField::Speed, table.unit()),
                 QStringLiteral("MACs per instruction"));
    }
    void whatHasNoMacsHasNoSpeed()
    {
        AtomKey pad = pointwiseKey(10, 16, 16);
        pad.kind = AtomKind::Pad;
        const ExplorerTable table(tableOf({{pad, statsOf(1000)}}));
        QVERIFY(std::isnan(table.column(ExplorerField::Speed).front()));
        QVERIFY(std::isnan(table.column(ExplorerField::Intensity).front()));
    }
    void fieldNamesLeadBack()
    {
        for (int i = 0; i < explorerFieldCount; ++i) {
            const auto field = ExplorerField(i);
            QVERIFY(explorerFieldFrom(toString(field)) == field);
            QVERIFY(!fieldTitle(field, SampleUnit::Instructions).isEmpty());
            // Shape fields need no samples.
            const double value = shapeValue(field, depthwiseKey(10, 8));
            QCOMPARE(std::isnan(value), !isShapeField(field));
        }
        QVERIFY(!explorerFieldFrom(u"no such field"));
    }
    void filtersLetThroughWhatTheySay_data()
    {
        using Set = std::function<void(ExplorerFilter &)>;
        using Holds = std::function<bool(const AtomTable::Row &)>;
        QTest::addColumn<Set>("set");
        QTest::addColumn<Holds>("holds");
        const auto row = [](const char *name, const Set &set, const Holds &holds) {
            QTest::newRow(name) << set << holds;
        };
        row(
            "all", [](auto &) {}, [](const auto &) { return true; });
        row(
            "kind", [](auto &f) { f.setKind(AtomKind::Pointwise, false); },
            [](const auto &r) { return r.key.kind != AtomKind::Pointwise; });
        row(
            "kernel",
            [](auto &f) {
                f.kernel = {3, 3};
            },
            [](const auto &r) { return r.key.kernelH == 3; });
        row(
            "map",
            [](auto &f) {
                f.mapSize = {6, 10};
            },
            [](const auto &r) { return r.key.outH >= 6 && r.key.outH <= 10; });
        row(
            "channels",
            [](auto &f) {
                f.inChannels = {32, 1000};
                f.outChannels.high = 64;
            },
            [](const auto &r) { return r.key.inC >= 32 && r.key.outC <= 64; });
        row(
            "samples", [](auto &f) { f.samples.low = 2; },
            [](const auto &r) { return r.stats.count >= 2; });
        row(
            "stride", [](auto &f) { f.stride.low = 2; },
            [](const auto &r) { return r.key.strideH >= 2; });
        row(
            "activation", [](auto &f) { f.setAct(KeyAct::Unknown, false); },
            [](const auto &r) { return r.key.act != KeyAct::Unknown; });
    }
    void filtersLetThroughWhatTheySay()
    {
        QFETCH(std::function<void(ExplorerFilter &)>, set);
        QFETCH(std::function<bool(const AtomTable::Row &)>, holds);
        const ExplorerTable table(exampleTable());
        ExplorerFilter filter;
        set(filter);
        const RowMask mask = filterRows(table, filter);
        quint32 count = 0;
        for (quint32 i = 0; i < table.size(); ++i) {
            QCOMPARE(bool(mask.shown[i]), holds(table.row(i)));
            count += mask.shown[i];
        }
        QCOMPARE(mask.count, count);
    }
    void predictionsAndTheirErrorsComeByKind()
    {
        const auto atoms = exampleTable();
        ExplorerTable table(atoms);
        std::vector<float> predicted;
        for (const AtomTable::Row &row : atoms->rows()) // 5 % above; 19 % below
            predicted.push_back(float(double(row.stats.median) / 1e6) *
                                (row.key.kind == AtomKind::Pointwise ? 1.05F : 0.81F));
        predicted.back() = std::numeric_limits<float>::quiet_NaN();
        table.setPredictions(std::make_shared<const LatencyModel>(), predicted);
        const ErrorHistogram histogram = errorHistogram(table, filterRows(table, {}), 20);
        QCOMPARE(histogram.limit, 20.0);
        QCOMPARE(histogram.kinds.size(), std::size_t(2));
        const auto &depthwise = histogram.kinds[0], &pointwise = histogram.kinds[1];
        QVERIFY(depthwise.kind == AtomKind::Depthwise);
        QCOMPARE(depthwise.rows, 8U);
        QCOMPARE(depthwise.unpredicted, 1U);
        QVERIFY(std::abs(depthwise.meanError - 19) < 0.01);
        QCOMPARE(depthwise.withinTen, 0.0);
        QCOMPARE(depthwise.bins[0], 8U); // 20 bins of 2 %
        QCOMPARE(pointwise.rows, 9U);
        QVERIFY(std::abs(pointwise.medianError - 5) < 0.01);
        QCOMPARE(pointwise.withinTen, 1.0);
        QCOMPARE(pointwise.bins[12], 9U);
    }
    void predictingIsEstimatingEachRow()
    {
        const auto model =
            shippedLatencyModel(QStringLiteral("stm32h743"), QStringLiteral("x-cube-ai-7.2"));
        QVERIFY(model);
        const auto atoms = exampleTable();
        const std::vector<float> predicted = predict(*atoms, *model);
        QCOMPARE(predicted.size(), atoms->rows().size());
        for (std::size_t i = 0; i < predicted.size(); ++i)
            QCOMPARE(predicted[i],
                     float(double(estimate(*model, atoms->rows()[i].key)->value) / 1e6));
        RunControl cancelled;
        cancelled.isCancelled = [] { return true; };
        QVERIFY(predict(*atoms, *model, cancelled).empty());
        LatencyModel other = *model; // figures of another unit say nothing here
        other.unit = SampleUnit::Instructions;
        QVERIFY(std::isnan(predict(*atoms, other).front()));
    }
};

QTEST_GUILESS_MAIN(TestExplorerTable)
#include "tst_explorer_table.moc"
