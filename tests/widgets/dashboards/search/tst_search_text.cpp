#include "widgets/dashboards/search/search_figures.h"
#include "widgets/dashboards/search/search_text.h"

#include "core/model/presets.h"

#include <QTest>

using namespace atomnet;

/// What the Search dock says.
class TestSearchText : public QObject
{
    Q_OBJECT

    static Block block(BlockType type, int out)
    {
        Block block;
        block.type = type;
        block.out = out;
        return block;
    }

private Q_SLOTS:
    void stagesCountEqualBlocks()
    {
        Stage stage;
        stage.blocks = {block(BlockType::Sep, 24), block(BlockType::Sep, 24)};
        stage.blocks[0].stride = 2; // belongs to the stage, not to what is told apart
        QCOMPARE(stageText(stage), QStringLiteral("SEP 24 \u00d72"));
        stage.blocks[1].repeat = 3;
        QCOMPARE(stageText(stage), QStringLiteral("SEP 24 \u00d74"));
        Block last = block(BlockType::ConvNext, 64);
        last.expand = 6;
        last.kernel = 5;
        last.se = SqueezeExcite{};
        stage.blocks.push_back(last);
        QCOMPARE(stageText(stage), QStringLiteral("SEP 24 \u00d74, ConvNeXt 64 e6 k5 SE"));
        QCOMPARE(stageText({}), QString());
    }

    void networksAreOneLine()
    {
        Network network;
        network.input = {160, 160, 3};
        network.stages.resize(2);
        network.stages[0].blocks = {block(BlockType::Conv, 16)};
        network.stages[1].blocks = {block(BlockType::Sep, 24)};
        network.stages[1].blocks[0].repeat = 2;
        QCOMPARE(networkText(network), QStringLiteral("160: 16\u00d71 24\u00d72"));
        network.input.w = 96;
        QVERIFY(networkText(network).startsWith(QStringLiteral("160\u00d796:")));
    }

    void theProofTellsWhatItIsAbout()
    {
        SearchResult result;
        result.proven = true;
        result.feasible = 1'234'567;
        result.seconds = 0.006;
        SpaceCount count;
        count.distinctText = QStringLiteral("38,102,400");
        QCOMPARE(proofText(result, count),
                 QStringLiteral("Proven best of 38,102,400 networks, 1,234,567 feasible, 6.00 ms"));
        result.feasibleIsBound = true;
        QVERIFY(proofText(result, count).contains(QStringLiteral("at most 1,234,567 feasible")));
        result.proven = false;
        result.feasible.reset();
        QVERIFY(proofText(result, count).contains(QStringLiteral("not proven")));
        QVERIFY(!proofText(result, count).contains(QStringLiteral("feasible")));
    }

    void countsBeyondDoublesAreAbout()
    {
        QCOMPARE(countText(57153600), QStringLiteral("57,153,600"));
        QCOMPARE(countText(3.8e18), QStringLiteral("about 3.8e18"));
    }

    void figuresHaveTheirUnits()
    {
        QCOMPARE(figureText(Figure::Macs, 79'000'000, TimeUnit::Nanoseconds),
                 QStringLiteral("79.0 M"));
        QCOMPARE(figureText(Figure::Latency, 245'000'000, TimeUnit::Nanoseconds),
                 QStringLiteral("245 ms"));
        QCOMPARE(figureText(Figure::Latency, 245'000'000, TimeUnit::Instructions),
                 QStringLiteral("245 M instr."));
        QCOMPARE(figureText(Figure::Sram, 1536, TimeUnit::Nanoseconds), QStringLiteral("1.5 KiB"));
        QCOMPARE(exactText(Figure::Flash, 1'048'576, TimeUnit::Nanoseconds),
                 QStringLiteral("1,048,576 bytes"));
    }

    void locksAreNamed()
    {
        Network design = presets().front().network;
        QVERIFY(lockedText(design).isEmpty());
        design.inputLocked = true;
        design.stages[0].locked = true;
        design.stages[2].blocks[0].locked = true;
        QCOMPARE(lockedText(design), QStringLiteral("input, %1, %2 in part")
                                         .arg(design.stages[0].name, design.stages[2].name));
    }

    void aResultTakesTheDesignsLocks()
    {
        Network design = presets().front().network;
        design.inputLocked = true;
        design.stages[0].locked = true;
        design.stages[1].blocks[0].locked = true;
        Network found = design;
        found.inputLocked = false;
        for (Stage &stage : found.stages) {
            stage.locked = false;
            for (Block &each : stage.blocks)
                each.locked = false;
        }
        const Network taken = withLocksOf(found, design);
        QVERIFY(taken.inputLocked);
        QVERIFY(taken.stages[0].locked);
        QVERIFY(!taken.stages[1].locked);
        QVERIFY(taken.stages[1].blocks[0].locked);
        QVERIFY(!taken.stages[2].locked);
        found.input.h += 32; // another input cannot be the locked one
        QVERIFY(!withLocksOf(found, design).inputLocked);
        found.stages.resize(1); // fewer stages are no harm
        QVERIFY(withLocksOf(found, design).stages[0].locked);
    }

    void everyModeOfEstimatesIsExplained()
    {
        QStringList texts;
        for (const Estimates mode :
             {Estimates::MeasuredOnly, Estimates::Point, Estimates::Pessimistic})
            texts << estimatesText(mode);
        QCOMPARE(texts.removeDuplicates(), 0);
        for (const QString &text : texts)
            QVERIFY(text.endsWith(u'.'));
    }
};

QTEST_GUILESS_MAIN(TestSearchText)
#include "tst_search_text.moc"
