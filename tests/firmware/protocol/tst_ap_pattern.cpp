#include "firmware/protocol/ap_frame.h"
#include "firmware/protocol/ap_pattern.h"

#include "firmware/kernels/ak_pack.h"

#include <QTest>

#include <algorithm>
#include <cmath>
#include <set>

class TestApPattern : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void fillKnownAnswers();
    void anyCountIsAPartOfTheLonger();
    void constantsLieInTheirRanges();
    void tablesAreTheirFunctions();
    void constantsAreWhatTheyWere();
};

void TestApPattern::fillKnownAnswers()
{
    uint8_t bytes[8];
    ap_fill(1, bytes, sizeof bytes);
    // xorshift32 (13, 17, 5) of 1: 270369, 67634689
    const uint32_t first = 270369, second = 67634689;
    for (int i = 0; i < 4; ++i) {
        QCOMPARE(bytes[i], uint8_t(first >> 8 * i));
        QCOMPARE(bytes[4 + i], uint8_t(second >> 8 * i));
    }
    uint8_t zero[8];
    ap_fill(0, zero, sizeof zero);
    QVERIFY(std::equal(zero, zero + 8, bytes));
}

void TestApPattern::anyCountIsAPartOfTheLonger()
{
    uint8_t all[64];
    ap_fill(77, all, sizeof all);
    for (size_t count = 0; count < sizeof all; ++count) {
        uint8_t part[65];
        std::fill(std::begin(part), std::end(part), 0xEE);
        ap_fill(77, part, count);
        QVERIFY(std::equal(part, part + count, all));
        QCOMPARE(part[count], uint8_t(0xEE)); // nothing behind it
    }
}

void TestApPattern::constantsLieInTheirRanges()
{
    std::set<int32_t> biases, multipliers, weights;
    for (int c = 0; c < AP_MAX_CHANNELS; ++c) {
        QVERIFY(ap_biases[c] >= -(1 << 14) && ap_biases[c] < 1 << 14);
        QVERIFY(ap_multipliers[c] >= 1 << 24 && ap_multipliers[c] < 1 << 25);
        biases.insert(ap_biases[c]);
        multipliers.insert(ap_multipliers[c]);
    }
    for (const uint8_t byte : ap_weights_pattern)
        weights.insert(int8_t(byte));
    QVERIFY(biases.size() > 1900 && multipliers.size() > 2000);
    QCOMPARE(weights.size(), size_t(31));
    QVERIFY(*weights.begin() == -15 && *weights.rbegin() == 15);
    // What the header promises of hi/lo.
    QVERIFY(int64_t(1 << 14) + 128 * 15 * 4096 < 1 << 23);
}

void TestApPattern::tablesAreTheirFunctions()
{
    for (int v = -128; v < 128; ++v) {
        const double x = v / 16., gate = std::clamp((x + 3) / 6, 0., 1.);
        QVERIFY(std::abs(ap_hswish_table[v + 128] - x * gate * 16) <= 0.5);
        QVERIFY(std::abs(ap_hsigmoid_table[v + 128] - std::min(gate * 256 - 128, 127.)) <= 0.5);
    }
}

/* Whoever changes them makes every measured output another one: raise AP_FIRMWARE_VERSION. */
void TestApPattern::constantsAreWhatTheyWere()
{
    uint32_t crc = ap_crc32(0, ap_biases, sizeof ap_biases);
    crc = ap_crc32(crc, ap_multipliers, sizeof ap_multipliers);
    crc = ap_crc32(crc, ap_hswish_table, sizeof ap_hswish_table);
    crc = ap_crc32(crc, ap_hsigmoid_table, sizeof ap_hsigmoid_table);
    QCOMPARE(crc, 0x08680C36u);
    QCOMPARE(ap_crc32(0, ap_weights_pattern, AP_PATTERN_BYTES), 0x56DD7749u);
}

QTEST_APPLESS_MAIN(TestApPattern)
#include "tst_ap_pattern.moc"
