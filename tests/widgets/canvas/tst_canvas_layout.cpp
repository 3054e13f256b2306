#include "tests/widgets/document/small_network.h"
#include "widgets/canvas/canvas_layout.h"

#include "core/model/presets.h"

#include <QApplication>
#include <QTest>

using namespace atomnet;
using Kind = DropPlace::Kind;

namespace
{
CanvasLayout laid(const Network &network)
{
    return layOut(network, CanvasMetrics::forFont(QApplication::font()));
}
} // namespace

class TestCanvasLayout : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void nothingOverlaps()
    {
        for (const Preset &preset : presets()) {
            const CanvasLayout layout = laid(preset.network);
            std::vector<QRectF> boxes{layout.input, layout.head, layout.addStage, layout.band};
            for (const StageBox &stage : layout.stages) {
                boxes.push_back(stage.frame);
                QRectF above = stage.header;
                for (const QRectF &card : stage.cards) {
                    QVERIFY(stage.frame.contains(card));
                    QVERIFY(card.top() > above.bottom());
                    above = card;
                }
            }
            for (std::size_t a = 0; a < boxes.size(); ++a) {
                QVERIFY(layout.bounds.contains(boxes[a]));
                for (std::size_t b = a + 1; b < boxes.size(); ++b)
                    QVERIFY2(!boxes[a].intersects(boxes[b]), qPrintable(preset.id));
            }
        }
    }
    void stagesStandInTheOrderOfTheDesign()
    {
        const Network network = presets().front().network;
        const CanvasLayout layout = laid(network);
        QCOMPARE(layout.stages.size(), network.stages.size());
        double x = layout.input.right();
        for (std::size_t s = 0; s < network.stages.size(); ++s) {
            QCOMPARE(layout.stages[s].id, network.stages[s].id);
            QCOMPARE(layout.stages[s].cards.size(), network.stages[s].blocks.size());
            QVERIFY(layout.stages[s].frame.left() > x);
            x = layout.stages[s].frame.right();
        }
        QVERIFY(layout.head.left() > x);
    }
    void aPointMeansTheNearestGap()
    {
        const CanvasLayout layout = laid(smallNetwork());
        const StageBox &s1 = layout.stages[1];
        const QRectF first = s1.cards[0], second = s1.cards[1];
        const auto at = [&](QPointF point) { return dropPlaceAt(layout, point); };
        QCOMPARE(at(s1.header.center()), (DropPlace{Kind::InStage, 1, 0}));
        QCOMPARE(at(first.center() - QPointF(0, 2)), (DropPlace{Kind::InStage, 1, 0}));
        QCOMPARE(at(first.center() + QPointF(0, 2)), (DropPlace{Kind::InStage, 1, 1}));
        QCOMPARE(at(second.center() + QPointF(0, 2)), (DropPlace{Kind::InStage, 1, 2}));
        QCOMPARE(at(QPointF(second.center().x(), 1e6)), (DropPlace{Kind::InStage, 1, 2}));
    }
    void betweenAndBesideStagesANewOneBegins()
    {
        const CanvasLayout layout = laid(smallNetwork());
        const auto left = [&](std::size_t s) { return layout.stages[s].frame.left() - 2; };
        QCOMPARE(dropPlaceAt(layout, {left(0), 50}), (DropPlace{Kind::NewStage, 0, 0}));
        QCOMPARE(dropPlaceAt(layout, {left(1), 50}), (DropPlace{Kind::NewStage, 1, 0}));
        QCOMPARE(dropPlaceAt(layout, {layout.head.right() + 100, 50}),
                 (DropPlace{Kind::NewStage, 2, 0}));
        QCOMPARE(dropPlaceAt(layout, {layout.addStage.center()}),
                 (DropPlace{Kind::NewStage, 2, 0}));
    }
    void inputAndHeadRefuse()
    {
        const CanvasLayout layout = laid(smallNetwork());
        QVERIFY(!dropPlaceAt(layout, layout.input.center()).valid());
        QVERIFY(!dropPlaceAt(layout, layout.head.center()).valid());
    }
    void anEmptyDesignTakesABlockAnywhere()
    {
        const CanvasLayout layout = laid(Network{});
        QCOMPARE(dropPlaceAt(layout, {layout.input.right() + 3, 500}),
                 (DropPlace{Kind::NewStage, 0, 0}));
        QVERIFY(layout.head.left() > layout.input.right());
    }
    void aStageGoesBetweenStages()
    {
        const CanvasLayout layout = laid(smallNetwork());
        const auto centre = [&](std::size_t s) { return layout.stages[s].frame.center(); };
        QCOMPARE(stagePlaceAt(layout, centre(0) - QPointF(1, 0)).stage, 0);
        QCOMPARE(stagePlaceAt(layout, centre(0) + QPointF(1, 0)).stage, 1);
        QCOMPARE(stagePlaceAt(layout, centre(1) + QPointF(1, 0)).stage, 2);
    }
    void theMarkLiesInTheGap()
    {
        const CanvasLayout layout = laid(smallNetwork());
        const StageBox &s1 = layout.stages[1];
        const QLineF between = insertionMark(layout, {Kind::InStage, 1, 1});
        QVERIFY(between.y1() > s1.cards[0].bottom() && between.y1() < s1.cards[1].top());
        const QLineF first = insertionMark(layout, {Kind::InStage, 1, 0});
        QVERIFY(first.y1() > s1.header.bottom() - 1 && first.y1() < s1.cards[0].top());
        const QLineF last = insertionMark(layout, {Kind::InStage, 1, 2});
        QVERIFY(last.y1() > s1.cards[1].bottom() && last.y1() < s1.frame.bottom());
        const QLineF stage = insertionMark(layout, {Kind::NewStage, 1, 0});
        QVERIFY(stage.x1() > layout.stages[0].frame.right() && stage.x1() < s1.frame.left());
        QVERIFY(insertionMark(layout, {}).isNull());
    }
    void aLargerFontGivesLargerCards()
    {
        QFont font = QApplication::font();
        const CanvasMetrics normal = CanvasMetrics::forFont(font);
        font.setPointSizeF(font.pointSizeF() * 2);
        const CanvasMetrics large = CanvasMetrics::forFont(font);
        QVERIFY(large.card.width() > 1.5 * normal.card.width());
        QVERIFY(large.card.height() > 1.5 * normal.card.height());
        font.setPixelSize(30);
        QVERIFY(CanvasMetrics::forFont(font).smallFont.pixelSize() < 30);
    }
};

QTEST_MAIN(TestCanvasLayout)
#include "tst_canvas_layout.moc"
