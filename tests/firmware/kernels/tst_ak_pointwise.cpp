#include "firmware/kernels/ak_pointwise.h"

#include "firmware/kernels/ak_pointwise_pair.h"
#include "tests/firmware/kernels/dense_case.h"

#include <QTest>

using namespace atomnet::test;

namespace
{

Bytes pointwise(const Dense &layer, int pixels, const Bytes &in)
{
    Bytes out;
    for (int p = 0; p < pixels; ++p)
        for (int o = 0; o < layer.outputs; ++o)
            out.push_back(layer(o, in.data() + p * layer.inputs));
    return out;
}

struct Scale {
    Scale(Random &random, int pixels, int channels)
        : gate(random.bytes(std::size_t(channels)))
        , mul{pixels,
              channels,
              random.between(1 << 24, 2147483647),
              int8_t(random.between(-128, 127)),
              int8_t(random.oneIn(2) ? -128 : random.between(-128, 127)),
              int8_t(random.between(-128, 127)),
              uint8_t(random.between(0, 14))}
    {
    }
    [[nodiscard]] Bytes operator()(const Bytes &in) const
    {
        Bytes out;
        for (std::size_t i = 0; i < in.size(); ++i) {
            const int factor = gate[i % std::size_t(mul.channels)] - mul.gate_zero_point;
            out.push_back(requantized(int64_t(in[i] - mul.in_zero_point) * factor, mul.multiplier,
                                      mul.shift, mul.zero_point));
        }
        return out;
    }
    Bytes gate;
    ak_mul_t mul;
};

std::vector<Tile> tiles(int pixels, int inputs, int outputs)
{
    std::vector<Tile> result;
    for (int p = 0; p < pixels; p += 4) {
        Tile tile;
        for (int i = p * inputs; i < std::min(p + 4, pixels) * inputs; ++i)
            tile.reads.push_back(i);
        tile.written = std::min(p + 4, pixels) * outputs;
        result.push_back(tile);
    }
    return result;
}

QByteArray described(int i, int pixels, std::vector<int> channels)
{
    QByteArray text = "case " + QByteArray::number(i) + ": " + QByteArray::number(pixels);
    for (const int c : channels)
        text += " x " + QByteArray::number(c);
    return text;
}

} // namespace

class TestAkPointwise : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void everyOutputEqualsTheDefinition();
    void pairEqualsItsTwoHalves();
    void scaledEqualsMultiplyingFirst();
    void largestOffsetIsTheLargestSafeOne();
    void overlapAtTheLargestOffsetHarmsNothing();
    void refusesWhatItCannotDo();
};

void TestAkPointwise::everyOutputEqualsTheDefinition()
{
    Random random(1);
    for (int i = 0; i < caseCount(600); ++i) {
        const int pixels = random.size(30), inputs = random.size(90), outputs = random.size(60);
        const Dense layer = randomDense(random, inputs, outputs);
        const Packed packed(layer, randomPacking(random));
        const ak_pointwise_t p{packed.data(), packed.out, pixels, inputs, outputs, packed.packing};
        const Bytes input = random.bytes(std::size_t(pixels * inputs));
        Guarded in(input.size()), out(std::size_t(pixels * outputs)),
            scratch(ak_pointwise_s8_scratch_bytes(&p));
        std::copy(input.begin(), input.end(), in.data());
        QCOMPARE(ak_pointwise_s8(&p, in.data(), out.data(), scratch.data()), AK_OK);
        const Bytes expected = pointwise(layer, pixels, input);
        QVERIFY2(std::equal(expected.begin(), expected.end(), out.data()),
                 described(i, pixels, {inputs, outputs}));
        QVERIFY(std::equal(input.begin(), input.end(), in.data()));
        QVERIFY(in.intact() && out.intact() && scratch.intact());
    }
}

void TestAkPointwise::pairEqualsItsTwoHalves()
{
    Random random(2);
    for (int i = 0; i < caseCount(400); ++i) {
        const int pixels = random.size(20), inputs = random.size(40), mid = random.size(80),
                  outputs = random.size(40);
        const Dense expand = randomDense(random, inputs, mid),
                    project = randomDense(random, mid, outputs);
        const Packed first(expand, randomPacking(random)), second(project, randomPacking(random));
        const ak_pointwise_pair_t p{first.data(),  second.data(), first.out, second.out,
                                    pixels,        inputs,        mid,       outputs,
                                    first.packing, second.packing};
        const Bytes input = random.bytes(std::size_t(pixels * inputs));
        const int offset = ak_pointwise_pair_s8_max_offset(&p);
        QCOMPARE(offset, largestSafeOffset(tiles(pixels, inputs, outputs), pixels * inputs));
        Overlap memory(input, std::size_t(pixels * outputs), offset);
        Guarded scratch(ak_pointwise_pair_s8_scratch_bytes(&p));
        const bool scaled = random.oneIn(3);
        const Scale scale(random, pixels, inputs);
        if (scaled)
            QCOMPARE(ak_pointwise_pair_scaled_s8(&p, &scale.mul, memory.in, scale.gate.data(),
                                                 memory.out, scratch.data()),
                     AK_OK);
        else
            QCOMPARE(ak_pointwise_pair_s8(&p, memory.in, memory.out, scratch.data()), AK_OK);
        const Bytes between = pointwise(expand, pixels, scaled ? scale(input) : input);
        const Bytes expected = pointwise(project, pixels, between);
        QVERIFY2(std::equal(expected.begin(), expected.end(), memory.out),
                 described(i, pixels, {inputs, mid, outputs}));
        QVERIFY(memory.memory.intact() && scratch.intact());
    }
}

