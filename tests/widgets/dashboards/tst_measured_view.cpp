#include "core/lowering/lower.h"
#include "core/model/presets.h"
#include "tests/support/sample_report.h"
#include "widgets/dashboards/layer_chart.h"
#include "widgets/dashboards/measured_view.h"

#include <QSignalSpy>
#include <QTest>

using namespace atomnet;

namespace
{

/// Samples of the design's operators that follow a simple rule: 2 instructions for each piece of
/// work.
std::shared_ptr<const AtomTable> tableOf(const Network &network, const Board &board)
{
    const Result<AtomGraph> graph = lower(network, Runtime::AtomNet1);
    RunCondition condition;
    condition.board = board.id;
    condition.runtime = runtimeId(Runtime::AtomNet1);
    std::vector<AtomTable::Row> rows;
    for (const Atom &atom : graph->atoms) {
        const qint64 value = 2 * (macsOf(atom.key) + elementwiseMacsOf(atom.key)) + 1000;
        rows.push_back({atom.key, {value, value, value, 1}});
    }
    return std::make_shared<const AtomTable>(condition, SampleUnit::Instructions, std::move(rows));
}

Target virtualTarget()
{
    Target target;
    target.board = *boardById(QStringLiteral("qemu-m7"));
    target.runtime = Runtime::AtomNet1;
    return target;
}

} // namespace

