#include "firmware/kernels/ak_fully_connected.h"

#include "tests/firmware/kernels/dense_case.h"

#include <QTest>

using namespace atomnet::test;

class TestAkFullyConnected : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void everyOutputEqualsTheDefinition();
    void refusesWhatItCannotDo();
};

void TestAkFullyConnected::everyOutputEqualsTheDefinition()
{
    Random random(20);
    for (int i = 0; i < caseCount(300); ++i) {
        const int inputs = random.size(400), outputs = random.size(100);
        const Dense layer = randomDense(random, inputs, outputs);
        const Packed packed(layer, randomPacking(random));
        const ak_fully_connected_t p{packed.data(), packed.out, inputs, outputs, packed.packing};
        const Bytes input = random.bytes(std::size_t(inputs));
        Bytes expected;
        for (int o = 0; o < outputs; ++o)
            expected.push_back(layer(o, input.data()));
        // Anywhere, on the input too.
        Overlap memory(input, expected.size(), 4 * random.between(-outputs / 4, inputs / 4));
        Guarded scratch(ak_fully_connected_s8_scratch_bytes(&p));
        QCOMPARE(ak_fully_connected_s8(&p, memory.in, memory.out, scratch.data()), AK_OK);
        const QByteArray text = QByteArray::number(inputs) + " -> " + QByteArray::number(outputs);
        QVERIFY2(std::equal(expected.begin(), expected.end(), memory.out), text);
        QVERIFY2(memory.memory.intact() && scratch.intact(), text);
    }
}

void TestAkFullyConnected::refusesWhatItCannotDo()
{
    Random random(21);
    const Packed packed(randomDense(random, 4, 4), AK_PACKING_PLAIN_4X2);
    ak_fully_connected_t p{packed.data(), packed.out, 4, 4, packed.packing};
    Guarded in(4), out(4), scratch(ak_fully_connected_s8_scratch_bytes(&p));
    const auto run = [&] {
        return ak_fully_connected_s8(&p, in.data(), out.data(), scratch.data());
    };
    QCOMPARE(run(), AK_OK);
    QCOMPARE(ak_fully_connected_s8(&p, in.data(), nullptr, scratch.data()), AK_ERROR_NULL);
    QCOMPARE(ak_fully_connected_s8(&p, in.data(), out.data() + 3, scratch.data()), AK_ERROR_ALIGN);
    p.packing = 9;
    QCOMPARE(run(), AK_ERROR_PACKING);
    p.packing = AK_PACKING_PLAIN_4X2;
    p.in_c = 0;
    QCOMPARE(run(), AK_ERROR_SHAPE);
}

QTEST_APPLESS_MAIN(TestAkFullyConnected)
#include "tst_ak_fully_connected.moc"
