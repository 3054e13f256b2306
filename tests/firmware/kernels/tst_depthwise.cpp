#include "firmware/kernels/ak_depthwise.h"
#include "firmware/kernels/ak_pack.h"
#include "tests/firmware/kernels/dense_case.h"

#include <QTest>

#include <algorithm>

namespace
{

using namespace atomnet::test;

struct Case {
    int height, width, channels, kernel, stride, inZeroPoint;
    Dense layer;
    Bytes input;

    int outSide(int in) const { return (in + 2 * (kernel / 2) - kernel) / stride + 1; }
};

/// Every output from the definition: a window of the padded input times the channel's taps.
Bytes defined(const Case &c)
{
    Bytes result;
    Bytes window(std::size_t(c.kernel * c.kernel));
    for (int y = 0; y < c.outSide(c.height); ++y)
        for (int x = 0; x < c.outSide(c.width); ++x)
            for (int channel = 0; channel < c.channels; ++channel) {
                for (int tap = 0; tap < c.kernel * c.kernel; ++tap) {
                    const int row = y * c.stride - c.kernel / 2 + tap / c.kernel;
                    const int column = x * c.stride - c.kernel / 2 + tap % c.kernel;
                    const bool outside =
                        row < 0 || column < 0 || row >= c.height || column >= c.width;
                    const int at = (row * c.width + column) * c.channels + channel;
                    window[std::size_t(tap)] =
                        outside ? int8_t(c.inZeroPoint) : c.input[std::size_t(at)];
                }
                result.push_back(c.layer(channel, window.data()));
            }
    return result;
}

Case randomCase(Random &random, int height, int width, int channels, int kernel, int stride)
{
    Case c{height, width, channels, kernel, stride, random.between(-128, 127), {}, {}};
    c.layer = randomDense(random, kernel * kernel, channels);
    c.input = random.bytes(std::size_t(height * width * channels));
    if (random.oneIn(5)) // the largest inputs there are
        for (int8_t &v : c.input)
            v = v < 0 ? -128 : 127;
    return c;
}

/// A layer as the kernel takes it.
struct Call {
    explicit Call(const Case &c)
        : weights(ak_pack_depthwise_bytes(c.kernel, c.channels) / 4, -1), bias(c.layer.bias)
    {
        auto *packed = reinterpret_cast<int8_t *>(weights.data());
        status = ak_pack_depthwise(AK_PACKING_DEPTHWISE, c.kernel, c.channels,
                                   c.layer.weights.data(), bias.data(), packed);
        const int8_t *table = c.layer.table.empty() ? nullptr : c.layer.table.data();
        p = {packed,
             {bias.data(), c.layer.multiplier.data(), table, int8_t(c.layer.zeroPoint),
              uint8_t(c.layer.shift)},
             c.height,
             c.width,
             c.channels,
             uint8_t(c.kernel),
             uint8_t(c.stride),
             int8_t(c.inZeroPoint),
             AK_PACKING_DEPTHWISE};
    }
    std::vector<int32_t> weights, bias;
    ak_depthwise_t p;
    ak_status_t status;
};

QByteArray nameOf(const Case &c)
{
    return QByteArray::number(c.height) + 'x' + QByteArray::number(c.width) + 'x' +
           QByteArray::number(c.channels) + " kernel " + QByteArray::number(c.kernel) + " stride " +
           QByteArray::number(c.stride);
}

/// Out of place and in place, with guards around tensors and scratch.
void check(const Case &c)
{
    const Call call(c);
    QCOMPARE(call.status, AK_OK);
    const Bytes wanted = defined(c);
    const std::size_t scratchBytes = ak_depthwise_s8_scratch_bytes(&call.p);
    QVERIFY(scratchBytes <= std::size_t(4 * (c.kernel + 1) * (c.width + 2 * (c.kernel / 2)) * 2));
    Guarded in(c.input.size()), out(wanted.size()), scratch(scratchBytes);
    std::copy(c.input.begin(), c.input.end(), in.data());
    QCOMPARE(ak_depthwise_s8(&call.p, in.data(), out.data(), scratch.data()), AK_OK);
    QVERIFY2(std::equal(wanted.begin(), wanted.end(), out.data()), nameOf(c));
    QVERIFY2(std::equal(c.input.begin(), c.input.end(), in.data()), nameOf(c));
    QCOMPARE(ak_depthwise_s8(&call.p, in.data(), in.data(), scratch.data()), AK_OK);
    QVERIFY2(std::equal(wanted.begin(), wanted.end(), in.data()), nameOf(c));
    QVERIFY2(in.intact() && out.intact() && scratch.intact(), nameOf(c));
}

} // namespace

