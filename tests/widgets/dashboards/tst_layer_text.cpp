#include "core/base/format.h"
#include "tests/support/sample_report.h"
#include "widgets/dashboards/layer_text.h"

#include <QTest>

using namespace atomnet;

class TestLayerText : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void provenance_data()
    {
        QTest::addColumn<Latency>("latency");
        QTest::addColumn<QString>("text");
        QTest::newRow("samples") << Latency{12'850'000,       12'810'000, 12'900'000,
                                            Source::Measured, 14,         false}
                                 << QStringLiteral("measured, 14 samples, 12.8 ms to 12.9 ms");
        QTest::newRow("one sample")
            << Latency{5'000'000, 5'000'000, 5'000'000, Source::Measured, 1, false}
            << QStringLiteral("measured, 1 sample");
        QTest::newRow("estimate") << Latency{10'000'000,        9'200'000, 10'800'000,
                                             Source::Estimated, 0,         false}
                                  << QStringLiteral("estimated by a fitted model, \u00b18 %");
        QTest::newRow("extrapolated")
            << Latency{10'000'000, 5'000'000, 15'000'000, Source::Estimated, 0, true}
            << QStringLiteral(
                   "estimated by a fitted model, \u00b150 %, outside what the model has seen");
        Latency counted{9'000'000, 5'000'000, 16'000'000, Source::Estimated, 0, true};
        counted.fromInstructions = true;
        QTest::newRow("from instructions")
            << counted
            << QStringLiteral("estimated from instructions, counted on a virtual board, (5.00 ms "
                              "to 16.0 ms); a measurement on the board will replace it");
        QTest::newRow("missing")
            << Latency{0, 0, {}, Source::Missing, 0, false}
            << QStringLiteral("missing: neither a measurement nor a model for this operator");
    }
    void provenance()
    {
        QFETCH(Latency, latency);
        QFETCH(QString, text);
        QCOMPARE(atomnet::provenance(latency, TimeUnit::Nanoseconds), text);
    }

    void instructionsHaveNoMilliseconds()
    {
        const Latency latency{1'310'000, 1'310'000, 1'310'000, Source::Measured, 1, false};
        QCOMPARE(latencyText(latency.value, TimeUnit::Instructions),
                 QStringLiteral("1.31 M instructions"));
    }

    void intervals_data()
    {
        QTest::addColumn<qint64>("value");
        QTest::addColumn<qint64>("low");
        QTest::addColumn<qint64>("high");
        QTest::addColumn<QString>("text");
        QTest::newRow("point") << qint64(10) << qint64(10) << qint64(10) << QString();
        QTest::newRow("even") << qint64(1000) << qint64(850) << qint64(1150)
                              << QStringLiteral("\u00b115 %");
        QTest::newRow("narrow") << qint64(1000) << qint64(998) << qint64(1002)
                                << QStringLiteral("\u00b1under 1 %");
        QTest::newRow("one-sided")
            << qint64(300) << qint64(150) << qint64(300) << QStringLiteral("(150 to 300)");
        QTest::newRow("zero") << qint64(0) << qint64(0) << qint64(5) << QStringLiteral("(0 to 5)");
    }
    void intervals()
    {
        QFETCH(qint64, value);
        QFETCH(qint64, low);
        QFETCH(qint64, high);
        QFETCH(QString, text);
        QCOMPARE(intervalText(value, low, high, [](qint64 v) { return QString::number(v); }), text);
    }

    void memoryTipHasExactBytesTensorsAndSource()
    {
        const Report report = sampleReport();
        const int peak = report.peak.layer;
        const QString tip = memoryToolTip(report, peak);
        const Layer &layer = report.layers[std::size_t(peak)];
        QVERIFY(tip.contains(layerName(report, layer)));
        QVERIFY(tip.contains(describe(layer.atom.key).toHtmlEscaped()));
        QVERIFY(tip.contains(formatBytes(layer.sram.input)));
        QVERIFY(tip.contains(formatBytes(layer.sram.total())));
        QVERIFY(tip.contains(formatBytes(report.tensors[std::size_t(peak)].bytes)));
        QVERIFY(tip.contains(QStringLiteral("the peak")));
        QVERIFY(tip.contains(QStringLiteral("\u00b115 %")));
    }

    void flashAndLatencyTips()
    {
        const Report report = sampleReport();
        QVERIFY(
            flashToolTip(report, 3).contains(formatBytes(report.layers[3].flashCumulativeBytes)));
        QVERIFY(
            latencyToolTip(report, 3).contains(QStringLiteral("outside what the model has seen")));
        QVERIFY(latencyToolTip(report, 4).contains(QStringLiteral("not known")));
    }

    void arenaTipNamesTheTensorUnderThePointer()
    {
        Report report = sampleReport();
        report.tensors[3].offset = 4096;
        const QString tip = arenaToolTip(report, 3, 3);
        QVERIFY(tip.contains(QStringLiteral("<b>") + tensorName(report, 3)));
        QVERIFY(tip.contains(formatBytes(4096)));
        QVERIFY(!tip.contains(tensorName(report, 9))); // not alive there
    }

    void stageNamesAreNotMarkup()
    {
        Report report = sampleReport();
        report.stageNames[0] = QStringLiteral("<script>");
        for (const QString &tip : {memoryToolTip(report, 0), flashToolTip(report, 0),
                                   latencyToolTip(report, 0), arenaToolTip(report, 2, -1)}) {
            QVERIFY(!tip.contains(QStringLiteral("<script>")));
            QVERIFY(tip.contains(QStringLiteral("&lt;script&gt;")));
        }
    }
};

QTEST_APPLESS_MAIN(TestLayerText)
#include "tst_layer_text.moc"
