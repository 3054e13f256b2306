#include "widgets/common/meter.h"

#include <QImage>
#include <QTest>

using namespace atomnet;

namespace
{

Budget budget(qint64 value, qint64 low, qint64 high, qint64 limit, qint64 available, Fit fit)
{
    Budget b;
    b.value = value;
    b.low = low;
    b.high = high;
    b.estimated = low != high;
    b.limit = limit;
    b.available = available;
    b.fit = fit;
    b.overBytes = fit == Fit::Over ? high - available : 0;
    return b;
}

} // namespace

class TestMeter : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void marks_data()
    {
        QTest::addColumn<Budget>("budget");
        QTest::addColumn<double>("value");
        QTest::addColumn<double>("high");
        QTest::addColumn<double>("available");
        QTest::addColumn<double>("limit");
        QTest::newRow("within") << budget(250, 200, 300, 1000, 900, Fit::Within) << 0.25 << 0.3
                                << 0.9 << 1.0;
        QTest::newRow("exactly full")
            << budget(1000, 1000, 1000, 1000, 1000, Fit::Tight) << 1.0 << 1.0 << 1.0 << 1.0;
        QTest::newRow("over: the limit moves inside")
            << budget(1000, 900, 2000, 540, 540, Fit::Over) << 1000 / 2160.0 << 2000 / 2160.0
            << 0.25 << 0.25;
        QTest::newRow("no limit") << budget(10, 10, 10, 0, 0, Fit::NoLimit) << 1.0 << 1.0 << 1.0
                                  << 1.0;
        QTest::newRow("nothing") << Budget{} << 0.0 << 0.0 << 1.0 << 1.0;
    }
    void marks()
    {
        QFETCH(Budget, budget);
        QFETCH(double, value);
        QFETCH(double, high);
        QFETCH(double, available);
        QFETCH(double, limit);
        const MeterMarks m = meterMarks(budget);
        QCOMPARE(m.value, value);
        QCOMPARE(m.high, high);
        QCOMPARE(m.available, available);
        QCOMPARE(m.limit, limit);
        QVERIFY(m.low <= m.value && m.value <= m.high && m.available <= m.limit && m.limit <= 1);
    }

    void paintsTheFilledShareInTheFitsColour()
    {
        ThemeManager::instance().setMode(ThemeMode::Light);
        Meter meter;
        meter.resize(200, 10);
        meter.setBudget(QStringLiteral("SRAM"), budget(500, 500, 500, 1000, 1000, Fit::Over));
        const QImage image = meter.grab().toImage();
        QCOMPARE(image.pixelColor(50, 5), lightTheme().fitOver);
        QVERIFY(image.pixelColor(150, 5) != lightTheme().fitOver);
        ThemeManager::instance().setMode(ThemeMode::System);
    }

    void saysTheExactFigures()
    {
        Meter meter;
        meter.setBudget(QStringLiteral("SRAM"), budget(600, 500, 700, 1000, 650, Fit::Over));
        QVERIFY(meter.toolTip().startsWith(QStringLiteral("SRAM: 600 B")));
        QVERIFY(meter.toolTip().contains(QStringLiteral("500 B to 700 B")));
        QVERIFY(meter.toolTip().contains(QStringLiteral("350 B reserved")));
        QVERIFY(meter.toolTip().contains(QStringLiteral("over by 50 B")));
        QCOMPARE(meter.accessibleName(), meter.toolTip());
    }
};

QTEST_MAIN(TestMeter)
#include "tst_meter.moc"