class TestDepthwise : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    /// Every kernel and stride on every small shape, also those narrower than the kernel.
    void smallShapesEqualTheDefinition()
    {
        Random random(11);
        for (const int kernel : {1, 3, 5, 7})
            for (int stride = 1; stride <= 4; ++stride)
                for (int width = 1; width <= 8; ++width)
                    check(randomCase(random, random.between(1, 8), width, random.between(1, 9),
                                     kernel, stride));
    }

    void randomShapesEqualTheDefinition()
    {
        Random random(12);
        for (int n = caseCount(600); n > 0; --n) {
            const int kernel = 2 * random.between(0, 3) + 1, stride = random.between(1, 4);
            check(randomCase(random, random.size(24), random.size(24), random.size(20), kernel,
                             stride));
        }
    }

    void largestSumsDoNotOverflow()
    {
        Random random(13);
        Case c = randomCase(random, 9, 9, 4, 7, 1);
        c.layer.shift = 0;
        std::fill(c.layer.weights.begin(), c.layer.weights.end(), int8_t(-127));
        std::fill(c.input.begin(), c.input.end(), int8_t(-128));
        check(c);
        std::fill(c.layer.weights.begin(), c.layer.weights.end(), int8_t(127));
        check(c);
    }

    void packingKeepsItsSizeAndRefusesOthers()
    {
        QCOMPARE(ak_pack_depthwise_bytes(3, 5), size_t(9 * 8));
        QCOMPARE(ak_pack_depthwise_bytes(7, 4), size_t(49 * 4));
        const Bytes weights(9, 1);
        int32_t bias[4] = {}, packed[9];
        auto *bytes = reinterpret_cast<int8_t *>(packed);
        QCOMPARE(ak_pack_depthwise(AK_PACKING_PLAIN_4X2, 3, 1, weights.data(), bias, bytes),
                 AK_ERROR_PACKING);
        QCOMPARE(ak_pack_depthwise(AK_PACKING_DEPTHWISE, 2, 1, weights.data(), bias, bytes),
                 AK_ERROR_SHAPE);
        QCOMPARE(ak_pack_depthwise(AK_PACKING_DEPTHWISE, 3, 0, weights.data(), bias, bytes),
                 AK_ERROR_SHAPE);
        QCOMPARE(ak_pack_depthwise(AK_PACKING_DEPTHWISE, 3, 1, nullptr, bias, bytes),
                 AK_ERROR_NULL);
    }

    void badArgumentsAreRefused()
    {
        Random random(14);
        const Case c = randomCase(random, 4, 4, 4, 3, 1);
        const Call call(c);
        Guarded in(c.input.size()), scratch(ak_depthwise_s8_scratch_bytes(&call.p));
        const auto run = [&](auto change) {
            ak_depthwise_t p = call.p;
            change(p);
            return ak_depthwise_s8(&p, in.data(), in.data(), scratch.data());
        };
        QCOMPARE(run([](ak_depthwise_t &) {}), AK_OK);
        QCOMPARE(run([](ak_depthwise_t &p) { p.kernel = 4; }), AK_ERROR_SHAPE);
        QCOMPARE(run([](ak_depthwise_t &p) { p.kernel = 9; }), AK_ERROR_SHAPE);
        QCOMPARE(run([](ak_depthwise_t &p) { p.stride = 0; }), AK_ERROR_SHAPE);
        QCOMPARE(run([](ak_depthwise_t &p) { p.stride = 5; }), AK_ERROR_SHAPE);
        QCOMPARE(run([](ak_depthwise_t &p) { p.in_w = 0; }), AK_ERROR_SHAPE);
        QCOMPARE(run([](ak_depthwise_t &p) { p.channels = -1; }), AK_ERROR_SHAPE);
        QCOMPARE(run([](ak_depthwise_t &p) { p.packing = AK_PACKING_HILO_4X2; }), AK_ERROR_PACKING);
        QCOMPARE(run([](ak_depthwise_t &p) { p.weights = nullptr; }), AK_ERROR_NULL);
        QCOMPARE(run([](ak_depthwise_t &p) { p.out.bias = nullptr; }), AK_ERROR_NULL);
        QCOMPARE(ak_depthwise_s8(&call.p, in.data(), in.data(), nullptr), AK_ERROR_NULL);
        QCOMPARE(ak_depthwise_s8(&call.p, in.data(), in.data(), scratch.data() + 2),
                 AK_ERROR_ALIGN);
        QCOMPARE(ak_depthwise_s8_max_offset(&call.p), AK_IN_PLACE_ONLY);
    }
};

QTEST_APPLESS_MAIN(TestDepthwise)

#include "tst_depthwise.moc"
