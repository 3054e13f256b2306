#include "tests/support/sample_report.h"
#include "widgets/dashboards/chart_painter.h"
#include "widgets/dashboards/layer_axis.h"

#include <QGuiApplication>
#include <QTest>

using namespace atomnet;

class TestLayerAxis : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void namesStagesBlocksAndRoles()
    {
        const LayerAxis axis = layerAxis(sampleReport());
        QCOMPARE(axis.roles.size(), 20);
        QCOMPARE(axis.roles[1], QStringLiteral("dw"));
        QCOMPARE(axis.stages, (QList<LayerAxis::Span>{{QStringLiteral("s1"), 0, 7},
                                                      {QStringLiteral("s2"), 8, 15},
                                                      {QStringLiteral("head"), 16, 19}}));
        QCOMPARE(axis.blocks.size(), 4 + 4); // four blocks, and the head's layers one by one
        QCOMPARE(axis.blocks[1], (LayerAxis::Span{QStringLiteral("2"), 4, 7}));
        QCOMPARE(axis.blocks[2], (LayerAxis::Span{QStringLiteral("1"), 8, 11}));
    }

    void repeatsAreBlocksOfTheirOwn()
    {
        Report report = sampleReport();
        for (int i = 4; i < 8; ++i) {
            report.layers[std::size_t(i)].atom.block = 0;
            report.layers[std::size_t(i)].atom.repeat = 1;
        }
        QCOMPARE(layerAxis(report).blocks[1], (LayerAxis::Span{QStringLiteral("1.2"), 4, 7}));
    }

    void labelsNeverOverlapAndAreNeverShortened_data()
    {
        QTest::addColumn<int>("layers");
        QTest::addColumn<int>("width");
        for (const int layers : {20, 60, 200, 1000})
            for (const int width : {120, 300, 1280, 2500})
                QTest::addRow("%d layers in %d", layers, width) << layers << width;
    }
    void labelsNeverOverlapAndAreNeverShortened()
    {
        QFETCH(int, layers);
        QFETCH(int, width);
        const LayerAxis axis = layerAxis(sampleReport(layers));
        const PlotMap map{QRectF(50, 20, width, 100), layers, 1};
        const AxisLabels labels = placeLabels(axis, map, QGuiApplication::font());
        QSet<QString> names(axis.roles.begin(), axis.roles.end());
        for (const auto &spans : {axis.blocks, axis.stages})
            for (const LayerAxis::Span &span : spans)
                names.insert(span.text);
        QVERIFY(!labels.upper.isEmpty());
        for (const auto &row : {labels.upper, labels.lower}) {
            for (qsizetype i = 0; i < row.size(); ++i) {
                QVERIFY(names.contains(row[i].text));
                for (qsizetype j = i + 1; j < row.size(); ++j)
                    QVERIFY(!row[i].rect.intersects(row[j].rect));
            }
        }
    }

    void rolesShowWhereEveryOneHasRoom()
    {
        const LayerAxis axis = layerAxis(sampleReport());
        const AxisLabels wide =
            placeLabels(axis, {QRectF(0, 0, 20 * 90, 100), 20, 1}, QGuiApplication::font());
        QCOMPARE(wide.upper.size(), 20);
        QCOMPARE(wide.upper[2].text, QStringLiteral("pw"));
        const AxisLabels narrow =
            placeLabels(axis, {QRectF(0, 0, 20 * 18, 100), 20, 1}, QGuiApplication::font());
        QCOMPARE(narrow.upper[0].text, QStringLiteral("1"));
    }

    void pixelsAndLayersMapBothWays()
    {
        const PlotMap map{QRectF(50, 10, 200, 100), 20, 400};
        for (int i = 0; i < 20; ++i)
            QCOMPARE(map.layerAt(map.centre(i)), i);
        QCOMPARE(map.layerAt(49), -1);
        QCOMPARE(map.layerAt(250), -1);
        QCOMPARE(map.layerAt(249.999), 19);
        QCOMPARE(map.y(0), 110.0);
        QCOMPARE(map.y(400), 10.0);
        QCOMPARE(map.value(map.y(123)), 123.0);
        QCOMPARE((PlotMap{QRectF(0, 0, 10, 10), 0, 1}).layerAt(5), -1);
    }

    void legendWrapsAndSummaryGivesWay()
    {
        Decoration decoration;
        decoration.unit = QStringLiteral("KiB");
        decoration.summary = QStringLiteral("peak 151.6 KiB at s2.1.expand");
        for (const char *name : {"input", "output", "held shortcut", "padding", "scratch"})
            decoration.legend.append(
                {QString::fromLatin1(name), LegendEntry::Shape::Box, QBrush()});
        const QFont font = QGuiApplication::font();
        const HeaderLayout wide = layoutHeader(decoration, 1280, 52, 12, font);
        QVERIFY(!wide.summary.isNull());
        QCOMPARE(wide.entries.first().top(), wide.entries.last().top());
        const HeaderLayout narrow = layoutHeader(decoration, 240, 52, 12, font);
        QVERIFY(narrow.summary.isNull());
        QVERIFY(narrow.height > wide.height);
        for (qsizetype i = 0; i < narrow.entries.size(); ++i) {
            QVERIFY(narrow.entries[i].right() <= 240);
            for (qsizetype j = i + 1; j < narrow.entries.size(); ++j)
                QVERIFY(!narrow.entries[i].intersects(narrow.entries[j]));
        }
    }
};

QTEST_MAIN(TestLayerAxis)
#include "tst_layer_axis.moc"
