#include "firmware/kernels/ak_add.h"
#include "firmware/kernels/ak_mean.h"
#include "firmware/kernels/ak_mul.h"
#include "firmware/kernels/ak_softmax.h"
#include "firmware/kernels/ak_table.h"

#include <QTest>

#include <algorithm>
#include <array>
#include <cmath>
#include <random>
#include <vector>

// Each kernel against its definition in the header, written once more with 64 bits, shifts by
// division and no table of anything.
namespace
{

using Bytes = std::vector<int8_t>;

constexpr int8_t guard = 0x5A;

int clampToInt8(qint64 v)
{
    return int(std::clamp<qint64>(v, -128, 127));
}

/// The integer at or below value / 2^bits.
qint64 floorShift(qint64 value, int bits)
{
    const qint64 divisor = qint64(1) << bits;
    return value / divisor - (value % divisor < 0 ? 1 : 0);
}

int requantized(qint64 acc, qint64 multiplier, int shift, int zeroPoint)
{
    const qint64 product = acc * (qint64(1) << shift) * multiplier;
    return clampToInt8(floorShift(product + (qint64(1) << 31), 32) + zeroPoint);
}

int added(const ak_add_t &p, int a, int b)
{
    const qint64 sum = qint64(p.bias) + qint64(a) * p.multiplier_a + qint64(b) * p.multiplier_b;
    return clampToInt8(floorShift(sum, p.shift));
}

class Numbers
{
public:
    explicit Numbers(unsigned seed) : m_engine(seed) {}
    int between(int low, int high)
    {
        return std::uniform_int_distribution<int>(low, high)(m_engine);
    }
    Bytes bytes(qsizetype count)
    {
        Bytes all(size_t(count), 0);
        // Every third array holds extremes only.
        const bool extreme = between(0, 2) == 0;
        for (int8_t &v : all)
            v = int8_t(extreme ? (between(0, 1) ? 127 : -128) : between(-128, 127));
        return all;
    }

private:
    std::mt19937 m_engine;
};

/// Where an output goes: `before` and `behind` bytes around it must survive.
struct Guarded {
    explicit Guarded(size_t count) : bytes(count + 2 * edge, guard), count(count) {}
    static constexpr size_t edge = 16;
    Bytes bytes;
    size_t count;
    int8_t *data() { return bytes.data() + edge; }
    bool intact() const
    {
        const auto untouched = [](int8_t v) { return v == guard; };
        return std::all_of(bytes.begin(), bytes.begin() + edge, untouched) &&
               std::all_of(bytes.end() - edge, bytes.end(), untouched);
    }
};

ak_add_t addOf(double scaleA, int zeroA, double scaleB, int zeroB, double scaleOut, int zeroOut)
{
    ak_add_t p{};
    const double a = scaleA / scaleOut, b = scaleB / scaleOut;
    int shift = 0;
    while (shift < 22 && // the zero point, too, is shifted
           std::max(a, b) * std::ldexp(1, shift + 1) <= double(1 << 21))
        ++shift;
    p.shift = uint8_t(shift);
    p.multiplier_a = int32_t(std::lround(std::ldexp(a, shift)));
    p.multiplier_b = int32_t(std::lround(std::ldexp(b, shift)));
    p.bias = -zeroA * p.multiplier_a - zeroB * p.multiplier_b + (zeroOut << shift) +
             (shift > 0 ? 1 << (shift - 1) : 0);
    return p;
}

} // namespace

