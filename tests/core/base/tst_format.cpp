#include "core/base/format.h"

#include <QTest>

#include <limits>

using namespace atomnet;

class TestFormat : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void kib_data()
    {
        QTest::addColumn<qint64>("bytes");
        QTest::addColumn<QString>("expected");
        QTest::newRow("zero") << qint64{0} << QStringLiteral("0.0 KiB");
        QTest::newRow("one decimal") << qint64{155'238} << QStringLiteral("151.6 KiB");
        QTest::newRow("whole") << qint64{512 * 1024} << QStringLiteral("512.0 KiB");
        QTest::newRow("last with a decimal") << qint64{999 * 1024} << QStringLiteral("999.0 KiB");
        QTest::newRow("never 1000.0") << qint64{1'023'990} << QStringLiteral("1000 KiB");
        QTest::newRow("no decimal from 1000 on")
            << qint64{2048 * 1024} << QStringLiteral("2048 KiB");
        QTest::newRow("negative") << qint64{-1536} << QStringLiteral("-1.5 KiB");
    }
    void kib()
    {
        QFETCH(qint64, bytes);
        QTEST(formatKib(bytes), "expected");
    }

    void kibDelta()
    {
        QCOMPARE(formatKibDelta(12'698), QStringLiteral("+12.4 KiB"));
        QCOMPARE(formatKibDelta(-12'698), QStringLiteral("-12.4 KiB"));
        QCOMPARE(formatKibDelta(0), QStringLiteral("+0.0 KiB"));
    }

    void ms_data()
    {
        QTest::addColumn<qint64>("nanoseconds");
        QTest::addColumn<QString>("expected");
        const auto row = [](qint64 ns, const QString &expected) {
            QTest::newRow(qPrintable(QString::number(ns))) << ns << expected;
        };
        row(0, QStringLiteral("0 ms"));
        row(912, QStringLiteral("912 ns"));
        row(87'600, QStringLiteral("87.6 \u00b5s"));
        row(1'310'000, QStringLiteral("1.31 ms"));
        row(9'994'000, QStringLiteral("9.99 ms"));
        row(9'996'000, QStringLiteral("10.0 ms"));
        row(99'940'000, QStringLiteral("99.9 ms"));
        row(99'960'000, QStringLiteral("100 ms"));
        row(245'000'000, QStringLiteral("245 ms"));
        row(1'188'000'000, QStringLiteral("1188 ms"));
        row(999'600, QStringLiteral("1.00 ms")); // never 1000 µs
        row(-1'310'000, QStringLiteral("-1.31 ms"));
    }
    void ms()
    {
        QFETCH(qint64, nanoseconds);
        QTEST(formatMs(nanoseconds), "expected");
    }

    void count_data()
    {
        QTest::addColumn<qint64>("number");
        QTest::addColumn<QString>("expected");
        const auto row = [](qint64 number, const QString &expected) {
            QTest::newRow(qPrintable(QString::number(number))) << number << expected;
        };
        row(0, QStringLiteral("0"));
        row(912, QStringLiteral("912"));
        row(1000, QStringLiteral("1.00 k"));
        row(358'000, QStringLiteral("358 k"));
        row(999'600, QStringLiteral("1.00 M"));
        row(79'000'000, QStringLiteral("79.0 M"));
        row(2'500'000'000, QStringLiteral("2.50 G"));
        row(-358'000, QStringLiteral("-358 k"));
    }
    void count()
    {
        QFETCH(qint64, number);
        QTEST(formatCount(number), "expected");
    }

    void bytes_data()
    {
        QTest::addColumn<qint64>("bytes");
        QTest::addColumn<QString>("expected");
        const auto row = [](qint64 bytes, QString expected) {
            QTest::newRow(qPrintable(QString::number(bytes)))
                << bytes << expected.replace(QLatin1Char('_'), QChar(0x202f));
        };
        row(0, QStringLiteral("0 B"));
        row(999, QStringLiteral("999 B"));
        row(1000, QStringLiteral("1_000 B"));
        row(155'238, QStringLiteral("155_238 B"));
        row(-1'234'567, QStringLiteral("-1_234_567 B"));
        row(std::numeric_limits<qint64>::min(), QStringLiteral("-9_223_372_036_854_775_808 B"));
    }
    void bytes()
    {
        QFETCH(qint64, bytes);
        QTEST(formatBytes(bytes), "expected");
    }

    void percent()
    {
        QCOMPARE(formatPercent(0.82), QStringLiteral("82 %"));
        QCOMPARE(formatPercent(0), QStringLiteral("0 %"));
        QCOMPARE(formatPercent(1), QStringLiteral("100 %"));
        QCOMPARE(formatPercent(0.9999), QStringLiteral("99 %")); // only all of it is 100 %
        QCOMPARE(formatPercent(0.0001), QStringLiteral("1 %"));  // and only nothing is 0 %
    }
};

QTEST_APPLESS_MAIN(TestFormat)
#include "tst_format.moc"
