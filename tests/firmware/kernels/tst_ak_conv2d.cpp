#include "firmware/kernels/ak_conv2d.h"

#include "tests/firmware/kernels/dense_case.h"

#include <QTest>

using namespace atomnet::test;

namespace
{

struct Shape {
    int h, w, c, outputs, kernel, stride;
    [[nodiscard]] int outH() const { return (h + 2 * (kernel / 2) - kernel) / stride + 1; }
    [[nodiscard]] int outW() const { return (w + 2 * (kernel / 2) - kernel) / stride + 1; }
    [[nodiscard]] QByteArray text() const
    {
        return QStringLiteral("%1 x %2 x %3 -> %4, k%5 s%6")
            .arg(h)
            .arg(w)
            .arg(c)
            .arg(outputs)
            .arg(kernel)
            .arg(stride)
            .toUtf8();
    }
};

Shape randomShape(Random &random, int mostSide, int mostChannels)
{
    Shape s{random.size(mostSide),
            random.size(mostSide),
            random.size(mostChannels),
            random.size(mostChannels),
            0,
            0};
    s.kernel = random.oneIn(2) ? 3 : 1 + 2 * random.between(0, 3);
    s.stride = random.between(1, 4);
    return s;
}

/// The window of an output as a vector, [k][k][c], by its definition.
Bytes window(const Shape &s, const Bytes &in, int oy, int ox, int zeroPoint)
{
    Bytes result;
    for (int ky = 0; ky < s.kernel; ++ky)
        for (int kx = 0; kx < s.kernel; ++kx)
            for (int c = 0; c < s.c; ++c) {
                const int y = oy * s.stride + ky - s.kernel / 2,
                          x = ox * s.stride + kx - s.kernel / 2;
                const bool inside = y >= 0 && y < s.h && x >= 0 && x < s.w;
                result.push_back(inside ? in[std::size_t((y * s.w + x) * s.c + c)]
                                        : int8_t(zeroPoint));
            }
    return result;
}

Bytes convolved(const Shape &s, const Dense &layer, const Bytes &in, int zeroPoint)
{
    Bytes out;
    for (int y = 0; y < s.outH(); ++y)
        for (int x = 0; x < s.outW(); ++x) {
            const Bytes inputs = window(s, in, y, x, zeroPoint);
            for (int o = 0; o < s.outputs; ++o)
                out.push_back(layer(o, inputs.data()));
        }
    return out;
}

ak_conv2d_t parameters(const Shape &s)
{
    return {nullptr, {}, s.h, s.w, s.c, s.outputs, uint8_t(s.kernel), uint8_t(s.stride), 0, 0};
}

int largestByTrying(const Shape &s)
{
    std::vector<Tile> tiles;
    const int pixels = s.outH() * s.outW();
    for (int first = 0; first < pixels; first += 4) {
        Tile tile;
        const int behind = std::min(first + 4, pixels);
        tile.written = behind * s.outputs;
        for (int i = first; i < behind; ++i)
            for (int ky = 0; ky < s.kernel; ++ky)
                for (int kx = 0; kx < s.kernel; ++kx) {
                    const int y = i / s.outW() * s.stride + ky - s.kernel / 2;
                    const int x = i % s.outW() * s.stride + kx - s.kernel / 2;
                    if (y < 0 || y >= s.h || x < 0 || x >= s.w) continue;
                    for (int c = 0; c < s.c; ++c)
                        tile.reads.push_back((y * s.w + x) * s.c + c);
                }
        tiles.push_back(tile);
    }
    return largestSafeOffset(tiles, s.h * s.w * s.c);
}

} // namespace

class TestAkConv2d : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void everyOutputEqualsTheDefinition();
    void largestOffsetIsTheLargestSafeOne();
    void refusesWhatItCannotDo();
};

