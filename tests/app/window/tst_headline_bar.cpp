#include "app/window/headline_bar.h"

#include <QTest>

using namespace atomnet;

namespace
{

Budget budget(qint64 value, qint64 available, Fit fit)
{
    Budget made;
    made.value = made.low = made.high = value;
    made.limit = made.available = available;
    made.fit = fit;
    return made;
}

Report report(qint64 sram)
{
    Report made;
    made.sram = budget(sram, 512 * 1024, Fit::Within);
    made.flash = budget(845 * 1024, 2048 * 1024, Fit::Within);
    made.latency = {245'000'000, 239'000'000, 251'000'000, Source::Estimated, 0, false};
    made.measuredShare = 0.82;
    made.clockHz = 400'000'000;
    made.macs = 78'000'000;
    made.macsElementwise = 1'000'000;
    made.params = 358'000;
    made.measuredLayers = 41;
    made.estimatedLayers = 2;
    return made;
}

ReportPtr shared(Report made)
{
    return std::make_shared<const Report>(std::move(made));
}

} // namespace

class TestHeadlineBar : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void theNumbersAreOnTheBar()
    {
        HeadlineBar bar;
        bar.setReport(shared(report(151 * 1024)), {});
        QVERIFY2(
            bar.text(QStringLiteral("headlineSram")).contains(QStringLiteral("151.0 / 512.0 KiB")),
            qPrintable(bar.text(QStringLiteral("headlineSram"))));
        QVERIFY(
            bar.text(QStringLiteral("headlineLatency")).contains(QStringLiteral("245 ms \u00b16")));
        QVERIFY(bar.text(QStringLiteral("headlineLatency"))
                    .contains(QStringLiteral("82 % measured at 400 MHz")));
        QVERIFY(bar.text(QStringLiteral("headlineMacs")).contains(QStringLiteral("79.0 M")));
        QCOMPARE(sourceCounts(report(1)),
                 QStringLiteral("41 measured \u00b7 2 estimated \u00b7 0 missing"));
    }

    void aDragShowsTheDifference()
    {
        HeadlineBar bar;
        bar.setReport(shared(report(161 * 1024)), shared(report(151 * 1024)));
        QVERIFY2(bar.text(QStringLiteral("headlineSram")).contains(QStringLiteral("+10.0 KiB")),
                 qPrintable(bar.text(QStringLiteral("headlineSram"))));
        bar.setReport(shared(report(161 * 1024)), {});
        QVERIFY(!bar.text(QStringLiteral("headlineSram")).contains(u'+'));
    }

    void missingLayersAreSaid()
    {
        Report made = report(1024);
        made.missingLayers = 3;
        made.latency.high.reset();
        HeadlineBar bar;
        bar.setReport(shared(made), {});
        QVERIFY(bar.text(QStringLiteral("headlineLatency")).contains(QStringLiteral("at least")));
        QVERIFY(bar.text(QStringLiteral("headlineLatency"))
                    .contains(QStringLiteral("3 layers without a figure")));
    }
};

QTEST_MAIN(TestHeadlineBar)
#include "tst_headline_bar.moc"
