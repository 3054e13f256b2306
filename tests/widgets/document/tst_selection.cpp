#include "tests/widgets/document/small_network.h"
#include "widgets/document/selection.h"

#include <QSignalSpy>
#include <QTest>

using namespace atomnet;

class TestSelection : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void blocksAreKeptOnceAndInOrder()
    {
        Selection selection;
        selection.setBlocks({BlockId{3}, BlockId{1}, BlockId{3}, BlockId{}});
        QCOMPARE(selection.blocks(), (std::vector{BlockId{3}, BlockId{1}}));
        QVERIFY(selection.contains(BlockId{1}));
        QVERIFY(!selection.contains(BlockId{2}));
    }
    void togglingAddsAndRemoves()
    {
        Selection selection;
        selection.toggleBlock(BlockId{1});
        selection.toggleBlock(BlockId{2});
        selection.toggleBlock(BlockId{1});
        QCOMPARE(selection.blocks(), std::vector{BlockId{2}});
    }
    void onlyOneKindIsSelectedAtATime()
    {
        Selection selection;
        selection.setBlocks({BlockId{1}});
        selection.selectHead();
        QVERIFY(selection.headSelected() && selection.blocks().empty());
        selection.selectStage(StageId{4});
        QVERIFY(!selection.headSelected());
        QCOMPARE(selection.stage(), StageId{4});
        selection.selectInput();
        QVERIFY(selection.inputSelected() && !selection.stage());
        selection.clear();
        QVERIFY(selection.isEmpty());
    }
    void aLayerComesWithItsBlock()
    {
        Selection selection;
        selection.selectLayer(7, BlockId{2});
        QCOMPARE(selection.layer(), std::optional(7));
        QCOMPARE(selection.blocks(), std::vector{BlockId{2}});
        selection.selectLayer(9, BlockId{});
        QVERIFY(selection.headSelected());
        selection.setBlocks({BlockId{2}});
        QCOMPARE(selection.layer(), std::nullopt);
    }
    void signalsOnlyWhenSomethingChanged()
    {
        Selection selection;
        QSignalSpy changed(&selection, &Selection::changed);
        QSignalSpy hovered(&selection, &Selection::hoverChanged);
        selection.setBlocks({BlockId{1}});
        selection.setBlocks({BlockId{1}});
        selection.hover(3, BlockId{1});
        selection.hover(3, BlockId{1});
        QCOMPARE(changed.size(), 1);
        QCOMPARE(hovered.size(), 1);
        QCOMPARE(selection.hoveredLayer(), std::optional(3));
        QCOMPARE(selection.hoveredBlock(), BlockId{1});
    }
    void whatTheDesignNoLongerHoldsIsForgotten()
    {
        const Network network = smallNetwork();
        const BlockId present = network.stages[0].blocks[0].id;
        Selection selection;
        selection.setBlocks({present, BlockId{999}});
        selection.hover({}, BlockId{999});
        selection.retain(network);
        QCOMPARE(selection.blocks(), std::vector{present});
        QVERIFY(!selection.hoveredBlock());
        selection.selectStage(StageId{998});
        selection.retain(network);
        QVERIFY(selection.isEmpty());
        selection.selectLayer(2, present); // the layer's index may mean another one now
        selection.retain(network);
        QCOMPARE(selection.layer(), std::nullopt);
        QVERIFY(selection.contains(present));
    }
};

QTEST_GUILESS_MAIN(TestSelection)
#include "tst_selection.moc"