void TestAkPointwise::scaledEqualsMultiplyingFirst()
{
    Random random(3);
    for (int i = 0; i < caseCount(200); ++i) {
        const int pixels = random.size(20), inputs = random.size(60), outputs = random.size(40);
        const Dense layer = randomDense(random, inputs, outputs);
        const Packed packed(layer, randomPacking(random));
        const ak_pointwise_t p{packed.data(), packed.out, pixels, inputs, outputs, packed.packing};
        const Scale scale(random, pixels, inputs);
        const Bytes input = random.bytes(std::size_t(pixels * inputs));
        Overlap memory(input, std::size_t(pixels * outputs), ak_pointwise_s8_max_offset(&p));
        Guarded scratch(ak_pointwise_s8_scratch_bytes(&p));
        QCOMPARE(ak_pointwise_scaled_s8(&p, &scale.mul, memory.in, scale.gate.data(), memory.out,
                                        scratch.data()),
                 AK_OK);
        const Bytes expected = pointwise(layer, pixels, scale(input));
        QVERIFY2(std::equal(expected.begin(), expected.end(), memory.out),
                 described(i, pixels, {inputs, outputs}));
        QVERIFY(memory.memory.intact() && scratch.intact());
    }
}

void TestAkPointwise::largestOffsetIsTheLargestSafeOne()
{
    for (int pixels = 1; pixels <= 13; ++pixels)
        for (int inputs = 1; inputs <= 9; ++inputs)
            for (int outputs = 1; outputs <= 9; ++outputs) {
                const ak_pointwise_t p{nullptr, {}, pixels, inputs, outputs, 0};
                QCOMPARE(ak_pointwise_s8_max_offset(&p),
                         largestSafeOffset(tiles(pixels, inputs, outputs), pixels * inputs));
            }
}

void TestAkPointwise::overlapAtTheLargestOffsetHarmsNothing()
{
    Random random(4);
    for (int i = 0; i < caseCount(200); ++i) {
        const int pixels = random.size(30), inputs = random.size(30), outputs = random.size(30);
        const Dense layer = randomDense(random, inputs, outputs);
        const Packed packed(layer, randomPacking(random));
        const ak_pointwise_t p{packed.data(), packed.out, pixels, inputs, outputs, packed.packing};
        const Bytes input = random.bytes(std::size_t(pixels * inputs));
        const int offset = ak_pointwise_s8_max_offset(&p) - 4 * random.between(0, 3);
        Overlap memory(input, std::size_t(pixels * outputs), offset);
        Guarded scratch(ak_pointwise_s8_scratch_bytes(&p));
        QCOMPARE(ak_pointwise_s8(&p, memory.in, memory.out, scratch.data()), AK_OK);
        const Bytes expected = pointwise(layer, pixels, input);
        QVERIFY2(std::equal(expected.begin(), expected.end(), memory.out),
                 described(i, pixels, {inputs, outputs}));
        QVERIFY(memory.memory.intact() && scratch.intact());
    }
}

void TestAkPointwise::refusesWhatItCannotDo()
{
    Random random(5);
    const Packed packed(randomDense(random, 4, 4), AK_PACKING_PLAIN_4X2);
    const ak_pointwise_t good{packed.data(), packed.out, 4, 4, 4, packed.packing};
    Guarded in(16), out(16), scratch(ak_pointwise_s8_scratch_bytes(&good));
    const auto run = [&](const ak_pointwise_t &p) {
        return ak_pointwise_s8(&p, in.data(), out.data(), scratch.data());
    };
    QCOMPARE(run(good), AK_OK);
    QCOMPARE(ak_pointwise_s8(nullptr, in.data(), out.data(), scratch.data()), AK_ERROR_NULL);
    QCOMPARE(ak_pointwise_s8(&good, in.data(), out.data(), nullptr), AK_ERROR_NULL);
    QCOMPARE(ak_pointwise_s8(&good, in.data() + 1, out.data(), scratch.data()), AK_ERROR_ALIGN);
    ak_pointwise_t bad = good;
    bad.weights = nullptr;
    QCOMPARE(run(bad), AK_ERROR_NULL);
    bad = good;
    bad.pixels = 0;
    QCOMPARE(run(bad), AK_ERROR_SHAPE);
    bad = good;
    bad.pixels = 1 << 30;
    QCOMPARE(run(bad), AK_ERROR_SHAPE);
    bad = good;
    bad.out_c = -1;
    QCOMPARE(run(bad), AK_ERROR_SHAPE);
    bad = good;
    bad.packing = AK_PACKING_DEPTHWISE;
    QCOMPARE(run(bad), AK_ERROR_PACKING);

    const Scale scale(random, 4, 5); // one channel too many
    const Bytes before(out.data(), out.data() + 16);
    QCOMPARE(ak_pointwise_scaled_s8(&good, &scale.mul, in.data(), scale.gate.data(), out.data(),
                                    scratch.data()),
             AK_ERROR_SHAPE);
    QVERIFY(std::equal(before.begin(), before.end(), out.data())); // refused before writing
}

QTEST_APPLESS_MAIN(TestAkPointwise)
#include "tst_ak_pointwise.moc"
