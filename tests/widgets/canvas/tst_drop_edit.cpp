#include "tests/widgets/document/small_network.h"
#include "widgets/canvas/drop_edit.h"

#include "core/model/presets.h"
#include "widgets/canvas/canvas_mime.h"

#include <QMimeData>
#include <QTest>

using namespace atomnet;
using Kind = DropPlace::Kind;

namespace
{
Network dropped(const Network &network, const Payload &payload, DropPlace place, bool copy = false)
{
    Network after = network;
    const auto edit = dropEdit(network, payload, place, copy);
    if (!edit) return {};
    for (const Edit &step : edit->edits)
        after = atomnet::apply(after, step).value();
    return after;
}

std::vector<BlockId> ids(const Stage &stage)
{
    std::vector<BlockId> list;
    for (const Block &block : stage.blocks)
        list.push_back(block.id);
    return list;
}
} // namespace

class TestDropEdit : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init() { m_network = smallNetwork(); }
    void aPaletteBlockTakesTheWidthOfItsPlace_data()
    {
        QTest::addColumn<int>("stage");
        QTest::addColumn<int>("index");
        QTest::addColumn<int>("width");
        QTest::newRow("first of all") << 0 << 0 << defaultBlock(BlockType::Sep).out;
        QTest::newRow("first of a stage") << 1 << 0 << 8;
        QTest::newRow("last") << 1 << 2 << 16;
    }
    void aPaletteBlockTakesTheWidthOfItsPlace()
    {
        QFETCH(int, stage);
        QFETCH(int, index);
        QFETCH(int, width);
        const NewBlocks payload{{defaultBlock(BlockType::Sep)}, true};
        const Network after = dropped(m_network, payload, {Kind::InStage, stage, index});
        const auto &blocks = after.stages[std::size_t(stage)].blocks;
        QCOMPARE(blocks.size(), m_network.stages[std::size_t(stage)].blocks.size() + 1);
        QCOMPARE(blocks[std::size_t(index)].out, width);
        QCOMPARE(newBlocks(m_network, after), std::vector{blocks[std::size_t(index)].id});
    }
    void pastedBlocksKeepTheirWidth()
    {
        Block wide = defaultBlock(BlockType::Sep);
        wide.out = 200;
        const Network after = dropped(m_network, NewBlocks{{wide}, false}, {Kind::InStage, 1, 1});
        QCOMPARE(after.stages[1].blocks[1].out, 200);
    }
    void besideTheStagesANewOneIsMade()
    {
        const NewBlocks payload{{defaultBlock(BlockType::Sep)}, true};
        const Network after = dropped(m_network, payload, {Kind::NewStage, 2, 0});
        QCOMPARE(after.stages.size(), std::size_t(3));
        QCOMPARE(after.stages[2].name, QStringLiteral("s2")); // s1 is taken
        QCOMPARE(after.stages[2].blocks.size(), std::size_t(1));
        QCOMPARE(after.stages[2].blocks[0].out, 16);
    }
    void movingKeepsIdentity()
    {
        const std::vector<BlockId> before = ids(m_network.stages[1]);
        const Network within =
            dropped(m_network, PresentBlocks{{before[0]}}, {Kind::InStage, 1, 2});
        QCOMPARE(ids(within.stages[1]), (std::vector{before[1], before[0]}));
        const Network between =
            dropped(m_network, PresentBlocks{{before[1]}}, {Kind::InStage, 0, 0});
        QCOMPARE(between.stages[0].blocks[0].id, before[1]);
        QCOMPARE(ids(between.stages[1]), std::vector{before[0]});
        const Network fresh = dropped(m_network, PresentBlocks{before}, {Kind::NewStage, 0, 0});
        QCOMPARE(fresh.stages.size(), std::size_t(3));
        QCOMPARE(ids(fresh.stages[0]), before);
        QVERIFY(fresh.stages[2].blocks.empty());
    }
    void copyingLeavesTheOriginals()
    {
        const std::vector<BlockId> before = ids(m_network.stages[1]);
        const Network after =
            dropped(m_network, PresentBlocks{{before[1], before[0]}}, {Kind::InStage, 0, 1}, true);
        QCOMPARE(ids(after.stages[1]), before);
        QCOMPARE(after.stages[0].blocks.size(), std::size_t(3));
        QCOMPARE(after.stages[0].blocks[1].out, 8); // in the order of the design
        QCOMPARE(after.stages[0].blocks[2].out, 16);
        QCOMPARE(newBlocks(m_network, after).size(), std::size_t(2));
    }
    void stagesMove()
    {
        const StageId first = m_network.stages[0].id;
        const Network after = dropped(m_network, PresentStage{first}, {Kind::NewStage, 2, 0});
        QCOMPARE(after.stages[1].id, first);
    }
    void aPresetReplacesTheDesignAnywhere()
    {
        const Network after = dropped(m_network, WholeDesign{presets()[0].network}, {});
        QVERIFY(sameDesign(after, presets()[0].network));
    }
    void inputAndHeadSayWhyNot()
    {
        const auto edit =
            dropEdit(m_network, NewBlocks{{defaultBlock(BlockType::Sep)}, true}, {}, false);
        QVERIFY(!edit);
        QVERIFY(edit.error().what.contains(QStringLiteral("between stages")));
    }
    void mimeDataComesBack()
    {
        const std::unique_ptr<QMimeData> blocks(blocksMime(m_network.stages[1].blocks));
        QVERIFY(canDrop(blocks.get()));
        const auto copied = payloadOf(blocks.get());
        QVERIFY(copied);
        QCOMPARE(std::get<NewBlocks>(*copied).blocks.size(), std::size_t(2));
        QVERIFY(!std::get<NewBlocks>(*copied).takeWidth);

        const std::unique_ptr<QMimeData> fresh(newBlockMime(BlockType::MbConv));
        const auto inserted = payloadOf(fresh.get());
        QVERIFY(inserted && std::get<NewBlocks>(*inserted).takeWidth);
        QVERIFY(std::get<NewBlocks>(*inserted).blocks[0].type == BlockType::MbConv);

        const std::unique_ptr<QMimeData> preset(presetMime(presets()[2].id));
        const auto whole = payloadOf(preset.get());
        QVERIFY(whole && sameDesign(std::get<WholeDesign>(*whole).network, presets()[2].network));
    }
    void foreignDataIsRefused()
    {
        QMimeData text;
        text.setText(QStringLiteral("hello"));
        QVERIFY(!canDrop(&text));
        QVERIFY(!payloadOf(&text));
        QMimeData damaged;
        damaged.setData(QLatin1String(blocksMimeType), "{\"format\":");
        QVERIFY(canDrop(&damaged));
        QVERIFY(!payloadOf(&damaged));
    }

private:
    Network m_network;
};

QTEST_GUILESS_MAIN(TestDropEdit)
#include "tst_drop_edit.moc"
