#include "widgets/dashboards/nice_scale.h"

#include <QRandomGenerator>
#include <QTest>

#include <cmath>
#include <limits>

using namespace atomnet;

class TestNiceScale : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void scale_data()
    {
        QTest::addColumn<double>("top");
        QTest::addColumn<double>("max");
        QTest::addColumn<double>("step");
        QTest::newRow("a limit of 512") << 512.0 << 600.0 << 100.0;
        QTest::newRow("a limit of 2048") << 2048.0 << 2500.0 << 500.0;
        QTest::newRow("on a step") << 0.3 << 0.3 << 0.05;
        QTest::newRow("tiny") << 0.0013 << 0.0015 << 0.0005;
        QTest::newRow("one") << 1.0 << 1.0 << 0.2;
        QTest::newRow("zero") << 0.0 << 1.0 << 0.2;
        QTest::newRow("negative") << -3.0 << 1.0 << 0.2;
        QTest::newRow("not a number") << qQNaN() << 1.0 << 0.2;
        QTest::newRow("infinite") << qInf() << 1.0 << 0.2;
    }
    void scale()
    {
        QFETCH(double, top);
        QFETCH(double, max);
        QFETCH(double, step);
        const NiceScale s = niceScale(top);
        QCOMPARE(s.max, max);
        QCOMPARE(s.step, step);
        QCOMPARE(s.intervals, int(std::lround(max / step)));
    }

    void holdsTheTopWithoutWaste()
    {
        QRandomGenerator random(7);
        for (int i = 0; i < 2000; ++i) {
            const double top = std::pow(10.0, random.generateDouble() * 14 - 5);
            const NiceScale s = niceScale(top);
            QVERIFY(s.max >= top * (1 - 1e-9));
            QVERIFY(s.max - top < s.step * (1 + 1e-6));
            QVERIFY(s.intervals >= 3 && s.intervals <= 6);
        }
    }
};

QTEST_APPLESS_MAIN(TestNiceScale)
#include "tst_nice_scale.moc"
