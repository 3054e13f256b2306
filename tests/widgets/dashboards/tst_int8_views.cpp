#include "tests/support/sample_report.h"
#include "widgets/dashboards/confusion_view.h"
#include "widgets/dashboards/layer_chart.h"
#include "widgets/dashboards/sqnr_dashboard.h"

#include "core/model/presets.h"

#include <QHelpEvent>
#include <QTest>
#include <QToolTip>

using namespace atomnet;

namespace
{

std::shared_ptr<const QuantisationResult> resultOf(const Network &network, std::size_t layers)
{
    auto result = std::make_shared<QuantisationResult>();
    result->network = network;
    result->samples = 8;
    for (std::size_t i = 0; i < layers; ++i)
        result->layers.push_back(
            {int(i), QStringLiteral("layer"), i == 2 ? 12.5 : 30.0 + double(i)});
    return result;
}

std::shared_ptr<const EvaluationResult> evaluationOf(int classes)
{
    auto result = std::make_shared<EvaluationResult>();
    Evaluation &evaluation = result->evaluation;
    for (Confusion *confusion : {&evaluation.asFloat, &evaluation.asInt8}) {
        confusion->classes = classes;
        confusion->counts.assign(std::size_t(classes * classes), 0);
        for (int i = 0; i < classes; ++i)
            confusion->counts[std::size_t(i * classes + i)] = 9;
    }
    evaluation.asInt8.counts[1] = 1; // class 0 taken for class 1
    evaluation.asInt8.counts[0] = 8;
    evaluation.agreeing = 9 * classes - 1;
    return result;
}

} // namespace

class TestInt8Views : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void barsTellWeakLayersApart();
    void resultOfAnotherDesignIsNotShown();
    void resultNeedsItsOwnRuntime();
    void summaryCountsSamples();
    void cellSaysBothNetworks();
    void manyClassesAreAList();
};

void TestInt8Views::barsTellWeakLayersApart()
{
    Report report = sampleReport();
    const ChartBars bars = toSqnrBars(report, *resultOf({}, report.layers.size()));
    QCOMPARE(bars.layers(), int(report.layers.size()));
    QCOMPARE(bars.parts[0][2], 0.0);
    QCOMPARE(bars.parts[1][2], 12.5);
    QCOMPARE(bars.parts[0][3], 33.0);
    QCOMPARE(bars.parts[1][3], 0.0);
    QCOMPARE(bars.top, 30.0 + double(report.layers.size() - 1));
    // A result with other layers has no bars.
    QCOMPARE(toSqnrBars(report, *resultOf({}, 3)).top, 0.0);
}

void TestInt8Views::resultOfAnotherDesignIsNotShown()
{
    Document document;
    const Network network = presets().front().network;
    document.setNew(network);
    auto report = std::make_shared<Report>(sampleReport());
    report->target.runtime = Runtime::AtomNet1;
    SqnrDashboard dashboard(document, nullptr);
    dashboard.resize(600, 240);
    dashboard.show();
    dashboard.setReport(report);
    QVERIFY(dashboard.chart().decoration().message.contains(QStringLiteral("Not quantised yet")));

    dashboard.setResult(resultOf(network, report->layers.size()));
    QVERIFY2(dashboard.chart().decoration().message.isEmpty(),
             qPrintable(dashboard.chart().decoration().message));
    QCOMPARE(dashboard.chart().decoration().legend.size(), 2);
    QVERIFY(dashboard.chart().decoration().summary.contains(QStringLiteral("8 samples")));

    Network other = network;
    other.head.classes = 7;
    dashboard.setResult(resultOf(other, report->layers.size()));
    QVERIFY(dashboard.chart().decoration().message.contains(QStringLiteral("has changed")));
}

void TestInt8Views::resultNeedsItsOwnRuntime()
{
    Document document;
    document.setNew(presets().front().network);
    auto report = std::make_shared<Report>(sampleReport());
    report->target.runtime = Runtime::XCubeAi72;
    SqnrDashboard dashboard(document, nullptr);
    dashboard.show();
    dashboard.setReport(report);
    dashboard.setResult(resultOf(document.network(), report->layers.size()));
    QVERIFY(dashboard.chart().decoration().message.contains(displayName(Runtime::AtomNet1)));
}

void TestInt8Views::summaryCountsSamples()
{
    ConfusionView view;
    QVERIFY(view.summary().isEmpty());
    view.setResult(evaluationOf(10));
    QCOMPARE(view.summary(),
             QStringLiteral("90 samples: float 100.0 %, int8 98.9 %, agree 98.9 %"));
    QCOMPARE(view.accessibleDescription(), view.summary());
}

void TestInt8Views::cellSaysBothNetworks()
{
    ConfusionView view;
    view.setResult(evaluationOf(2));
    view.resize(300, 300);
    view.show();
    // The matrix begins below the headline, behind the row labels.
    const QPoint topRight(250, 80);
    QHelpEvent event(QEvent::ToolTip, topRight, view.mapToGlobal(topRight));
    QApplication::sendEvent(&view, &event);
    QTRY_COMPARE(QToolTip::text(), QStringLiteral("0 taken for 1: int8 1, float 0"));
}

void TestInt8Views::manyClassesAreAList()
{
    ConfusionView view;
    view.resize(400, 200);
    view.setResult(evaluationOf(100));
    const QImage list = view.grab().toImage();
    view.setResult(evaluationOf(10));
    QVERIFY(list != view.grab().toImage());
    view.setResult(evaluationOf(100));
    view.setOutdated(true);
    QVERIFY(list != view.grab().toImage()); // dimmed
}

QTEST_MAIN(TestInt8Views)
#include "tst_int8_views.moc"