class TestMeasuredView : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void onlyMeasuredLayersAreCompared()
    {
        const Report report = sampleReport();
        const auto layers = compare(report, Predictor());
        int measured = 0;
        for (const Layer &layer : report.layers)
            measured += layer.latency.source == Source::Measured;
        QVERIFY(measured > 0);
        QCOMPARE(int(layers.size()), measured);
        for (const LayerComparison &each : layers) {
            QVERIFY(!each.predicted && !each.ratio() && each.asPredicted());
            QCOMPARE(each.measured, report.layers[std::size_t(each.layer)].latency);
        }
        const ChartBars bars = toMeasuredBars(report, layers);
        QCOMPARE(bars.unit, toLatencyBars(report).unit);
        for (int i = 0; i < bars.layers(); ++i)
            QCOMPARE(bars.total(i) > 0,
                     report.layers[std::size_t(i)].latency.source == Source::Measured);
    }

    void layersBesideTheirPredictionAreToldApart()
    {
        LayerComparison layer;
        layer.layer = 0;
        layer.measured.value = 1080;
        layer.measured.low = 1070;
        layer.measured.high = 1090;
        layer.predicted = Estimate{1000, 900, 1100, false};
        QVERIFY(layer.asPredicted());
        QCOMPARE(ratioText(*layer.ratio()), QStringLiteral("\u00d71.08"));
        layer.predicted = Estimate{1000, 950, 1069, false};
        QVERIFY(!layer.asPredicted());
        layer.predicted = Estimate{1000, 950, 1070, false}; // they meet
        QVERIFY(layer.asPredicted());
        QCOMPARE(ratioText(12.34), QStringLiteral("\u00d712.3"));
    }

    void anOperatorIsPredictedWithoutItsOwnSample()
    {
        // One operator is ten times as slow as its like: a model that had seen it would bend.
        const Network network = presetById(QStringLiteral("atomnet-256kb-max"))->network;
        const Target target = virtualTarget();
        const auto table = tableOf(network, target.board);
        const Predictor fair = Predictor::fittedOn(*table);
        QVERIFY(!fair.isEmpty() && fair.fitted());
        const AtomKey key = [&] {
            for (const AtomTable::Row &row : table->rows())
                if (fair(row.key)) return row.key;
            return AtomKey();
        }();
        std::vector<AtomTable::Row> rows = table->rows();
        for (AtomTable::Row &row : rows)
            if (row.key == key)
                row.stats = {row.stats.median * 10, row.stats.median * 10, row.stats.median * 10,
                             1};
        const Predictor bent =
            Predictor::fittedOn(AtomTable(table->condition(), table->unit(), rows));
        QVERIFY(fair(key));
        QVERIFY(bent(key));
        QCOMPARE(bent(key)->value, fair(key)->value);
    }

    void fewOperatorsPredictNothing()
    {
        const Predictor none = Predictor::fittedOn(AtomTable());
        QVERIFY(none.isEmpty());
        QVERIFY(!none(AtomKey()));
    }

    void theViewSaysWhatToDoUntilSomethingIsMeasured()
    {
        Document document;
        document.setNew(presets().front().network);
        MeasuredView view(document, nullptr);
        view.resize(900, 260);
        view.show();
        auto report =
            std::make_shared<Report>(*analyze(document.network(), virtualTarget(), Knowledge()));
        view.setReport(report);
        const Decoration &decoration = view.chart().decoration();
        QVERIFY2(decoration.message.contains(QStringLiteral("press Measure")),
                 qPrintable(decoration.message));
        Target imported = virtualTarget();
        imported.runtime = Runtime::XCubeAi72;
        view.setReport(
            std::make_shared<Report>(*analyze(document.network(), imported, Knowledge())));
        QVERIFY(view.chart().decoration().message.contains(displayName(Runtime::AtomNet1)));
    }

    void measuredLayersStandBesideTheirPredictions()
    {
        Document document;
        document.setNew(presetById(QStringLiteral("atomnet-256kb-max"))->network);
        const Target target = virtualTarget();
        const Knowledge knowledge{tableOf(document.network(), target.board), nullptr};
        const auto report =
            std::make_shared<const Report>(*analyze(document.network(), target, knowledge));
        QCOMPARE(report->missingLayers, 0);
        MeasuredView view(document, nullptr);
        view.resize(1280, 260);
        QSignalSpy fitted(&view, &MeasuredView::predictorChanged);
        view.setKnowledge(knowledge);
        QVERIFY(fitted.isEmpty()); // a hidden view does not work
        view.show();
        view.setReport(report);
        QVERIFY(fitted.wait(10'000));
        QVERIFY(!view.predictor().isEmpty());
        const Decoration &decoration = view.chart().decoration();
        QVERIFY2(decoration.message.isEmpty(), qPrintable(decoration.message));
        QVERIFY(decoration.ghosts.size() > 20);
        QCOMPARE(decoration.bands.size(), decoration.ghosts.size());
        QVERIFY(!decoration.barLabels.isEmpty()); // those of bars that can be seen
        QVERIFY(decoration.barLabels.size() < decoration.ghosts.size());
        QVERIFY2(decoration.summary.contains(QStringLiteral("instructions predicted")),
                 qPrintable(decoration.summary));
        // Exactly linear in what the features hold: predictions come close.
        QVERIFY(!placeBarLabels(decoration.barLabels, view.chart().map(), view.chart().smallFont())
                     .isEmpty());

        NetworkComparison comparison;
        comparison.network = 1'000'100;
        comparison.sum = 1'000'000;
        view.setComparison(document.network(),
                           std::make_shared<const NetworkComparison>(comparison));
        QCOMPARE(view.chart().decoration().summary,
                 QStringLiteral("whole network 1.00 M instructions, sum of its operators 1.00 M "
                                "instructions, +0.010 %"));
        Network other = document.network();
        other.head.classes = 7;
        view.setComparison(other, std::make_shared<const NetworkComparison>(comparison));
        QVERIFY(!view.chart().decoration().summary.contains(QStringLiteral("whole network")));
    }

    void labelsNeverCoverEachOther()
    {
        QList<BarLabel> labels;
        for (int i = 0; i < 40; ++i)
            labels.append({i, 50, QStringLiteral("\u00d71.%1").arg(i), double(i == 7)});
        PlotMap map;
        map.area = QRectF(0, 0, 400, 100);
        map.layers = 40;
        map.maxValue = 100;
        const QList<AxisLabel> placed = placeBarLabels(labels, map, QFont());
        QVERIFY(placed.size() > 3 && placed.size() < 40);
        QCOMPARE(placed.front().text, QStringLiteral("\u00d71.7")); // the heaviest has its place
        for (const AxisLabel &a : placed) {
            QVERIFY(map.area.contains(a.rect));
            for (const AxisLabel &b : placed)
                QVERIFY(&a == &b || !a.rect.intersects(b.rect));
        }
    }
};

QTEST_MAIN(TestMeasuredView)
#include "tst_measured_view.moc"
