#include "core/analysis/knowledge.h"
#include "widgets/common/theme.h"
#include "widgets/dashboards/guidelines/evidence_view.h"
#include "widgets/dashboards/guidelines/guidelines_view.h"

#include <QAbstractAxis>
#include <QBarCategoryAxis>
#include <QBarSeries>
#include <QBarSet>
#include <QChart>
#include <QLabel>
#include <QListWidget>
#include <QLogValueAxis>
#include <QScatterSeries>
#include <QTest>

using namespace atomnet;

namespace
{

/// One of each: with bars, with points, and one that nothing is known of.
std::vector<Guideline> examples()
{
    Guideline bars;
    bars.id = QStringLiteral("G3");
    bars.title = QStringLiteral("Put MACs into pointwise");
    bars.paper = QStringLiteral("Pointwise is more efficient.");
    bars.holds = Holds::Yes;
    bars.finding = QStringLiteral("Pointwise 385 k, depthwise 85 k");
    bars.chart.title = QStringLiteral("Efficiency");
    bars.chart.yTitle = QStringLiteral("MACs/ms");
    bars.chart.categories = QStringList{QStringLiteral("Depthwise"), QStringLiteral("Pointwise")};
    bars.chart.series = {{QStringLiteral("median"), {}, {85'000, 385'000}},
                         {QStringLiteral("75 %"), {}, {90'000, 427'000}}};
    Guideline points;
    points.id = QStringLiteral("G1");
    points.title = QStringLiteral("Avoid normal convolutions");
    points.paper = QStringLiteral("They grow with the square.");
    points.holds = Holds::No;
    points.finding = QStringLiteral("The exponent is 1.2");
    points.chart.logX = points.chart.logY = true;
    points.chart.series = {{QStringLiteral("Depthwise"), {8, 16, 0}, {104, 208, 300}},
                           {QStringLiteral("Normal"), {8, 32}, {576, 9216}}};
    Guideline unknown;
    unknown.id = QStringLiteral("R5");
    unknown.title = QStringLiteral("Latency rank");
    unknown.paper = QStringLiteral("ConvNeXt before MBConv before SEP.");
    unknown.finding = QStringLiteral("AtomDB holds no operators of this board");
    return {bars, points, unknown};
}

QString textOf(const GuidelinesView &view, const char *name)
{
    const auto *label = view.findChild<QLabel *>(QLatin1String(name));
    return label ? label->text() : QString();
}

QChart *chartOf(const GuidelinesView &view)
{
    return view.findChild<EvidenceView *>()->chart();
}

} // namespace

