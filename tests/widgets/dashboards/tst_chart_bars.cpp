#include "tests/support/sample_report.h"
#include "widgets/dashboards/chart_bars.h"

#include <QTest>

#include <algorithm>

using namespace atomnet;

class TestChartBars : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void memoryBarsAreTheLayersParts()
    {
        const Report report = sampleReport();
        const ChartBars bars = toMemoryBars(report);
        QCOMPARE(bars.layers(), 20);
        QCOMPARE(bars.parts.size(), memoryPartCount);
        for (int i = 0; i < 20; ++i) {
            const SramParts &sram = report.layers[std::size_t(i)].sram;
            QCOMPARE(bars.parts[0][i] * 1024, double(sram.input));
            QCOMPARE(bars.parts[1][i] * 1024, double(sram.output));
            QCOMPARE(bars.parts[2][i] * 1024, double(sram.held));
            QCOMPARE(bars.parts[3][i] * 1024, double(sram.pad));
            QCOMPARE(bars.parts[4][i] * 1024, double(sram.scratch));
            QCOMPARE(bars.total(i) * 1024, double(sram.total()));
        }
        QCOMPARE(bars.unit, QStringLiteral("KiB"));
    }

    void memoryBarsHoldLimitReserveAndInterval()
    {
        const Report report = sampleReport();
        const ChartBars bars = toMemoryBars(report);
        QCOMPARE(bars.limit, std::optional<double>(512));
        QCOMPARE(bars.available, std::optional<double>(448));
        QCOMPARE(bars.peak, report.peak.layer);
        QCOMPARE(bars.whiskers.size(), 1);
        QCOMPARE(bars.whiskers[0].layer, report.peak.layer);
        QCOMPARE(bars.whiskers[0].high * 1024, double(report.sram.high));
        QVERIFY(bars.top >= 512); // the limit is always inside the plot
    }

    void upperBoundOverTheLimitIsInside()
    {
        Report report = sampleReport();
        report.sram.high = 700 * 1024;
        QCOMPARE(toMemoryBars(report).top, 700.0);
    }

    void virtualBoardHasNoLimit()
    {
        Report report = sampleReport();
        report.sram.fit = report.flash.fit = Fit::NoLimit;
        QVERIFY(!toMemoryBars(report).limit);
        QVERIFY(!toFlashBars(report).limit);
        QVERIFY(toMemoryBars(report).top < 512);
    }

    void exactTotalHasNoWhisker()
    {
        Report report = sampleReport();
        report.sram.low = report.sram.high = report.sram.value;
        QVERIFY(toMemoryBars(report).whiskers.isEmpty());
    }

    void flashBarsAddUp()
    {
        const Report report = sampleReport();
        const ChartBars bars = toFlashBars(report);
        for (int i = 0; i < bars.layers(); ++i) {
            const Layer &layer = report.layers[std::size_t(i)];
            QCOMPARE(bars.total(i) * 1024, double(layer.flashCumulativeBytes));
            QCOMPARE(bars.parts[2][i] * 1024, double(layer.flashBytes));
            if (i > 0) QVERIFY(bars.total(i) > bars.total(i - 1));
        }
        QCOMPARE(bars.total(19) * 1024, double(report.flash.value));
    }

    void latencyBarsKeepSourcesApart()
    {
        const Report report = sampleReport();
        const ChartBars bars = toLatencyBars(report);
        QCOMPARE(bars.unit, QStringLiteral("ms"));
        for (int i = 0; i < bars.layers(); ++i) {
            const Latency &latency = report.layers[std::size_t(i)].latency;
            const double ms = double(latency.value) / 1e6;
            QCOMPARE(bars.parts[0][i], latency.source == Source::Measured ? ms : 0.0);
            QCOMPARE(bars.parts[1][i], latency.source == Source::Estimated ? ms : 0.0);
            QCOMPARE(bars.missing.contains(i), latency.source == Source::Missing);
        }
        QCOMPARE(bars.missing.size(), report.missingLayers);
        QCOMPARE(bars.whiskers.size(), report.measuredLayers + report.estimatedLayers);
        for (const Whisker &whisker : bars.whiskers)
            QVERIFY(whisker.high <= bars.top);
    }

    void latencyUnitFitsTheFigures_data()
    {
        QTest::addColumn<TimeUnit>("unit");
        QTest::addColumn<qint64>("largest");
        QTest::addColumn<QString>("name");
        QTest::addColumn<double>("size");
        QTest::newRow("milliseconds")
            << TimeUnit::Nanoseconds << qint64(2'000'000) << QStringLiteral("ms") << 1e6;
        QTest::newRow("microseconds")
            << TimeUnit::Nanoseconds << qint64(999'000) << QStringLiteral("\u00b5s") << 1e3;
        QTest::newRow("nanoseconds")
            << TimeUnit::Nanoseconds << qint64(90) << QStringLiteral("ns") << 1.0;
        QTest::newRow("no clock") << TimeUnit::Instructions << qint64(7'000'000)
                                  << QStringLiteral("M instructions") << 1e6;
        QTest::newRow("nothing") << TimeUnit::Instructions << qint64(0)
                                 << QStringLiteral("instructions") << 1.0;
    }
    void latencyUnitFitsTheFigures()
    {
        QFETCH(TimeUnit, unit);
        QFETCH(qint64, largest);
        QFETCH(QString, name);
        QFETCH(double, size);
        Report report = sampleReport();
        report.unit = unit;
        for (Layer &layer : report.layers)
            layer.latency = {largest, largest, largest, Source::Measured, 1, false};
        const ChartBars bars = toLatencyBars(report);
        QCOMPARE(bars.unit, name);
        QCOMPARE(bars.unitSize, size);
        QCOMPARE(bars.parts[0][0], double(largest) / size);
        QVERIFY(bars.whiskers.isEmpty()); // closed to a point
    }

    void emptyReportGivesNoBars()
    {
        const Report report;
        QCOMPARE(toMemoryBars(report).layers(), 0);
        QCOMPARE(toFlashBars(report).layers(), 0);
        QCOMPARE(toLatencyBars(report).layers(), 0);
    }

    void ghostsStandWhereFiguresDiffer()
    {
        const Report before = sampleReport();
        Report now = before;
        now.layers[5].sram.output += 4096;
        const QList<Ghost> ghosts = toGhosts(now, toMemoryBars(now), before, toMemoryBars(before));
        QCOMPARE(ghosts.size(), 1);
        QCOMPARE(ghosts[0].layer, 5);
        QCOMPARE(ghosts[0].value * 1024, double(before.layers[5].sram.total()));
    }

    void ghostsFollowTheirBlockWhenOneIsInserted()
    {
        const Report before = sampleReport();
        Report now = before;
        std::vector<Layer> inserted(before.layers.begin(), before.layers.begin() + 4);
        for (Layer &layer : inserted)
            layer.atom.blockId = BlockId{99};
        now.layers.insert(now.layers.begin() + 4, inserted.begin(), inserted.end());
        QVERIFY(toGhosts(now, toMemoryBars(now), before, toMemoryBars(before)).isEmpty());
        now.layers[9].sram.input += 1024; // was layer 5
        const QList<Ghost> ghosts = toGhosts(now, toMemoryBars(now), before, toMemoryBars(before));
        QCOMPARE(ghosts.size(), 1);
        QCOMPARE(ghosts[0].layer, 9);
        QCOMPARE(ghosts[0].value * 1024, double(before.layers[5].sram.total()));
    }

    void ghostsAreInTheNewUnit()
    {
        Report before = sampleReport(), now = sampleReport();
        for (Layer &layer : before.layers)
            layer.latency = {2'000'000, 2'000'000, 2'000'000, Source::Measured, 1, false};
        for (Layer &layer : now.layers)
            layer.latency = {500'000, 500'000, 500'000, Source::Measured, 1, false};
        const QList<Ghost> ghosts =
            toGhosts(now, toLatencyBars(now), before, toLatencyBars(before));
        QCOMPARE(ghosts.size(), 20);
        QCOMPARE(ghosts[0].value, 2000.0); // microseconds, as the new chart is
    }
};

QTEST_APPLESS_MAIN(TestChartBars)
#include "tst_chart_bars.moc"
