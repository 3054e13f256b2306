#include "firmware/kernels/ak_requant.h"

#include "tests/firmware/kernels/dense_case.h"

#include <QTest>

using namespace atomnet::test;

namespace
{

/// What a kernel would do that rounds twice: the multiplication to 31 bits, then the right shift.
int32_t roundedTwice(int32_t acc, int32_t multiplier, int shift, int zeroPoint)
{
    const int64_t once = ((int64_t(acc) << shift) * multiplier + (1 << 29)) >> 30;
    return ak_clamp_s8(int32_t((once + 2) >> 2) + zeroPoint);
}

} // namespace

class TestAkRequant : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void ties_data();
    void ties();
    void equalsTheDefinition();
    void roundingTwiceIsToldApart();
    void outputLooksUpItsTable();
};

void TestAkRequant::ties_data()
{
    QTest::addColumn<int>("acc");
    QTest::addColumn<int>("multiplier");
    QTest::addColumn<int>("shift");
    QTest::addColumn<int>("zeroPoint");
    QTest::addColumn<int>("expected");
    const int half = 1 << 30; // times 2 / 2^32 is one half
    QTest::newRow("a half goes up") << 2 << half << 0 << 0 << 1;
    QTest::newRow("minus a half goes up") << -2 << half << 0 << 0 << 0;
    QTest::newRow("one and a half") << 6 << half << 0 << 0 << 2;
    QTest::newRow("minus one and a half") << -6 << half << 0 << 0 << -1;
    QTest::newRow("two and a half, not to even") << 10 << half << 0 << 0 << 3;
    QTest::newRow("minus two and a half, up as well") << -10 << half << 0 << 0 << -2;
    QTest::newRow("shifted accumulator") << 5 << half << 1 << 0 << 3;
    QTest::newRow("just below a half") << 2 << half - 1 << 0 << 0 << 0;
    QTest::newRow("just above minus a half") << -2 << half - 1 << 0 << 0 << 0;
    QTest::newRow("just below minus a half") << -2 << half + 1 << 0 << 0 << -1;
    QTest::newRow("the zero point comes behind the rounding") << -2 << half << 0 << 7 << 7;
    QTest::newRow("clamped above") << (1 << 24) << half << 0 << 0 << 127;
    QTest::newRow("clamped below") << -(1 << 24) << half << 0 << 0 << -128;
    QTest::newRow("clamped behind the zero point") << 4 * 250 << half << 0 << -128 << 122;
    QTest::newRow("the largest numbers") << 2147483647 << 2147483647 << 0 << 127 << 127;
    QTest::newRow("the smallest numbers") << -2147483647 - 1 << 2147483647 << 0 << -128 << -128;
    QTest::newRow("multiplier 0") << 12345 << 0 << 8 << -5 << -5;
}

void TestAkRequant::ties()
{
    QFETCH(int, acc);
    QFETCH(int, multiplier);
    QFETCH(int, shift);
    QFETCH(int, zeroPoint);
    QFETCH(int, expected);
    QCOMPARE(ak_requantize(acc, multiplier, uint32_t(shift), zeroPoint), expected);
    QCOMPARE(int(requantized(acc, multiplier, shift, zeroPoint)), expected);
}

void TestAkRequant::equalsTheDefinition()
{
    Random random(30);
    for (int i = 0; i < 200000; ++i) {
        const int shift = random.between(0, 24);
        const int acc = random.between(-(1 << 30), 1 << 30) >> shift;
        const int multiplier = random.between(0, 2147483646) >> random.between(0, 30);
        const int zeroPoint = random.between(-128, 127);
        QCOMPARE(ak_requantize(acc, multiplier, uint32_t(shift), zeroPoint),
                 int(requantized(acc, multiplier, shift, zeroPoint)));
    }
}

void TestAkRequant::roundingTwiceIsToldApart()
{
    Random random(31);
    int different = 0;
    for (int i = 0; i < 200000; ++i) {
        const int acc = random.between(-1500000, 1500000),
                  multiplier = random.between(200000, 400000);
        if (roundedTwice(acc, multiplier, 0, 0) != requantized(acc, multiplier, 0, 0)) ++different;
    }
    QVERIFY2(different > 0, "these numbers do not show a second rounding");
    // The smallest one: 0.49... becomes a half, then one.
    QCOMPARE(roundedTwice(1, 2147483647, 0, 0), 1);
    QCOMPARE(ak_requantize(1, 2147483647, 0, 0), 0);
}

void TestAkRequant::outputLooksUpItsTable()
{
    Random random(32);
    const Bytes table = random.bytes(256);
    const int32_t bias[4] = {10, -10, 0, 0}, multiplier[4] = {1 << 30, 1 << 30, 0, 0};
    ak_output_t out{bias, multiplier, nullptr, 3, 1};
    QCOMPARE(int(ak_output(&out, 0, 30)), 23);
    QCOMPARE(int(ak_output(&out, 1, 30)), 13);
    out.table = table.data();
    QCOMPARE(ak_output(&out, 0, 30), table[128 + 23]);
    QCOMPARE(ak_output(&out, 0, 100000), table[255]);
    QCOMPARE(ak_output(&out, 0, -100000), table[0]);
}

QTEST_APPLESS_MAIN(TestAkRequant)
#include "tst_ak_requant.moc"
