#include "tests/widgets/document/small_network.h"
#include "widgets/canvas/stage_hints.h"

#include "core/analysis/analyze.h"
#include "core/model/presets.h"

#include <QTest>

using namespace atomnet;

class TestStageHints : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void theLargerShareCounts()
    {
        const Network network = smallNetwork();
        const auto figures = [](BlockId id, qint64 sram, qint64 flash) {
            BlockFigures f;
            f.block = id;
            f.sramBytes = sram;
            f.flashBytes = flash;
            return f;
        };
        const auto &s1 = network.stages[1].blocks;
        const auto result = stageDominance(
            network, {figures(network.stages[0].blocks[0].id, 100, 10), figures(s1[0].id, 40, 30),
                      figures(s1[1].id, 20, 30), figures({}, 10, 80)});
        QVERIFY(result == (std::vector{Dominance::Sram, Dominance::Flash, Dominance::Flash}));
    }
    void littleOfBothIsNeither()
    {
        const Network network = smallNetwork();
        BlockFigures head;
        head.sramBytes = 100;
        head.flashBytes = 100;
        BlockFigures block;
        block.block = network.stages[0].blocks[0].id;
        block.sramBytes = 49;
        block.flashBytes = 49;
        const auto result = stageDominance(network, {block, head});
        QVERIFY(result[0] == Dominance::Neither);
        QVERIFY(result[1] == Dominance::Neither);
        QVERIFY(result[2] == Dominance::Sram);
    }
    void blocksOfAPreviewDoNotCountForTheHead()
    {
        const Network network = smallNetwork();
        BlockFigures block, fresh;
        block.block = network.stages[0].blocks[0].id;
        block.sramBytes = block.flashBytes = 100;
        fresh.block = BlockId{999};
        fresh.flashBytes = 100;
        const auto result = stageDominance(network, {block, fresh});
        QVERIFY(result[0] == Dominance::Sram);
        QVERIFY(result.back() == Dominance::Neither);
    }
    void neighboursJoin()
    {
        using enum Dominance;
        QCOMPARE(dominanceRuns({Sram, Sram, Neither, Sram, Flash, Flash}),
                 (std::vector<DominanceRun>{{Sram, 0, 1}, {Sram, 3, 3}, {Flash, 4, 5}}));
        QVERIFY(dominanceRuns({Neither, Neither}).empty());
    }
    void aPublishedNetworkIsSramBoundFirstAndFlashBoundLast()
    {
        Target target;
        target.board = boardById(QStringLiteral("stm32h743")).value();
        target.runtime = Runtime::XCubeAi72;
        const Network network = presetById(QStringLiteral("atomnet-256kb"))->network;
        const Report report = analyze(network, target, {}).value();
        const auto runs = dominanceRuns(stageDominance(network, perBlock(report)));
        QVERIFY(runs.size() >= 2);
        QVERIFY(runs.front().dominance == Dominance::Sram);
        QVERIFY(runs.back().dominance == Dominance::Flash);
    }
};

QTEST_GUILESS_MAIN(TestStageHints)
#include "tst_stage_hints.moc"
