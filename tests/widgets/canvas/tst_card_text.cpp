#include "widgets/canvas/card_text.h"

#include "core/base/format.h"
#include "core/model/edit.h"

#include <QTest>

using namespace atomnet;

class TestCardText : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void onlyWhatIsUnusualIsNamed()
    {
        Block block = defaultBlock(BlockType::Sep);
        block.kernel = 3;
        block.stride = 1;
        block.act = Activation::None;
        QCOMPARE(detailText(block), QStringLiteral("3×3"));
        QCOMPARE(extraText(block), QString());
        block.stride = 2;
        block.act = Activation::HSwish;
        block.se = SqueezeExcite{};
        QCOMPARE(detailText(block), QStringLiteral("3×3 /2"));
        QCOMPARE(extraText(block), QStringLiteral("SE HSwish"));
        block.type = BlockType::ConvNext;
        block.expand = 2.5;
        QCOMPARE(detailText(block), QStringLiteral("3×3 /2 e2.5"));
    }
    void theHeadNamesItsLayers()
    {
        Head head;
        QCOMPARE(detailText(head), QStringLiteral("pool"));
        head.conv = HeadLayer{960, Activation::HSwish, {}};
        head.hidden = HeadLayer{1280, Activation::HSwish, {}};
        QCOMPARE(detailText(head), QStringLiteral("conv 960, pool, FC 1280"));
    }
    void theSentenceSaysEverything()
    {
        Block block = defaultBlock(BlockType::MbConv);
        block.out = 64;
        block.kernel = 5;
        block.stride = 2;
        block.expand = 6;
        block.act = Activation::Relu6;
        block.repeat = 3;
        block.se = SqueezeExcite{};
        const QString text = sentence(block);
        for (const char *part :
             {"MBConv", "64", "kernel 5", "stride 2", "expansion 6", "squeeze", "ReLU6", "3 times"})
            QVERIFY2(text.contains(QLatin1String(part)), part);
    }
    void theToolTipTellsWhereFiguresComeFrom()
    {
        const Block block = defaultBlock(BlockType::Sep);
        Report report;
        report.sram.estimated = true;
        BlockFigures figures;
        figures.sramBytes = 155238;
        figures.latency = {1'310'000, 1'200'000, 1'400'000, Source::Measured, 7, false};
        const auto tip = [&] {
            return blockToolTip(block, {8, 8, 8}, {8, 8, 16}, figures, &report);
        };
        QVERIFY(tip().contains(QStringLiteral("8×8×8 → 8×8×16")));
        QVERIFY(tip().contains(formatBytes(155238)));
        QVERIFY(tip().contains(QStringLiteral("estimated"))); // the SRAM
        QVERIFY(tip().contains(QStringLiteral("measured (7 samples)")));
        figures.latency.source = Source::Estimated;
        figures.latency.extrapolated = true;
        QVERIFY(tip().contains(QStringLiteral("extrapolated")));
        figures.latency.source = Source::Missing;
        QVERIFY(tip().contains(QStringLiteral("missing")));
        // Without figures no table of zeros.
        QVERIFY(!blockToolTip(block, {8, 8, 8}, {8, 8, 16}, {}, nullptr)
                     .contains(QStringLiteral("SRAM")));
    }
    void aDifferenceHasASign()
    {
        Report before, after;
        after.sram.value = 12 * 1024;
        before.flash.value = 1024;
        before.latency.value = 3'000'000;
        const QString text = differenceText(after, before);
        QVERIFY(text.contains(QStringLiteral("SRAM +12.0 KiB")));
        QVERIFY(text.contains(QStringLiteral("1.0 KiB")));
        QVERIFY(!text.contains(QStringLiteral("Flash +")));
        QVERIFY(text.contains(QStringLiteral("−3.00 ms")));
    }
};

QTEST_GUILESS_MAIN(TestCardText)
#include "tst_card_text.moc"
