#include "widgets/canvas/card_figures.h"

#include <QTest>

using namespace atomnet;

namespace
{
BlockFigures figures(quint32 block, qint64 sram, qint64 flash, qint64 latency,
                     Source source = Source::Measured)
{
    BlockFigures f;
    f.block = BlockId{block};
    f.sramBytes = sram;
    f.flashBytes = flash;
    f.latency.value = latency;
    f.latency.source = source;
    return f;
}
} // namespace

class TestCardFigures : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init()
    {
        m_report = {};
        m_report.sram.available = 1000;
        m_report.sram.fit = Fit::Within;
        m_report.layers.resize(2);
        m_report.layers[0].atom.blockId = BlockId{1};
        m_report.layers[1].atom.blockId = BlockId{2};
        m_report.peak.layer = 1;
        m_blocks = {figures(1, 250, 40, 10), figures(2, 500, 80, 20, Source::Estimated)};
    }
    void sramIsAgainstTheLimitTheRestAgainstTheLargest()
    {
        const FigureScale scale = figureScale(m_report, m_blocks);
        const CardFigures first = cardFigures(m_blocks[0], scale);
        QCOMPARE(first.sram.share, 0.25);
        QCOMPARE(first.flash.share, 0.5);
        QCOMPARE(first.latency.share, 0.5);
        QVERIFY(first.latency.source == Source::Measured);
        QVERIFY(!first.peak);
        const CardFigures second = cardFigures(m_blocks[1], scale);
        QVERIFY(second.latency.source == Source::Estimated);
        QVERIFY(second.peak && !second.sram.over);
    }
    void aboveTheLimitIsOverAndFull()
    {
        m_blocks[1].sramBytes = 1001;
        const CardFigures over = cardFigures(m_blocks[1], figureScale(m_report, m_blocks));
        QVERIFY(over.sram.over);
        QCOMPARE(over.sram.share, 1.0);
    }
    void withoutALimitTheLargestBlockIsFull()
    {
        m_report.sram.fit = Fit::NoLimit;
        const FigureScale scale = figureScale(m_report, m_blocks);
        QCOMPARE(cardFigures(m_blocks[0], scale).sram.share, 0.5);
        QVERIFY(!cardFigures(m_blocks[1], scale).sram.over);
    }
    void estimatedSramIsMarked()
    {
        m_report.sram.estimated = true;
        const CardFigures f = cardFigures(m_blocks[0], figureScale(m_report, m_blocks));
        QVERIFY(f.sram.source == Source::Estimated);
        QVERIFY(f.flash.source == Source::Measured);
    }
    void thePeakMayLieInTheHead()
    {
        m_report.layers[1].atom.blockId = {};
        const FigureScale scale = figureScale(m_report, m_blocks);
        QVERIFY(cardFigures(figures(0, 1, 1, 1), scale).peak);
        QVERIFY(!cardFigures(m_blocks[1], scale).peak);
    }
    void anEmptyReportHasNoPeakAndNoShares()
    {
        const FigureScale scale = figureScale(Report{}, {});
        const CardFigures f = cardFigures(figures(0, 0, 0, 0), scale);
        QVERIFY(!f.peak);
        QCOMPARE(f.sram.share + f.flash.share + f.latency.share, 0.0);
    }

private:
    Report m_report;
    std::vector<BlockFigures> m_blocks;
};

QTEST_GUILESS_MAIN(TestCardFigures)
#include "tst_card_figures.moc"
