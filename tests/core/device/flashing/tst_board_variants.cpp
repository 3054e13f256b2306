#include "core/device/flashing/tool_output.h"
#include "core/device/known_probes.h"
#include "core/model/board.h"

#include <QSet>
#include <QTest>

using namespace atomnet;

class TestBoardVariants : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void everyVariantIsOfABoardThatShips()
    {
        QCOMPARE(boardVariants().size(), std::size_t(5));
        QSet<QString> ids, images;
        for (const BoardVariant &variant : boardVariants()) {
            ids << variant.id;
            images << variant.image;
            const auto board = boardById(variant.board);
            QVERIFY2(board, qPrintable(variant.id));
            QVERIFY(!board->isVirtual);
            QCOMPARE(variant.flashBytes, board->flashBytes);
        }
        QCOMPARE(ids.size(), 5);
        QCOMPARE(images.size(), 5);
    }

    void chipIdsAreThoseOfTheFamilies()
    {
        for (const BoardVariant &variant : boardVariants())
            QCOMPARE(variant.chipId, variant.board == u"stm32f412"   ? chipF412
                                     : variant.board == u"stm32f746" ? chipF746
                                                                     : chipH743);
    }

    void variantsAreFoundByTheirIdAndByTheirBoard()
    {
        QCOMPARE(boardVariant("stm32f746-discovery")->name, QString("STM32F746G-DISCO"));
        QCOMPARE(boardVariant("stm32f746")->id, QString("stm32f746-nucleo"));
    }

    void unknownOnesAreAnsweredWithTheList()
    {
        const auto variant = boardVariant("qemu-m7");
        QVERIFY(!variant);
        QCOMPARE(variant.error().code, ErrorCode::Usage);
        QVERIFY(variant.error().what.contains("stm32h743-nucleo"));
    }

    void toolNamesReadBack()
    {
        for (const FlashTool tool : {FlashTool::StFlash, FlashTool::OpenOcd, FlashTool::DfuUtil})
            QCOMPARE(flashToolFrom(toString(tool)), std::optional(tool));
        QVERIFY(!flashToolFrom(u"stlink"));
    }

    void probesAreKnownOnce()
    {
        QSet<quint32> ids;
        for (const KnownProbe &probe : knownProbes())
            ids << (quint32(probe.vendor) << 16 | probe.product);
        QCOMPARE(std::size_t(ids.size()), knownProbes().size());
    }
};

QTEST_APPLESS_MAIN(TestBoardVariants)
#include "tst_board_variants.moc"
