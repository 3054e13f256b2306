// Two transports into one decoder.
#include "firmware/port/stm32/duplex.h"
#include "firmware/protocol/ap_frame.h"

#include <QByteArray>
#include <QRandomGenerator>
#include <QtTest>

namespace
{
QByteArray arrived[DUPLEX_WAYS];

template <int way>
size_t take(uint8_t *to, size_t room)
{
    const size_t count = std::min(room, size_t(arrived[way].size()));
    memcpy(to, arrived[way].constData(), count);
    arrived[way].remove(0, qsizetype(count));
    return count;
}

duplex_t made()
{
    arrived[0].clear();
    arrived[1].clear();
    duplex_t duplex = {};
    duplex.read[DUPLEX_UART] = take<DUPLEX_UART>;
    duplex.read[DUPLEX_USB] = take<DUPLEX_USB>;
    duplex.patience = 100;
    return duplex;
}

QByteArray readAll(duplex_t &duplex, uint32_t now, size_t room = 16)
{
    QByteArray all;
    uint8_t to[64];
    while (const size_t count = duplex_read(&duplex, to, room, now))
        all.append(reinterpret_cast<const char *>(to), qsizetype(count));
    return all;
}

const QByteArray zero(1, '\0');
} // namespace

class TestDuplex : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void theReplyGoesWhereTheFrameCameFrom();
    void aFrameUnderWayIsNotMixedWithAnother();
    void aFrameThatStopsIsEnded_data();
    void aFrameThatStopsIsEnded();
    void aPauseAloneEndsNothing();
    void framesOfBothWaysAllArrive();
};

void TestDuplex::theReplyGoesWhereTheFrameCameFrom()
{
    duplex_t duplex = made();
    arrived[DUPLEX_USB] = "abc" + zero;
    QCOMPARE(readAll(duplex, 0), "abc" + zero);
    QCOMPARE(duplex.reply, uint8_t(DUPLEX_USB));
    arrived[DUPLEX_UART] = "de";
    QCOMPARE(readAll(duplex, 1), "de");
    QCOMPARE(duplex.reply, uint8_t(DUPLEX_USB)); // not whole yet
    arrived[DUPLEX_UART] = zero;
    QCOMPARE(readAll(duplex, 2), zero);
    QCOMPARE(duplex.reply, uint8_t(DUPLEX_UART));
}

void TestDuplex::aFrameUnderWayIsNotMixedWithAnother()
{
    duplex_t duplex = made();
    arrived[DUPLEX_UART] = "half";
    QCOMPARE(readAll(duplex, 0), "half");
    arrived[DUPLEX_USB] = "whole" + zero;
    QCOMPARE(readAll(duplex, 50), "");
    arrived[DUPLEX_UART] = "rest" + zero;
    QCOMPARE(readAll(duplex, 60), "rest" + zero + "whole" + zero);
    QCOMPARE(duplex.reply, uint8_t(DUPLEX_USB));
}

void TestDuplex::aFrameThatStopsIsEnded_data()
{
    QTest::addColumn<uint>("room");
    QTest::newRow("much room") << 16u;
    QTest::newRow("two bytes") << 2u;
}

void TestDuplex::aFrameThatStopsIsEnded()
{
    QFETCH(uint, room);
    duplex_t duplex = made();
    arrived[DUPLEX_UART] = "half";
    QCOMPARE(readAll(duplex, 0, room), "half");
    arrived[DUPLEX_USB] = "whole" + zero;
    QCOMPARE(readAll(duplex, 99, room), "");
    QCOMPARE(readAll(duplex, 100, room), zero + "whole" + zero);
    QCOMPARE(duplex.reply, uint8_t(DUPLEX_USB));
    arrived[DUPLEX_UART] = "late" + zero;
    QCOMPARE(readAll(duplex, 101, room), "late" + zero);
}

void TestDuplex::aPauseAloneEndsNothing()
{
    duplex_t duplex = made();
    arrived[DUPLEX_USB] = "ha";
    QCOMPARE(readAll(duplex, 0), "ha");
    // The other way has nothing: however long the pause, the frame may still go on.
    const QByteArray now = readAll(duplex, 5000);
    arrived[DUPLEX_USB] = "lf" + zero;
    QCOMPARE(now + readAll(duplex, 5001), "lf" + zero);
}

void TestDuplex::framesOfBothWaysAllArrive()
{
    QRandomGenerator random(7);
    duplex_t duplex = made();
    static ap_decoder_t decoder;
    decoder = {};
    QByteArray waiting[DUPLEX_WAYS];
    const int each = 200;
    for (int way = 0; way < DUPLEX_WAYS; ++way)
        for (int i = 0; i < each; ++i) {
            const ap_header_t header = {uint8_t(way + 1), 0, uint16_t(i),
                                        size_t(random.bounded(60))};
            uint8_t payload[64] = {}, frame[AP_MAX_FRAME];
            const size_t count = ap_frame_encode(&header, payload, frame);
            waiting[way].append(reinterpret_cast<const char *>(frame), qsizetype(count));
        }
    int next[DUPLEX_WAYS] = {0, 0};
    for (uint32_t now = 0; now < 100000 && next[0] + next[1] < 2 * each; ++now) {
        const int way = int(random.bounded(DUPLEX_WAYS));
        const qsizetype some = random.bounded(40);
        arrived[way] += waiting[way].left(some);
        waiting[way].remove(0, some);
        uint8_t to[64];
        const size_t count = duplex_read(&duplex, to, size_t(random.bounded(2, 64)), now);
        for (size_t i = 0; i < count; ++i) {
            ap_header_t header;
            if (!ap_decoder_push(&decoder, to[i], &header)) continue;
            const int from = header.type - 1;
            QCOMPARE(int(header.sequence), next[from]++);
        }
    }
    QCOMPARE(next[0], each);
    QCOMPARE(next[1], each);
    QCOMPARE(decoder.dropped, 0u);
}

QTEST_APPLESS_MAIN(TestDuplex)
#include "tst_duplex.moc"
