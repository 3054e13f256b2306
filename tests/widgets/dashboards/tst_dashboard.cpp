#include "widgets/dashboards/dashboard.h"

#include "tests/support/sample_report.h"
#include "widgets/common/theme.h"
#include "widgets/dashboards/arena_dashboard.h"
#include "widgets/dashboards/flash_dashboard.h"
#include "widgets/dashboards/latency_dashboard.h"
#include "widgets/dashboards/layer_chart.h"
#include "widgets/dashboards/memory_dashboard.h"

#include <QApplication>
#include <QBarSet>
#include <QImage>
#include <QSignalSpy>
#include <QStackedBarSeries>
#include <QTest>

using namespace atomnet;

namespace
{

ReportPtr share(Report report)
{
    return std::make_shared<const Report>(std::move(report));
}

QList<QList<double>> seriesValues(const BarDashboard &dashboard)
{
    QList<QList<double>> parts;
    for (const QBarSet *set : dashboard.series().barSets()) {
        QList<double> values;
        for (int i = 0; i < set->count(); ++i)
            values.append(set->at(i));
        parts.append(values);
    }
    return parts;
}

} // namespace

class TestDashboard : public QObject
{
    Q_OBJECT
private:
    Document m_document;

private Q_SLOTS:
    void cleanup()
    {
        ThemeManager::instance().setMode(ThemeMode::System);
        m_document.selection().clear();
    }

    void fourChartsInTheOrderOfTheDocks()
    {
        QWidget window;
        QStringList ids;
        for (const Dashboard *dashboard : makeDashboards(m_document, &window)) {
            ids.append(dashboard->id());
            QVERIFY(!dashboard->title().isEmpty());
            QCOMPARE(dashboard->parentWidget(), &window);
        }
        QCOMPARE(ids, (QStringList{QStringLiteral("memory"), QStringLiteral("flash"),
                                   QStringLiteral("latency"), QStringLiteral("arena")}));
    }

    void seriesHoldTheNewFigures()
    {
        MemoryDashboard memory(m_document, nullptr);
        FlashDashboard flash(m_document, nullptr);
        LatencyDashboard latency(m_document, nullptr);
        Report report = sampleReport();
        for (int step = 0; step < 3; ++step) {
            const ReportPtr shared = share(report);
            for (BarDashboard *dashboard :
                 std::initializer_list<BarDashboard *>{&memory, &flash, &latency}) {
                dashboard->show();
                dashboard->setReport(shared);
            }
            QCOMPARE(seriesValues(memory), toMemoryBars(report).parts);
            QCOMPARE(seriesValues(flash), toFlashBars(report).parts);
            QCOMPARE(seriesValues(latency), toLatencyBars(report).parts);
            report.layers[3].sram.output += 2048; // one bar of memory, all of Flash
            for (std::size_t i = 3; i < report.layers.size(); ++i)
                report.layers[i].flashCumulativeBytes += 512;
            report.layers[3].flashBytes += 512;
            report.layers[3].latency.value += 70'000;
        }
    }

    void hiddenChartWaitsUntilItIsShown()
    {
        MemoryDashboard memory(m_document, nullptr);
        memory.show();
        memory.setReport(share(sampleReport(20)));
        memory.hide();
        memory.setReport(share(sampleReport(40)));
        QCOMPARE(memory.series().barSets().first()->count(), 20);
        memory.show();
        QCOMPARE(memory.series().barSets().first()->count(), 40);
    }

    void axisChangesOnlyWithItsNiceMaximum()
    {
        MemoryDashboard memory(m_document, nullptr);
        memory.show();
        Report report = sampleReport();
        memory.setReport(share(report));
        QCOMPARE(memory.chart().scale().max, 600.0); // holds the limit of 512
        report.layers[2].sram.output = 500 * 1024;
        memory.setReport(share(report));
        QCOMPARE(memory.chart().scale().max, 600.0);
        report.layers[2].sram.output = 900 * 1024;
        memory.setReport(share(report));
        QCOMPARE(memory.chart().scale().max, 1000.0);
    }

    void limitLineIsInsideThePlot()
    {
        MemoryDashboard memory(m_document, nullptr);
        memory.resize(600, 200);
        memory.show();
        memory.setReport(share(sampleReport()));
        const PlotMap map = memory.chart().map();
        const double y = map.y(*memory.chart().decoration().limit);
        QVERIFY(y > map.area.top() && y < map.area.bottom());
        const QImage image = memory.grab().toImage();
        const QColor limit = ThemeManager::instance().theme().limitLine;
        bool found = false;
        for (int dy = -2; dy <= 2; ++dy)
            found = found || image.pixelColor(300, int(y) + dy) == limit;
        QVERIFY(found);
    }

    void chartsShareTheirXAxis()
    {
        QWidget window;
        const auto dashboards = makeDashboards(m_document, &window);
        window.resize(900, 900);
        for (Dashboard *dashboard : dashboards) {
            dashboard->setGeometry(0, 0, 900, 220);
            dashboard->setReport(share(sampleReport()));
        }
        window.show();
        const PlotMap first = dashboards[0]->chart().map();
        for (const Dashboard *dashboard : dashboards) {
            const PlotMap map = dashboard->chart().map();
            QCOMPARE(map.area.left(), first.area.left());
            QCOMPARE(map.area.right(), first.area.right());
            QCOMPARE(map.layers, first.layers);
        }
    }

