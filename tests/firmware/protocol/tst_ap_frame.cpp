#include "firmware/protocol/ap_frame.h"
#include "tests/firmware/profiler/frames.h"

#include <QRandomGenerator>
#include <QTest>

class TestApFrame : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void crcKnownAnswers();
    void knownFrames();
    void payloadsOfEveryKindComeThrough();
    void tooLongAPayloadIsRefused();
    void damageDropsOneFrameAlone();
    void randomBytesNeverMakeAFrame();
    void longerThanAnyFrame();
};

void TestApFrame::crcKnownAnswers()
{
    QCOMPARE(ap_crc32(0, "", 0), 0u);
    QCOMPARE(ap_crc32(0, "123456789", 9), 0xCBF43926u);
    QCOMPARE(ap_crc32(ap_crc32(0, "1234", 4), "56789", 5), 0xCBF43926u);
    const Bytes zeros(32, 0), ones(32, 0xFF);
    QCOMPARE(ap_crc32(0, zeros.data(), 32), 0x190A55ADu);
    QCOMPARE(ap_crc32(0, ones.data(), 32), 0xFF6CAB0Bu);
}

void TestApFrame::knownFrames()
{
    // 12 00 34 56, CRC-32 BC51DD06 by hand: zeros become block lengths.
    const Bytes plain{0x12, 0x00, 0x34, 0x56};
    const uint32_t crc = ap_crc32(0, plain.data(), plain.size());
    Bytes expected{0x02, 0x12, 0x07, 0x34, 0x56};
    for (int i = 0; i < 4; ++i)
        expected.push_back(uint8_t(crc >> 8 * i));
    expected.push_back(0);
    QCOMPARE(frame(0x12, 0x5634), expected);
    // 254 bytes without a zero fill a block; the next one begins behind it.
    const Bytes longer = frame(1, 0x0101, Bytes(400, 7), 1);
    QCOMPARE(longer[0], uint8_t(255));
    QVERIFY(std::find(longer.begin(), longer.end() - 1, 0) == longer.end() - 1);
}

void TestApFrame::payloadsOfEveryKindComeThrough()
{
    QRandomGenerator random(1);
    for (size_t count = 0; count <= AP_MAX_PAYLOAD; count = count < 600 ? count + 1 : count + 181) {
        for (int kind = 0; kind < 3; ++kind) { // all zeros, no zero, a mixture
            Bytes payload(count);
            for (uint8_t &byte : payload)
                byte = uint8_t(kind == 0   ? 0
                               : kind == 1 ? 1 + random.bounded(255)
                                           : random.bounded(3));
            const Bytes bytes = frame(7, uint16_t(count), payload, 9);
            QVERIFY(!bytes.empty() && bytes.size() <= AP_MAX_FRAME);
            const auto replies = repliesIn(bytes);
            QCOMPARE(replies.size(), size_t(1));
            QCOMPARE(replies[0].header.type, uint8_t(7));
            QCOMPARE(replies[0].header.status, uint8_t(9));
            QCOMPARE(replies[0].header.sequence, uint16_t(count));
            QVERIFY(replies[0].payload == payload);
        }
    }
}

void TestApFrame::tooLongAPayloadIsRefused()
{
    QVERIFY(frame(1, 1, Bytes(AP_MAX_PAYLOAD + 1)).empty());
    QCOMPARE(frame(1, 1, Bytes(AP_MAX_PAYLOAD, 1)).size(), size_t(AP_MAX_FRAME));
}

void TestApFrame::damageDropsOneFrameAlone()
{
    QRandomGenerator random(2);
    for (int round = 0; round < 3000; ++round) {
        Bytes payload(size_t(random.bounded(300)));
        for (uint8_t &byte : payload)
            byte = uint8_t(random.bounded(256));
        Bytes middle = frame(2, 2, payload);
        switch (random.bounded(3)) {
        case 0: { // another byte, but for the one that ends the frame
            const size_t at = size_t(random.bounded(int(middle.size() - 1)));
            middle[at] = uint8_t(middle[at] ^ (1 << random.bounded(8)));
            break;
        }
        case 1: // one less
            middle.erase(middle.begin() + random.bounded(int(middle.size() - 1)));
            break;
        default: // one more
            middle.insert(middle.begin() + random.bounded(int(middle.size() - 1)),
                          uint8_t(1 + random.bounded(255)));
        }
        Bytes stream = frame(1, 1, payload);
        stream.insert(stream.end(), middle.begin(), middle.end());
        const Bytes last = frame(3, 3, payload);
        stream.insert(stream.end(), last.begin(), last.end());
        const auto replies = repliesIn(stream);
        QCOMPARE(replies.size(), size_t(2));
        QCOMPARE(replies[0].header.type, uint8_t(1));
        QCOMPARE(replies[1].header.type, uint8_t(3));
    }
}

void TestApFrame::randomBytesNeverMakeAFrame()
{
    QRandomGenerator random(3);
    Bytes noise(200'000);
    for (uint8_t &byte : noise)
        byte = uint8_t(random.bounded(256));
    ap_decoder_t decoder{};
    ap_header_t header;
    for (const uint8_t byte : noise)
        QVERIFY(!ap_decoder_push(&decoder, byte, &header));
    QVERIFY(decoder.dropped > 500);
    ap_decoder_push(&decoder, 0, &header);
    const uint32_t dropped = decoder.dropped;
    for (int i = 0; i < 5; ++i)
        ap_decoder_push(&decoder, 0, &header); // empty frames are none
    QCOMPARE(decoder.dropped, dropped);
    int good = 0;
    for (const uint8_t byte : frame(4, 4))
        good += ap_decoder_push(&decoder, byte, &header);
    QCOMPARE(good, 1);
}

void TestApFrame::longerThanAnyFrame()
{
    ap_decoder_t decoder{};
    ap_header_t header;
    for (int i = 0; i < 10 * AP_MAX_FRAME; ++i)
        QVERIFY(!ap_decoder_push(&decoder, 5, &header));
    QVERIFY(!ap_decoder_push(&decoder, 0, &header));
    QCOMPARE(decoder.dropped, 1u);
    QVERIFY(decoder.count <= AP_MAX_PLAIN);
    int good = 0;
    for (const uint8_t byte : frame(4, 4))
        good += ap_decoder_push(&decoder, byte, &header);
    QCOMPARE(good, 1);
}

QTEST_APPLESS_MAIN(TestApFrame)
#include "tst_ap_frame.moc"