void TestAkConv2d::everyOutputEqualsTheDefinition()
{
    Random random(10);
    for (int i = 0; i < caseCount(500); ++i) {
        const Shape s = randomShape(random, 14, 12);
        const Dense layer = randomDense(random, s.kernel * s.kernel * s.c, s.outputs);
        const Packed packed(layer, randomPacking(random));
        ak_conv2d_t p = parameters(s);
        p.weights = packed.data();
        p.out = packed.out;
        p.packing = packed.packing;
        p.in_zero_point = int8_t(random.between(-128, 127));
        const Bytes input = random.bytes(std::size_t(s.h * s.w * s.c));
        const Bytes expected = convolved(s, layer, input, p.in_zero_point);
        // Apart, or as close as it may be, or closer.
        const int offset = random.oneIn(2) ? int(input.size() + 3) & ~3
                                           : ak_conv2d_s8_max_offset(&p) - 4 * random.between(0, 2);
        Overlap memory(input, expected.size(), offset);
        Guarded scratch(ak_conv2d_s8_scratch_bytes(&p));
        QCOMPARE(ak_conv2d_s8(&p, memory.in, memory.out, scratch.data()), AK_OK);
        QVERIFY2(std::equal(expected.begin(), expected.end(), memory.out), s.text());
        QVERIFY2(memory.memory.intact() && scratch.intact(), s.text());
    }
}

void TestAkConv2d::largestOffsetIsTheLargestSafeOne()
{
    Random random(11);
    for (int i = 0; i < 300; ++i) {
        Shape s = randomShape(random, 6, 5);
        if (i % 2) { // several tiles a row, left and right of where windows leave the edge
            s.w = random.between(7, 30);
            s.h = random.between(1, 4);
            s.c = random.between(1, 3);
        }
        const ak_conv2d_t p = parameters(s);
        QVERIFY2(ak_conv2d_s8_max_offset(&p) == largestByTrying(s), s.text());
    }
}

void TestAkConv2d::refusesWhatItCannotDo()
{
    Random random(12);
    const Packed packed(randomDense(random, 9, 2), AK_PACKING_PLAIN_4X2);
    const ak_conv2d_t good{packed.data(), packed.out, 3, 3, 1, 2, 3, 1, 0, packed.packing};
    Guarded in(9), out(18), scratch(ak_conv2d_s8_scratch_bytes(&good));
    const auto run = [&](const ak_conv2d_t &p) {
        return ak_conv2d_s8(&p, in.data(), out.data(), scratch.data());
    };
    QCOMPARE(run(good), AK_OK);
    QCOMPARE(ak_conv2d_s8(&good, nullptr, out.data(), scratch.data()), AK_ERROR_NULL);
    QCOMPARE(ak_conv2d_s8(&good, in.data(), out.data(), scratch.data() + 2), AK_ERROR_ALIGN);
    for (const auto change : std::initializer_list<void (*)(ak_conv2d_t &)>{
             [](ak_conv2d_t &p) { p.kernel = 2; }, [](ak_conv2d_t &p) { p.kernel = 9; },
             [](ak_conv2d_t &p) { p.stride = 0; }, [](ak_conv2d_t &p) { p.stride = 5; },
             [](ak_conv2d_t &p) { p.in_h = 0; }, [](ak_conv2d_t &p) { p.out_c = 0; },
             [](ak_conv2d_t &p) { p.in_w = 1 << 30; }, [](ak_conv2d_t &p) { p.in_c = 1 << 30; },
             [](ak_conv2d_t &p) { p.out.shift = 25; }}) {
        ak_conv2d_t bad = good;
        change(bad);
        QCOMPARE(run(bad), AK_ERROR_SHAPE);
    }
    ak_conv2d_t bad = good;
    bad.packing = AK_PACKING_NONE;
    QCOMPARE(run(bad), AK_ERROR_PACKING);
    bad = good;
    bad.out.bias = nullptr;
    QCOMPARE(run(bad), AK_ERROR_NULL);
}

QTEST_APPLESS_MAIN(TestAkConv2d)
#include "tst_ak_conv2d.moc"