    void plotHasRoomFrom200To1000Pixels_data()
    {
        QTest::addColumn<QSize>("size");
        QTest::newRow("low dock") << QSize(1280, 200);
        QTest::newRow("tall dock") << QSize(1280, 1000);
        QTest::newRow("narrow dock") << QSize(300, 400);
    }
    void plotHasRoomFrom200To1000Pixels()
    {
        QFETCH(QSize, size);
        QWidget window;
        for (Dashboard *dashboard : makeDashboards(m_document, &window)) {
            dashboard->setGeometry(QRect(QPoint(0, 0), size));
            dashboard->setReport(share(sampleReport()));
        }
        window.resize(size);
        window.show();
        for (const Dashboard *dashboard : window.findChildren<Dashboard *>()) {
            const QRectF area = dashboard->chart().map().area;
            QVERIFY2(area.height() > 0.5 * size.height(), qPrintable(dashboard->id()));
            QVERIFY2(area.width() > 0.75 * size.width(), qPrintable(dashboard->id()));
        }
    }

    void previewShowsTheOldFiguresAsGhosts()
    {
        MemoryDashboard memory(m_document, nullptr);
        memory.show();
        Report now = sampleReport();
        const ReportPtr before = share(now);
        now.layers[6].sram.output += 64 * 1024;
        memory.setReport(share(now), before);
        QCOMPARE(memory.chart().decoration().ghosts.size(), 1);
        QCOMPARE(memory.chart().decoration().ghosts[0].layer, 6);
        memory.setReport(share(now));
        QVERIFY(memory.chart().decoration().ghosts.isEmpty());
    }

    void emptyStateSaysWhatToDo()
    {
        MemoryDashboard memory(m_document, nullptr);
        memory.resize(600, 200);
        memory.show();
        const QImage empty = memory.grab().toImage();
        memory.setReport(share(sampleReport()));
        QVERIFY(memory.grab().toImage() != empty);
        memory.setReport({});
        QCOMPARE(memory.grab().toImage(), empty);
        QVERIFY(memory.report() == nullptr);
    }

    void dimmingIsSeenAndEndsWithTheNextReport()
    {
        MemoryDashboard memory(m_document, nullptr);
        memory.resize(600, 200);
        memory.show();
        memory.setReport(share(sampleReport()));
        const QImage bright = memory.grab().toImage();
        memory.setDimmed(true, QStringLiteral("the kernel is 4; use 1, 3, 5 or 7"));
        QVERIFY(memory.grab().toImage() != bright);
        memory.setReport(share(sampleReport()));
        QVERIFY(!memory.isDimmed());
        QCOMPARE(memory.grab().toImage(), bright);
    }

    void themeChangesTheChartsColours()
    {
        ThemeManager::instance().setMode(ThemeMode::Light);
        QWidget window;
        for (Dashboard *dashboard : makeDashboards(m_document, &window)) {
            dashboard->resize(600, 200);
            dashboard->setReport(share(sampleReport()));
        }
        window.show();
        auto *memory = window.findChild<MemoryDashboard *>();
        QCOMPARE(memory->series().barSets()[0]->brush().color(), lightTheme().sramInput);
        ThemeManager::instance().setMode(ThemeMode::Dark);
        QCOMPARE(memory->series().barSets()[0]->brush().color(), darkTheme().sramInput);
        for (Dashboard *dashboard : window.findChildren<Dashboard *>())
            QCOMPARE(dashboard->grab().toImage().pixelColor(2, 100), darkTheme().base);
    }

    void latencySourcesArePatterns()
    {
        LatencyDashboard latency(m_document, nullptr);
        latency.show();
        latency.setReport(share(sampleReport()));
        const auto sets = latency.series().barSets();
        QCOMPARE(sets[0]->brush().style(), Qt::SolidPattern);
        QVERIFY(sets[1]->brush().style() != Qt::SolidPattern);
        QCOMPARE(latency.chart().decoration().missing, toLatencyBars(sampleReport()).missing);
        QVERIFY(latency.chart().decoration().summary.startsWith(QStringLiteral("at least")));
    }

    void latencyWithoutAnyFigureSaysWhatToDo()
    {
        Report report = sampleReport();
        for (Layer &layer : report.layers)
            layer.latency = {0, 0, {}, Source::Missing, 0, false};
        report.missingLayers = int(report.layers.size());
        report.measuredLayers = report.estimatedLayers = 0;
        LatencyDashboard latency(m_document, nullptr);
        latency.show();
        latency.setReport(share(report));
        QVERIFY(latency.chart().decoration().message.contains(QStringLiteral("import")));
        QCOMPARE(latency.chart().decoration().missing.size(), qsizetype(20));
        latency.setReport(share(sampleReport()));
        QVERIFY(latency.chart().decoration().message.isEmpty());
    }

    void highestBarLeavesHeadroom()
    {
        MemoryDashboard memory(m_document, nullptr);
        memory.show();
        Report report = sampleReport();
        report.sram.fit = Fit::NoLimit;
        report.layers[0].sram = {200 * 1024, 0, 0, 0, 0};
        memory.setReport(share(report));
        QVERIFY(memory.chart().scale().max > 200);
    }

    void arenaPaintsItsTensors()
    {
        ThemeManager::instance().setMode(ThemeMode::Light);
        ArenaDashboard arena(m_document, nullptr);
        arena.resize(800, 300);
        arena.show();
        arena.setReport(share(sampleReport()));
        QCOMPARE(arena.shown().bars.size(), 21);
        const QImage image = arena.grab().toImage();
        const PlotMap map = arena.chart().map();
        const ArenaBar &bar = arena.shown().bars[0];
        const QColor fill = bar.atPeak ? lightTheme().sramOutput : lightTheme().sramInput;
        QCOMPARE(image.pixelColor(int(map.left(0) + 4), int(map.y(0.05))), fill);
    }
};

QTEST_MAIN(TestDashboard)
#include "tst_dashboard.moc"
