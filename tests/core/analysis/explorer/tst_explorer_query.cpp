#include "core/analysis/explorer/explorer_query.h"
#include "tests/core/analysis/explorer/explorer_examples.h"

#include <QTest>

#include <cmath>

using namespace atomnet;
using namespace atomnet::test;

class TestExplorerQuery : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void pointsStandAtTheirFigures()
    {
        const ExplorerTable table(exampleTable());
        ExplorerQuery query;
        query.x = {ExplorerField::InChannels, false};
        query.y = {ExplorerField::Latency, true};
        query.filter.setKind(AtomKind::Depthwise, false);
        const ExplorerPoints found = pointsOf(query, table, nullptr, nullptr, nullptr);
        QCOMPARE(found.asked, 9U);
        QCOMPARE(found.left, 0U);
        QCOMPARE(found.points.points().size(), std::size_t(9));
        for (const PlotPoint &p : found.points.points()) {
            const AtomTable::Row &row = table.row(p.row);
            QVERIFY(row.key.kind == AtomKind::Pointwise);
            QCOMPARE(p.category, quint8(AtomKind::Pointwise));
            QCOMPARE(p.x, float(row.key.inC));
            QVERIFY(std::abs(double(p.y) - std::log10(double(row.stats.median) / 1e6)) < 1e-5);
        }
    }
    void whatHasNoPlaceIsCounted()
    {
        const ExplorerTable table(exampleTable());
        ExplorerQuery query;
        query.y = {ExplorerField::Spread, true}; // one sample has none: half of the rows
        const ExplorerPoints found = pointsOf(query, table, nullptr, nullptr, nullptr);
        QCOMPARE(found.asked, 18U);
        QCOMPARE(found.left, 9U);
    }
    void gapsOfASpaceStandBesideWhatIsMeasured()
    {
        const auto atoms = exampleTable();
        SpaceCoverage coverage;
        coverage.gaps = {{pointwiseKey(10, 16, 48), 1, 0}, {depthwiseKey(10, 16, 5), 1, 0}};

        const ExplorerTable table(atoms);
        ExplorerQuery query;
        query.view = ExplorerView::Coverage;
        ExplorerPoints found = pointsOf(query, table, nullptr, nullptr, &coverage);
        QCOMPARE(found.points.points().size(), std::size_t(18));
        QCOMPARE(found.gaps.points().size(), std::size_t(2));
        query.filter.setKind(AtomKind::Depthwise, false);
        query.filter.samples.low = 2; // gaps have no samples: only what is measured is filtered
        found = pointsOf(query, table, nullptr, nullptr, &coverage);
        QCOMPARE(found.points.points().size(), std::size_t(9));
        QCOMPARE(found.gaps.points().size(), std::size_t(1));
        QCOMPARE(found.gaps.points().front().y, 48.0F);
        // Figures that only measured operators have cannot be an axis here.
        QJsonObject json = toJson(query);
        json.insert(QStringLiteral("cover_x"),
                    QJsonObject{{QStringLiteral("field"), QStringLiteral("latency")}});
        QVERIFY(isShapeField(xAxisOf(explorerQueryFrom(json)).field));
    }
    void comparingShowsRatios()
    {
        const auto first = exampleTable();
        std::vector<AtomTable::Row> rows;
        for (const AtomTable::Row &row : first->rows())
            if (row.key.kind == AtomKind::Pointwise)
                rows.push_back({row.key, statsOf(row.stats.median * 2)});
        const auto second = tableOf(rows, QStringLiteral("stm32f746"));
        const ExplorerTable a(first), b(second);
        const ConditionPairs pairs = pairConditions(*first, *second);
        ExplorerQuery query;
        query.view = ExplorerView::Compare;
        query.x = {ExplorerField::Macs, true};
        const ExplorerPoints found = pointsOf(query, a, &b, &pairs, nullptr);
        QCOMPARE(found.points.points().size(), std::size_t(9));
        for (const PlotPoint &p : found.points.points())
            QVERIFY(std::abs(double(p.y) - std::log10(2.0)) < 1e-4);
        QVERIFY(pointsOf(query, a, nullptr, nullptr, nullptr).points.isEmpty());
    }
    void theViewsOwnAxesWin()
    {
        ExplorerQuery query;
        query.view = ExplorerView::Roofline;
        QVERIFY(xAxisOf(query).field == ExplorerField::Intensity);
        QVERIFY(yAxisOf(query).field == ExplorerField::Speed);
        QVERIFY(!choosesX(query.view));
        query.view = ExplorerView::Prediction;
        QVERIFY(yAxisOf(query).field == ExplorerField::Predicted);
        QVERIFY(choosesX(ExplorerView::Compare) && !choosesY(ExplorerView::Compare));
    }
    void settingsLeadBack()
    {
        ExplorerQuery query;
        query.view = ExplorerView::HeatMap;
        query.x = {ExplorerField::OutPixels, false};
        query.heat = {ExplorerField::Spread, false};
        query.coverX = {ExplorerField::OutPixels, true};
        query.filter.setKind(AtomKind::Pad, false);
        query.filter.setAct(KeyAct::Relu, false);
        query.filter.setAct(KeyAct::Unknown, false);
        query.filter.kernel = {3, 5};
        query.filter.inChannels.high = 320;
        query.filter.samples.low = 4;
        QCOMPARE(explorerQueryFrom(toJson(query)), query);
        QCOMPARE(explorerQueryFrom({}), ExplorerQuery{});
        QCOMPARE(explorerQueryFrom(
                     {{QStringLiteral("view"), QStringLiteral("rubbish")},
                      {QStringLiteral("x"), 5},
                      {QStringLiteral("filter"), QJsonObject{{QStringLiteral("kinds"), -1e30},
                                                             {QStringLiteral("acts"), 1e300}}}}),
                 ExplorerQuery{});
    }
};

QTEST_GUILESS_MAIN(TestExplorerQuery)
#include "tst_explorer_query.moc"