class TestElementwise : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void addEqualsItsDefinitionOnEveryPair_data()
    {
        QTest::addColumn<double>("scaleA");
        QTest::addColumn<int>("zeroA");
        QTest::addColumn<double>("scaleB");
        QTest::addColumn<int>("zeroB");
        QTest::addColumn<double>("scaleOut");
        QTest::addColumn<int>("zeroOut");
        QTest::newRow("alike") << 0.05 << 0 << 0.05 << 0 << 0.07 << 0;
        QTest::newRow("relu") << 0.031 << -128 << 0.0457 << -128 << 0.061 << -128;
        QTest::newRow("one is small") << 0.9 << 3 << 0.015 << -77 << 0.91 << 11;
        QTest::newRow("out is small") << 0.9 << 127 << 0.71 << -128 << 0.06 << 100;
        QTest::newRow("out is large") << 0.017 << -5 << 0.011 << 9 << 0.9 << -128;
    }
    void addEqualsItsDefinitionOnEveryPair()
    {
        QFETCH(double, scaleA);
        QFETCH(int, zeroA);
        QFETCH(double, scaleB);
        QFETCH(int, zeroB);
        QFETCH(double, scaleOut);
        QFETCH(int, zeroOut);
        ak_add_t p = addOf(scaleA, zeroA, scaleB, zeroB, scaleOut, zeroOut);
        p.count = 65536;
        Bytes a, b;
        for (int i = -128; i < 128; ++i)
            for (int j = -128; j < 128; ++j) {
                a.push_back(int8_t(i));
                b.push_back(int8_t(j));
            }
        Guarded out(a.size());
        QCOMPARE(ak_add_s8(&p, a.data(), b.data(), out.data()), AK_OK);
        QVERIFY(out.intact());
        for (size_t i = 0; i < a.size(); ++i) {
            QCOMPARE(int(out.data()[i]), added(p, a[i], b[i]));
            const double real = (a[i] - zeroA) * scaleA + (b[i] - zeroB) * scaleB;
            const double wanted = std::clamp(real / scaleOut + zeroOut, -128.0, 127.0);
            QVERIFY2(std::abs(out.data()[i] - wanted) <= 0.502,
                     qPrintable(QString::number(wanted)));
        }
    }

    void addWorksOnEitherInputAtAnyLength()
    {
        Numbers numbers(1);
        for (int count = 1; count <= 70; ++count) {
            ak_add_t p = addOf(0.03, numbers.between(-128, 127), 0.05, numbers.between(-128, 127),
                               0.06, numbers.between(-128, 127));
            p.count = count;
            const Bytes a = numbers.bytes(count), b = numbers.bytes(count);
            Guarded onA(a.size()), onB(b.size()), behind(a.size() + 4);
            std::copy(a.begin(), a.end(), onA.data());
            std::copy(b.begin(), b.end(), onB.data());
            std::copy(a.begin(), a.end(), behind.data() + 4);
            QCOMPARE(ak_add_s8(&p, onA.data(), b.data(), onA.data()), AK_OK);
            QCOMPARE(ak_add_s8(&p, a.data(), onB.data(), onB.data()), AK_OK);
            QCOMPARE(ak_add_s8(&p, behind.data() + 4, b.data(), behind.data()), AK_OK);
            QVERIFY(onA.intact() && onB.intact() && behind.intact());
            for (size_t i = 0; i < a.size(); ++i) {
                const int wanted = added(p, a[i], b[i]);
                QCOMPARE(int(onA.data()[i]), wanted);
                QCOMPARE(int(onB.data()[i]), wanted);
                QCOMPARE(int(behind.data()[i]), wanted);
            }
        }
        const ak_add_t p{};
        QCOMPARE(ak_add_s8_max_offset(&p), 0);
    }

    void mulEqualsItsDefinitionOnEveryPair()
    {
        Numbers numbers(2);
        for (const int shift : {0, 4, 9, 14}) {
            ak_mul_t p{};
            p.pixels = 256;
            p.channels = 256;
            p.shift = uint8_t(shift);
            p.multiplier = numbers.between(1 << 30, 0x7FFFFFFF);
            p.in_zero_point = int8_t(numbers.between(-128, 127));
            p.gate_zero_point = int8_t(shift == 4 ? -128 : numbers.between(-128, 127));
            p.zero_point = int8_t(numbers.between(-128, 127));
            Bytes in, gate;
            for (int pixel = -128; pixel < 128; ++pixel)
                in.insert(in.end(), 256, int8_t(pixel));
            for (int c = -128; c < 128; ++c)
                gate.push_back(int8_t(c));
            Guarded out(in.size());
            QCOMPARE(ak_mul_s8(&p, in.data(), gate.data(), out.data()), AK_OK);
            QVERIFY(out.intact());
            for (size_t i = 0; i < in.size(); ++i) {
                const int product = (in[i] - p.in_zero_point) * (gate[i % 256] - p.gate_zero_point);
                QCOMPARE(int(out.data()[i]),
                         requantized(product, p.multiplier, p.shift, p.zero_point));
            }
        }
    }

    void mulWorksInPlaceOnAnyShape()
    {
        Numbers numbers(3);
        for (int round = 0; round < 200; ++round) {
            ak_mul_t p{};
            p.pixels = numbers.between(1, 12);
            p.channels = numbers.between(1, 21);
            p.shift = uint8_t(numbers.between(0, 14));
            p.multiplier = numbers.between(1 << 30, 0x7FFFFFFF);
            p.in_zero_point = int8_t(numbers.between(-128, 127));
            p.gate_zero_point = int8_t(numbers.between(-128, 127));
            p.zero_point = int8_t(numbers.between(-128, 127));
            const Bytes in = numbers.bytes(p.pixels * p.channels);
            const Bytes gate = numbers.bytes(p.channels);
            const size_t shifts[] = {0, 4, 12}; // how far the output lies before the input
            const size_t ahead = shifts[round % 3];
            Guarded out(in.size() + ahead);
            std::copy(in.begin(), in.end(), out.data() + ahead);
            QCOMPARE(ak_mul_s8(&p, out.data() + ahead, gate.data(), out.data()), AK_OK);
            QVERIFY(out.intact());
            for (size_t i = 0; i < in.size(); ++i) {
                const int factor = gate[i % size_t(p.channels)] - p.gate_zero_point;
                QCOMPARE(int(out.data()[i]), requantized((in[i] - p.in_zero_point) * factor,
                                                         p.multiplier, p.shift, p.zero_point));
            }
        }
        const ak_mul_t p{};
        QCOMPARE(ak_mul_s8_max_offset(&p), 0);
    }

    void meanEqualsItsDefinitionAndTheRealMean()
    {
        Numbers numbers(4);
        const int sizes[] = {1, 2, 3, 4, 25, 49, 255, 256, 257, 511, 512, 513, 1600};
        for (int round = 0; round < 300; ++round) {
            ak_mean_t p{};
            p.pixels = round % 2 ? sizes[round / 2 % 13] : numbers.between(1, 70);
            p.channels = numbers.between(1, 13);
            p.zero_point = int8_t(numbers.between(-128, 127));
            const int inZero = numbers.between(-128, 127);
            p.bias = -p.pixels * inZero;
            const double scale = numbers.between(5, 49) / 100.0 / p.pixels;
            p.shift = uint8_t(numbers.between(0, 3));
            p.multiplier = int32_t(std::lround(std::ldexp(scale, 32 - p.shift)));
            const Bytes in = numbers.bytes(p.pixels * p.channels);
            Guarded out{size_t(p.channels)};
            QCOMPARE(ak_mean_s8(&p, in.data(), out.data()), AK_OK);
            QVERIFY(out.intact());
            for (int c = 0; c < p.channels; ++c) {
                qint64 sum = p.bias;
                for (int i = 0; i < p.pixels; ++i)
                    sum += in[size_t(i * p.channels + c)];
                QCOMPARE(int(out.data()[c]), requantized(sum, p.multiplier, p.shift, p.zero_point));
                const double wanted = std::clamp(double(sum) * scale + p.zero_point, -128.0, 127.0);
                QVERIFY(std::abs(out.data()[c] - wanted) <= 0.501);
            }
        }
    }

    void meanOfTheLargestMapDoesNotOverflow()
    {
        const int pixels = 1 << 22;
        ak_mean_t p{pixels, 1, -pixels * 127, 1 << 10, 5, 0};
        const Bytes in(size_t(pixels), -128);
        int8_t out = 0;
        QCOMPARE(ak_mean_s8(&p, in.data(), &out), AK_OK);
        QCOMPARE(int(out), requantized(-qint64(pixels) * 255, 1 << 10, 0, 5));
    }

    void tableLooksUpInPlace()
    {
        Numbers numbers(5);
        std::array<int8_t, 256> table{};
        for (int8_t &v : table)
            v = int8_t(numbers.between(-128, 127));
        for (int count : {1, 2, 3, 4, 5, 7, 8, 31, 256, 1000}) {
            const Bytes in = numbers.bytes(count);
            Guarded out(in.size()), same(in.size());
            std::copy(in.begin(), in.end(), same.data());
            QCOMPARE(ak_table_s8(table.data(), in.data(), out.data(), count), AK_OK);
            QCOMPARE(ak_table_s8(table.data(), same.data(), same.data(), count), AK_OK);
            QVERIFY(out.intact() && same.intact());
            for (size_t i = 0; i < in.size(); ++i) {
                QCOMPARE(out.data()[i], table[size_t(in[i] + 128)]);
                QCOMPARE(same.data()[i], table[size_t(in[i] + 128)]);
            }
        }
    }

    void softmaxIsWithinOneOfTheRealOne()
    {
        Numbers numbers(6);
        for (int round = 0; round < 300; ++round) {
            const double scale = numbers.between(1, 400) / 1000.0;
            std::array<uint32_t, 256> exponents{};
            for (size_t d = 0; d < exponents.size(); ++d)
                exponents[d] = uint32_t(std::lround(std::exp(-double(d) * scale) * (1 << 20)));
            const int count = numbers.between(1, round % 10 == 0 ? 1000 : 20);
            Bytes values = numbers.bytes(count);
            double sum = 0;
            for (const int8_t v : values)
                sum += std::exp(v * scale);
            const Bytes in = values;
            const ak_softmax_t p{exponents.data(), count};
            QCOMPARE(ak_softmax_s8(&p, values.data(), values.data()), AK_OK);
            for (size_t i = 0; i < in.size(); ++i) {
                const double wanted = std::min(std::exp(in[i] * scale) / sum * 256 - 128, 127.0);
                QVERIFY(std::abs(values[i] - wanted) <= 1);
            }
        }
    }

    void softmaxOfTheMostEqualValuesSharesEvenly()
    {
        std::array<uint32_t, 256> exponents{};
        exponents.fill(1 << 20);
        for (const int count : {1, 2, 3, 4, 128, 256, 257, AK_SOFTMAX_MAX}) {
            Bytes values(size_t(count), 127);
            const ak_softmax_t p{exponents.data(), count};
            QCOMPARE(ak_softmax_s8(&p, values.data(), values.data()), AK_OK);
            const int share = std::min((512 / count + 1) / 2, 255) - 128;
            QVERIFY(
                std::all_of(values.begin(), values.end(), [&](int8_t v) { return v == share; }));
        }
    }

    void badArgumentsAreRefused()
    {
        int8_t v[4] = {};
        uint32_t exponents[256] = {1};
        const ak_add_t add{4, 0, 1, 1, 0};
        const ak_mul_t mul{1, 4, 1, 0, 0, 0, 0};
        const ak_mean_t mean{1, 4, 0, 1, 0, 0};
        const ak_softmax_t softmax{exponents, 4};
        QCOMPARE(ak_add_s8(nullptr, v, v, v), AK_ERROR_NULL);
        QCOMPARE(ak_add_s8(&add, nullptr, v, v), AK_ERROR_NULL);
        QCOMPARE(ak_add_s8(&add, v, v, nullptr), AK_ERROR_NULL);
        QCOMPARE(ak_mul_s8(&mul, v, nullptr, v), AK_ERROR_NULL);
        QCOMPARE(ak_mean_s8(&mean, nullptr, v), AK_ERROR_NULL);
        QCOMPARE(ak_table_s8(nullptr, v, v, 4), AK_ERROR_NULL);
        QCOMPARE(ak_softmax_s8(&softmax, v, nullptr), AK_ERROR_NULL);
        const ak_add_t noAdd{0, 0, 1, 1, 0}, shifted{4, 0, 1, 1, 32};
        const ak_mul_t noMul{1, 0, 1, 0, 0, 0, 0};
        const ak_mean_t noMean{0, 4, 0, 1, 0, 0}, largeMean{(1 << 22) + 1, 4, 0, 1, 0, 0};
        const ak_softmax_t none{exponents, 0}, many{exponents, AK_SOFTMAX_MAX + 1};
        QCOMPARE(ak_add_s8(&noAdd, v, v, v), AK_ERROR_SHAPE);
        QCOMPARE(ak_add_s8(&shifted, v, v, v), AK_ERROR_SHAPE);
        QCOMPARE(ak_mul_s8(&noMul, v, v, v), AK_ERROR_SHAPE);
        QCOMPARE(ak_mean_s8(&noMean, v, v), AK_ERROR_SHAPE);
        QCOMPARE(ak_mean_s8(&largeMean, v, v), AK_ERROR_SHAPE);
        QCOMPARE(ak_table_s8(v, v, v, 0), AK_ERROR_SHAPE);
        QCOMPARE(ak_softmax_s8(&none, v, v), AK_ERROR_SHAPE);
        QCOMPARE(ak_softmax_s8(&many, v, v), AK_ERROR_SHAPE);
    }
};

QTEST_APPLESS_MAIN(TestElementwise)

#include "tst_elementwise.moc"