class TestGuidelinesView : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void emptyViewSaysWhatComes()
    {
        GuidelinesView view;
        QCOMPARE(view.chosen(), QString());
        QVERIFY(!textOf(view, "title").isEmpty());
        QVERIFY(view.findChild<EvidenceView *>()->isEmpty());
        view.setGuidelines({});
        QCOMPARE(view.chosen(), QString());
    }

    void listSaysInWordsWhetherEachHolds()
    {
        GuidelinesView view;
        view.setGuidelines(examples());
        const auto *list = view.findChild<QListWidget *>(QStringLiteral("guidelines"));
        QVERIFY(list);
        QCOMPARE(list->count(), 3);
        const QStringList words{QStringLiteral("Holds"), QStringLiteral("Does not hold here"),
                                QStringLiteral("Cannot be told")};
        QSet<QByteArray> icons;
        for (int i = 0; i < 3; ++i) {
            const QListWidgetItem *item = list->item(i);
            const Guideline g = examples()[std::size_t(i)];
            QVERIFY2(item->text().contains(words[i]), qPrintable(item->text()));
            QVERIFY(item->text().contains(g.id) && item->text().contains(g.title));
            QVERIFY(item->data(Qt::AccessibleTextRole).toString().contains(words[i]));
            const QImage image = item->icon().pixmap(16, 16).toImage();
            icons.insert(
                QByteArray(reinterpret_cast<const char *>(image.constBits()), image.sizeInBytes()));
        }
        QCOMPARE(icons.size(), 3); // told apart without colours and words, too
    }

    void theChosenOneShowsItsEvidence()
    {
        GuidelinesView view;
        view.setGuidelines(examples());
        QCOMPARE(view.chosen(), QStringLiteral("G3"));
        QVERIFY(textOf(view, "finding").contains(QStringLiteral("385 k")));
        QVERIFY(textOf(view, "paper").contains(QStringLiteral("more efficient")));
        QCOMPARE(chartOf(view)->series().size(), 1);
        const auto *bars = qobject_cast<QBarSeries *>(chartOf(view)->series().first());
        QVERIFY(bars);
        QCOMPARE(bars->count(), 2);
        QCOMPARE(bars->barSets().first()->at(1), 385'000.0);
        QVERIFY(chartOf(view)->title().contains(QStringLiteral("Efficiency")));

        QVERIFY(view.choose(QStringLiteral("G1")));
        QCOMPARE(chartOf(view)->series().size(), 2);
        const auto *points = qobject_cast<QScatterSeries *>(chartOf(view)->series().first());
        QVERIFY(points);
        QCOMPARE(points->count(), 2); // 0 has no place on a logarithmic axis
        for (QAbstractAxis *axis : chartOf(view)->axes())
            QVERIFY(qobject_cast<QLogValueAxis *>(axis));

        QVERIFY(view.choose(QStringLiteral("R5")));
        QVERIFY(view.findChild<EvidenceView *>()->isEmpty());
        QCOMPARE(chartOf(view)->series().size(), 0);
        QVERIFY(!view.choose(QStringLiteral("G9")));
        QCOMPARE(view.chosen(), QStringLiteral("R5"));
    }

    void newGuidelinesKeepTheChoice()
    {
        GuidelinesView view;
        view.setGuidelines(examples());
        QVERIFY(view.choose(QStringLiteral("G1")));
        auto next = examples();
        next[1].finding = QStringLiteral("The exponent is 2.0");
        next[1].holds = Holds::Yes;
        view.setGuidelines(next);
        QCOMPARE(view.chosen(), QStringLiteral("G1"));
        QVERIFY(textOf(view, "finding").contains(QStringLiteral("2.0")));
        view.setGuidelines({next[0]});
        QCOMPARE(view.chosen(), QStringLiteral("G3"));
        view.setGuidelines({});
        QCOMPARE(view.chosen(), QString());
        QCOMPARE(chartOf(view)->series().size(), 0);
    }

    void bothThemesAreReadable_data()
    {
        QTest::addColumn<bool>("dark");
        QTest::newRow("light") << false;
        QTest::newRow("dark") << true;
    }
    void bothThemesAreReadable()
    {
        QFETCH(bool, dark);
        ThemeManager::instance().setMode(dark ? ThemeMode::Dark : ThemeMode::Light);
        GuidelinesView view;
        view.resize(900, 420);
        view.setGuidelines(examples());
        const Theme &theme = ThemeManager::instance().theme();
        QCOMPARE(chartOf(view)->backgroundBrush().color(), theme.base);
        for (QAbstractAxis *axis : chartOf(view)->axes()) {
            QVERIFY(contrastRatio(axis->labelsColor(), theme.base) >= 4.5);
            QVERIFY(contrastRatio(axis->titleBrush().color(), theme.base) >= 4.5);
        }
        // A change while it shows reaches the chart that is there.
        ThemeManager::instance().setMode(dark ? ThemeMode::Light : ThemeMode::Dark);
        QCOMPARE(chartOf(view)->backgroundBrush().color(), ThemeManager::instance().theme().base);
        const auto *bars = qobject_cast<QBarSeries *>(chartOf(view)->series().first());
        QVERIFY(bars->barSets()[0]->color() != bars->barSets()[1]->color());
        ThemeManager::instance().setMode(ThemeMode::Light);
    }

    /// The real ones, at the sizes that docks have.
    void realGuidelinesFitTheirView_data()
    {
        QTest::addColumn<QSize>("size");
        QTest::newRow("dock of a small window") << QSize(640, 300);
        QTest::newRow("wide") << QSize(1600, 420);
    }
    void realGuidelinesFitTheirView()
    {
        QFETCH(QSize, size);
        Target target;
        target.board = *boardById(QStringLiteral("stm32h743"));
        target.runtime = Runtime::XCubeAi72;
        GuidelinesView view;
        view.resize(size);
        view.setGuidelines(guidelines(target, shippedKnowledge(target.board, target.runtime)));
        view.show();
        QVERIFY(QTest::qWaitForWindowExposed(&view));
        auto *list = view.findChild<QListWidget *>();
        QCOMPARE(list->count(), 7);
        for (int row = 0; row < list->count(); ++row) {
            list->setCurrentRow(row);
            const auto *evidence = view.findChild<EvidenceView *>();
            QVERIFY(evidence->isEmpty() || !evidence->chart()->series().isEmpty());
            const QString folder = qEnvironmentVariable("ATOMNET_PICTURES");
            if (folder.isEmpty()) continue;
            QTest::qWait(50);
            view.grab().save(QStringLiteral("%1/guideline-%2-%3.png")
                                 .arg(folder, view.chosen())
                                 .arg(size.width()));
        }
        QVERIFY(view.minimumSizeHint().width() <= 640);
        QVERIFY2(view.minimumSizeHint().height() <= 400,
                 qPrintable(QString::number(view.minimumSizeHint().height())));
    }
};

QTEST_MAIN(TestGuidelinesView)
#include "tst_guidelines_view.moc"
