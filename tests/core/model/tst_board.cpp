#include "core/model/board.h"

#include <QTest>

using namespace atomnet;

class TestBoard : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void shipsTheBoards_data()
    {
        QTest::addColumn<QString>("id");
        QTest::addColumn<QString>("core");
        QTest::addColumn<qint64>("sramKib");
        QTest::addColumn<qint64>("flashKib");
        QTest::addColumn<qint64>("clockHz");
        QTest::addColumn<bool>("isVirtual");
        const auto row = [](const char *id, const char *core, qint64 sram, qint64 flash,
                            qint64 mhz) {
            QTest::newRow(id) << QString::fromLatin1(id) << QString::fromLatin1(core) << sram
                              << flash << mhz * 1000000 << (mhz == 0);
        };
        row("stm32f412", "Cortex-M4", 256, 1024, 100);
        row("stm32f746", "Cortex-M7", 320, 1024, 216);
        row("stm32h743", "Cortex-M7", 512, 2048, 400);
        row("qemu-m4", "Cortex-M4", 4096, 4096, 0);
        row("qemu-m7", "Cortex-M7", 4096, 4096, 0);
    }

    void shipsTheBoards()
    {
        QFETCH(QString, id);
        QFETCH(QString, core);
        QFETCH(qint64, sramKib);
        QFETCH(qint64, flashKib);
        QFETCH(qint64, clockHz);
        QFETCH(bool, isVirtual);
        const Result<Board> board = boardById(id);
        QVERIFY(board);
        QCOMPARE(board->id, id);
        QCOMPARE(board->core, core);
        QCOMPARE(board->sramBytes, sramKib * 1024);
        QCOMPARE(board->flashBytes, flashKib * 1024);
        QCOMPARE(board->clockHz, clockHz);
        QCOMPARE(board->isVirtual, isVirtual);
        QCOMPARE(board->stackApart, id == QStringLiteral("stm32h743")); // in DTCM
    }

    void keepsTheOrderOfTheIndex()
    {
        QStringList ids;
        for (const Board &board : boards())
            ids << board.id;
        QCOMPARE(ids, QStringList({QStringLiteral("stm32f412"), QStringLiteral("stm32f746"),
                                   QStringLiteral("stm32h743"), QStringLiteral("qemu-m4"),
                                   QStringLiteral("qemu-m7")}));
    }

    void anUnknownBoardNamesTheKnownOnes()
    {
        const Result<Board> board = boardById(QStringLiteral("stm32f103"));
        QVERIFY(!board);
        QCOMPARE(board.error().code, ErrorCode::Usage);
        QCOMPARE(board.error().what,
                 QStringLiteral("there is no board \"stm32f103\"; use one of stm32f412, stm32f746, "
                                "stm32h743, qemu-m4, qemu-m7"));
    }

    void findsRuntimesById()
    {
        for (const Runtime runtime : allRuntimes) {
            const Result<Runtime> found = runtimeById(runtimeId(runtime));
            QVERIFY(found);
            QCOMPARE(*found, runtime);
            QVERIFY(!displayName(runtime).isEmpty());
        }
        const Result<Runtime> none = runtimeById(QStringLiteral("tflite"));
        QVERIFY(!none);
        QCOMPARE(none.error().code, ErrorCode::Usage);
        QVERIFY(none.error().what.contains(QStringLiteral("x-cube-ai-7.2, atomnet-1")));
    }
};

QTEST_APPLESS_MAIN(TestBoard)
#include "tst_board.moc"
