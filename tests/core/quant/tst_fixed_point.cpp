#include "core/quant/fixed_point.h"

#include <QRandomGenerator>
#include <QtTest>

#include <cmath>

using namespace atomnet;

namespace
{

double between(QRandomGenerator &random, double lo, double hi)
{
    return lo + (hi - lo) * random.generateDouble();
}

/// What the kernels compute (ak_add.h).
int added(const AddFactors &f, int a, int b)
{
    const qint64 sum = qint64(f.bias) + qint64(a) * f.multiplierA + qint64(b) * f.multiplierB;
    if (sum != qint32(sum)) return 1000; // no kernel could hold it
    return std::clamp(int(sum >> f.shift), -128, 127);
}

/// Largest distance from exact arithmetic over all pairs, in output steps.
double worstAddError(const TensorQuant &a, const TensorQuant &b, const TensorQuant &out)
{
    const AddFactors factors = addFactors(a, b, out);
    double worst = 0;
    for (int i = -128; i < 128; ++i)
        for (int j = -128; j < 128; ++j) {
            const double sum =
                double(a.scale) * (i - a.zeroPoint) + double(b.scale) * (j - b.zeroPoint);
            const double exact = std::clamp(sum / double(out.scale) + out.zeroPoint, -128.0, 127.0);
            worst = std::max(worst, std::fabs(added(factors, i, j) - exact));
        }
    return worst;
}

UnitQuant smallUnit()
{
    UnitQuant unit;
    unit.weights = {1, -2, 3, 127, 127, -127};
    unit.scales = {0.5F, 0.25F};
    unit.bias = {10, -1000};
    unit.input = {0.1F, -5};
    unit.convolved = {0.2F, 3};
    return unit;
}

} // namespace

class TestFixedPoint : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void multipliersAreAsPreciseAsTheyCanBe()
    {
        QRandomGenerator random(1);
        for (int run = 0; run < 2000; ++run) {
            std::vector<double> scales;
            for (int i = 0, count = 1 + int(random.bounded(8)); i < count; ++i)
                scales.push_back(std::ldexp(between(random, 0.5, 1), -int(random.bounded(24)) + 4));
            const double largest = *std::max_element(scales.begin(), scales.end());
            const FixedScales fixed = fixedScales(scales, 1 << 16);
            QCOMPARE(fixed.multipliers.size(), scales.size());
            QVERIFY(fixed.shift >= 0);
            for (std::size_t i = 0; i < scales.size(); ++i) {
                QVERIFY(fixed.multipliers[i] >= 0);
                const double step = std::ldexp(1.0, fixed.shift - 32);
                QVERIFY(std::fabs(fixed.multipliers[i] * step - scales[i]) <= step / 2);
            }
            // One less, and the largest would not fit.
            if (fixed.shift > 0)
                QVERIFY(std::round(std::ldexp(largest, 33 - fixed.shift)) >= 0x1p31);
        }
    }

    void scalesBelowOneHalfNeedNoShift()
    {
        const std::vector<double> scales{0.4999999, 1e-6, 0};
        const FixedScales fixed = fixedScales(scales, (qint64(1) << 31) - 1);
        QCOMPARE(fixed.shift, 0);
        QCOMPARE(fixed.multipliers[0], qint32(std::round(0.4999999 * 0x1p32)));
        QCOMPARE(fixed.multipliers[1], 4295);
        QCOMPARE(fixed.multipliers[2], 0);
    }

    void aScaleThatRoundsUpToOneHalfIsShifted()
    {
        const double scale = 0.5 - 0x1p-40;
        QCOMPARE(fixedScales({&scale, 1}, 255).shift, 1);
        QCOMPARE(fixedScales({&scale, 1}, 255).multipliers.front(), 1 << 30);
    }

    void requantScalesAreThoseOfTheChannels()
    {
        const std::vector<double> scales = requantScales(smallUnit());
        QCOMPARE(scales.size(), std::size_t(2));
        QCOMPARE(scales[0], double(0.1F) * 0.5 / double(0.2F));
        QCOMPARE(scales[1], double(0.1F) * 0.25 / double(0.2F));
    }

    void biasesTakeTheZeroPointIn()
    {
        QCOMPARE(foldedBias(smallUnit()), (std::vector<qint32>{10 + 5 * 2, -1000 + 5 * 127}));
    }

    void accumulatorsAreBounded()
    {
        QCOMPARE(maxAccumulator(smallUnit()), qint64(365 + 381 * 128));
        UnitQuant huge = smallUnit();
        huge.bias = {std::numeric_limits<qint32>::max(), std::numeric_limits<qint32>::min()};
        QVERIFY(maxAccumulator(huge) > (qint64(1) << 31)); // told, not wrapped
    }

    void noAcceptedValueExceedsTheBound()
    {
        QRandomGenerator random(2);
        for (int run = 0; run < 200; ++run) {
            UnitQuant unit;
            const int inputs = 1 + int(random.bounded(40));
            unit.input.zeroPoint = int(random.bounded(256)) - 128;
            unit.bias = {qint32(random.generate() >> 8) - (1 << 23)};
            unit.scales = {1};
            qint64 least = unit.bias[0], most = unit.bias[0];
            for (int i = 0; i < inputs; ++i) {
                const int w = int(random.bounded(255)) - 127;
                unit.weights.push_back(qint8(w));
                const int a = w * (-128 - unit.input.zeroPoint),
                          b = w * (127 - unit.input.zeroPoint);
                least += std::min(a, b);
                most += std::max(a, b);
            }
            QVERIFY(maxAccumulator(unit) >= std::max(-least, most));
        }
    }

    void sumsAreWithinOneStepForAllPairs()
    {
        QRandomGenerator random(3);
        for (int run = 0; run < 60; ++run) {
            const auto quant = [&](double least, double most) {
                const double scale = std::exp2(between(random, least, most));
                return TensorQuant{float(scale), int(random.bounded(256)) - 128};
            };
            const TensorQuant out = quant(-1, 1);
            TensorQuant a = quant(-6, 4), b = quant(-6, 4);
            a.scale *= out.scale;
            b.scale *= out.scale;
            const double worst = worstAddError(a, b, out);
            QVERIFY2(worst <= 0.51, qPrintable(QString::number(worst)));
        }
    }

    void sumsAtTheEndsOfTheAllowedRatios()
    {
        for (const int zero : {-128, 0, 127})
            for (const float small : {0.015625F, 0.02F})
                for (const float large : {1.0F, 15.9F, 16.0F}) {
                    const TensorQuant a{small, zero}, b{large, -zero - 1}, out{1, zero};
                    QVERIFY(worstAddError(a, b, out) <= 0.51);
                    QVERIFY(worstAddError(b, a, out) <= 0.51);
                    QVERIFY(worstAddError(b, b, out) <= 0.51);
                    QVERIFY(worstAddError(a, a, out) <= 0.51);
                    QVERIFY(addFactors(a, b, out).multiplierB <= 1 << 21);
                }
    }

    void aVanishingOperandDoesNoHarm()
    {
        QVERIFY(worstAddError({1e-9F, 5}, {0.7F, -3}, {0.9F, 1}) <= 0.51);
    }
};

QTEST_GUILESS_MAIN(TestFixedPoint)
#include "tst_fixed_point.moc"
