#include "widgets/dashboards/explorer/axis_ticks.h"

#include <QTest>

#include <cmath>

using namespace atomnet;

class TestAxisTicks : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void linearTicksAreRound()
    {
        const std::vector<AxisTick> ticks = axisTicks(-0.3, 10.2, false, 6);
        QStringList texts;
        for (const AxisTick &tick : ticks)
            texts << tick.text;
        QCOMPARE(texts,
                 (QStringList{QStringLiteral("0"), QStringLiteral("2"), QStringLiteral("4"),
                              QStringLiteral("6"), QStringLiteral("8"), QStringLiteral("10")}));
    }
    void decadesAreNamedWithPartsWhereThereIsRoom()
    {
        const std::vector<AxisTick> wide = axisTicks(-2, 3, true, 6);
        int named = 0;
        for (const AxisTick &tick : wide) {
            if (tick.text.isEmpty()) continue;
            ++named;
            QCOMPARE(tick.at, std::round(tick.at));
        }
        QCOMPARE(named, 6);
        QStringList texts;
        for (const AxisTick &tick : axisTicks(0, 1, true, 6))
            if (!tick.text.isEmpty()) texts << tick.text;
        QCOMPARE(texts, (QStringList{QStringLiteral("1"), QStringLiteral("2"), QStringLiteral("5"),
                                     QStringLiteral("10")}));
    }
    void ticksAscendWithinTheirRange_data()
    {
        QTest::addColumn<double>("low");
        QTest::addColumn<double>("high");
        QTest::addColumn<bool>("log");
        QTest::newRow("narrow log") << 2.30 << 2.31 << true;
        QTest::newRow("many decades") << -30.0 << 30.0 << true;
        QTest::newRow("narrow") << 1e6 << 1e6 + 3 << false;
        QTest::newRow("below 0") << -5e-7 << -1e-7 << false;
        QTest::newRow("huge") << 0.0 << 7e14 << false;
    }
    void ticksAscendWithinTheirRange()
    {
        QFETCH(double, low);
        QFETCH(double, high);
        QFETCH(bool, log);
        for (const int most : {2, 5, 12}) {
            int named = 0;
            double last = low - 1;
            for (const AxisTick &tick : axisTicks(low, high, log, most)) {
                const double slack = 1e-6 * (high - low);
                QVERIFY(tick.at >= low - slack && tick.at <= high + slack && tick.at > last);
                last = tick.at;
                named += !tick.text.isEmpty();
            }
            QVERIFY(named >= 1 && named <= most + 1);
        }
    }
    void nothingToMarkHasNoTicks()
    {
        QVERIFY(axisTicks(1, 1, false, 5).empty());
        QVERIFY(axisTicks(0, std::nan(""), true, 5).empty());
    }
    void valuesAreShort()
    {
        QCOMPARE(axisText(0), QStringLiteral("0"));
        QCOMPARE(axisText(385'000), QStringLiteral("385 k"));
        QCOMPARE(axisText(12'500'000), QStringLiteral("12.5 M"));
        QCOMPARE(axisText(0.02), QStringLiteral("0.02"));
        QCOMPARE(axisText(320), QStringLiteral("320"));
    }
};

QTEST_GUILESS_MAIN(TestAxisTicks)
#include "tst_axis_ticks.moc"
