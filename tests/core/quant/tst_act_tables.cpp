#include "core/quant/quantized_network.h"

#include <QCryptographicHash>
#include <QRandomGenerator>
#include <QtTest>

#include <cmath>

using namespace atomnet;

namespace
{

double realOf(int index, const TensorQuant &quant)
{
    return double(quant.scale) * (index - 128 - quant.zeroPoint);
}

double hswish(double x)
{
    return x * std::clamp(x + 3, 0.0, 6.0) / 6;
}

} // namespace

class TestActTables : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    /// Hashes from a second implementation, in Python, that was compared with TensorFlow Lite.
    void hswishEqualsTensorFlowLite_data()
    {
        QTest::addColumn<float>("inScale");
        QTest::addColumn<int>("inZero");
        QTest::addColumn<float>("outScale");
        QTest::addColumn<int>("outZero");
        QTest::addColumn<QByteArray>("sha");
        QTest::newRow("0.0235 0.0118")
            << 0.0235F << -128 << 0.0118F << -120 << QByteArray("8ffe2643fa272f35");
        QTest::newRow("0.05 0.03") << 0.05F << 3 << 0.03F << -115 << QByteArray("47f92575e59a7973");
        QTest::newRow("0.0471 0.0251")
            << 0.0471F << -12 << 0.0251F << -110 << QByteArray("d9020e4dbfbb3694");
        QTest::newRow("0.3 0.2") << 0.3F << 0 << 0.2F << -126 << QByteArray("3a44e4d0a536415a");
        QTest::newRow("0.0001 5.1e-05")
            << 0.0001F << 5 << 5.1e-05F << 2 << QByteArray("4df545f84915562d");
        QTest::newRow("2.5 2.4") << 2.5F << -100 << 2.4F << -128 << QByteArray("a5701097eb532472");
        QTest::newRow("0.01 0.0049")
            << 0.01F << 0 << 0.0049F << -30 << QByteArray("b8bedfd21a883fbc");
    }

    void hswishEqualsTensorFlowLite()
    {
        QFETCH(float, inScale);
        QFETCH(int, inZero);
        QFETCH(float, outScale);
        QFETCH(int, outZero);
        QFETCH(QByteArray, sha);
        const auto table = hswishTable({inScale, inZero}, {outScale, outZero});
        const QByteArrayView bytes(reinterpret_cast<const char *>(table.data()), 256);
        const QByteArray hash =
            QCryptographicHash::hash(bytes.toByteArray(), QCryptographicHash::Sha256);
        QCOMPARE(hash.toHex().left(16), sha);
    }

    void hswishIsNearTheRealFunction()
    {
        QRandomGenerator random(1);
        for (int run = 0; run < 300; ++run) {
            const double reach = std::exp2(random.bounded(9.0) - 4);
            const TensorQuant in{float(reach / 128), int(random.bounded(200)) - 100};
            const TensorQuant out{float(reach / 200), int(random.bounded(200)) - 100};
            const auto table = hswishTable(in, out);
            for (int i = 0; i < 256; ++i) {
                const double exact = std::clamp(
                    hswish(realOf(i, in)) / double(out.scale) + out.zeroPoint, -128.0, 127.0);
                // 16-bit steps add up to a little more than half a step of the output.
                QVERIFY(std::fabs(table[std::size_t(i)] - exact) <= 1.1);
            }
        }
    }

    void hswishOfExtremeScalesIsDefined()
    {
        for (const float in : {1e-12F, 1e-3F, 1e3F, 1e12F})
            for (const float out : {1e-12F, 1e-3F, 1e3F, 1e12F})
                for (const int zero : {-128, 0, 127}) {
                    const auto table = hswishTable({in, zero}, {out, 7});
                    QCOMPARE(int(table[std::size_t(zero + 128)]), 7); // hswish(0) is 0
                }
    }

    void hsigmoidIsTheNearestValue()
    {
        QRandomGenerator random(2);
        for (int run = 0; run < 200; ++run) {
            const TensorQuant in{float(std::exp2(random.bounded(12.0) - 10)),
                                 int(random.bounded(256)) - 128};
            const auto table = hsigmoidTable(in);
            for (int i = 0; i < 256; ++i) {
                const double gate = std::clamp(realOf(i, in) + 3, 0.0, 6.0) / 6;
                const double exact = std::min(gate * 256 - 128, 127.0);
                QVERIFY(std::fabs(table[std::size_t(i)] - exact) <= 0.5 + 1e-9);
            }
        }
    }

    void pixelsBecomeTheNetworksInput()
    {
        QuantizedNetwork network;
        network.normalisation = {{0.5F, 0.25F}, {0.25F, 0.5F}};
        network.tensors = {{1.0F / 64, 0}};
        const auto first = pixelTable(network, 0), second = pixelTable(network, 1);
        QCOMPARE(int(first[0]), -128);  // -2
        QCOMPARE(int(first[255]), 127); // 2
        QCOMPARE(int(first[191]), 64);  // (191 / 255 - 0.5) / 0.25 = 0.996
        QCOMPARE(int(second[0]), -32);  // -0.5
        QCOMPARE(int(second[255]), 96); // 1.5
    }
};

QTEST_GUILESS_MAIN(TestActTables)
#include "tst_act_tables.moc"
