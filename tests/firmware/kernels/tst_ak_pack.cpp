#include "firmware/kernels/ak_pack.h"

#include "tests/firmware/kernels/dense_case.h"

#include <QTest>

using namespace atomnet::test;

class TestAkPack : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void plainInterleavesTwoChannels();
    void hiloHoldsBothInAHalfword();
    void everyByteIsWritten();
    void hiloIsRefusedWhereItIsNotExact();
    void bestIsHiloWhereItIsExact();
    void refusesWhatItCannotDo();
};

void TestAkPack::plainInterleavesTwoChannels()
{
    const Bytes weights{1, 2, 3, 4, 5, -1, -2, -3, -4, -5, 100, 101, 102, 103, 104};
    std::vector<int32_t> bias{7, 8, 9, 0};
    Bytes packed(ak_pack_pointwise_bytes(5, 3));
    QCOMPARE(packed.size(), std::size_t(32));
    QCOMPARE(
        ak_pack_pointwise(AK_PACKING_PLAIN_4X2, 5, 3, weights.data(), bias.data(), packed.data()),
        AK_OK);
    QCOMPARE(packed, (Bytes{1,   -1, 3,   -3, 2,   -2, 4,   -4, 5,   -5, 0, 0, 0, 0, 0, 0,
                            100, 0,  102, 0,  101, 0,  103, 0,  104, 0,  0, 0, 0, 0, 0, 0}));
    QCOMPARE(bias, (std::vector<int32_t>{7, 8, 9, 0}));
}

void TestAkPack::hiloHoldsBothInAHalfword()
{
    for (const int low : {-127, -1, 0, 1, 127})
        for (const int high : {-127, -1, 0, 1, 127}) {
            const Bytes weights{int8_t(low), int8_t(high)};
            std::vector<int32_t> bias{-3, 5, 0, 0};
            Bytes packed(ak_pack_pointwise_bytes(1, 2));
            QCOMPARE(ak_pack_pointwise(AK_PACKING_HILO_4X2, 1, 2, weights.data(), bias.data(),
                                       packed.data()),
                     AK_OK);
            QCOMPARE(uint8_t(packed[0]) + packed[1] * 256, 256 * high + low);
            QCOMPARE(bias, (std::vector<int32_t>{-3, 256 * 5 - 3, 0, 0}));
        }
}

void TestAkPack::everyByteIsWritten()
{
    Random random(40);
    for (int i = 0; i < 200; ++i) {
        const int kernel = 1 + 2 * random.between(0, 3), inputs = random.size(9),
                  outputs = random.size(9);
        const std::size_t count = std::size_t(kernel * kernel * inputs * outputs);
        const Bytes weights = random.bytes(count, -127, 127);
        const std::size_t size = ak_pack_conv2d_bytes(kernel, inputs, outputs);
        QCOMPARE(size % 4, std::size_t(0));
        std::vector<int32_t> bias(std::size_t(ak_padded_channels(outputs)), 0), again = bias;
        Bytes one(size + 8, 1), two(size + 8, 2);
        const ak_packing_t packing = random.oneIn(2) ? AK_PACKING_PLAIN_4X2 : AK_PACKING_HILO_4X2;
        QCOMPARE(ak_pack_conv2d(packing, kernel, inputs, outputs, weights.data(), bias.data(),
                                one.data()),
                 AK_OK);
        QCOMPARE(ak_pack_conv2d(packing, kernel, inputs, outputs, weights.data(), again.data(),
                                two.data()),
                 AK_OK);
        QVERIFY(std::equal(one.begin(), one.end() - 8, two.begin()));
        QCOMPARE(Bytes(one.end() - 8, one.end()), Bytes(8, 1)); // and none behind them
    }
}

void TestAkPack::hiloIsRefusedWhereItIsNotExact()
{
    // 128 * 127 * 516 < 2^23 - 256 < 128 * 127 * 517
    for (const int inputs : {516, 517}) {
        const Bytes weights(std::size_t(inputs) * 2, 127);
        std::vector<int32_t> bias(4, 0);
        Bytes packed(ak_pack_fully_connected_bytes(inputs, 2));
        const auto pack = [&](ak_packing_t packing) {
            return ak_pack_fully_connected(packing, inputs, 2, weights.data(), bias.data(),
                                           packed.data());
        };
        QCOMPARE(pack(AK_PACKING_HILO_4X2), inputs == 516 ? AK_OK : AK_ERROR_PACKING);
        QCOMPARE(pack(AK_PACKING_PLAIN_4X2), AK_OK);
    }
    // The bias counts as well: at 2^23 - 1 it fits alone, not with a weight.
    for (const int weight : {0, 1}) {
        const Bytes weights{0, int8_t(weight)};
        std::vector<int32_t> bias{0, -((1 << 23) - 1), 0, 0};
        Bytes packed(8);
        QCOMPARE(ak_pack_pointwise(AK_PACKING_HILO_4X2, 1, 2, weights.data(), bias.data(),
                                   packed.data()),
                 weight ? AK_ERROR_PACKING : AK_OK);
    }
}

void TestAkPack::bestIsHiloWhereItIsExact()
{
    const Bytes small(1000, 1), large(1000, 127);
    const std::vector<int32_t> bias(4, 0);
    QCOMPARE(ak_best_packing(1000, 1, small.data(), bias.data()), AK_PACKING_HILO_4X2);
    QCOMPARE(ak_best_packing(1000, 1, large.data(), bias.data()), AK_PACKING_PLAIN_4X2);
}

void TestAkPack::refusesWhatItCannotDo()
{
    const Bytes weights(4, 1);
    std::vector<int32_t> bias(4, 0);
    Bytes packed(16);
    QCOMPARE(
        ak_pack_pointwise(AK_PACKING_DEPTHWISE, 2, 2, weights.data(), bias.data(), packed.data()),
        AK_ERROR_PACKING);
    QCOMPARE(
        ak_pack_pointwise(AK_PACKING_PLAIN_4X2, 0, 2, weights.data(), bias.data(), packed.data()),
        AK_ERROR_SHAPE);
    QCOMPARE(ak_pack_pointwise(AK_PACKING_PLAIN_4X2, 2, 2, nullptr, bias.data(), packed.data()),
             AK_ERROR_NULL);
}

QTEST_APPLESS_MAIN(TestAkPack)
#include "tst_ak_pack.moc"
