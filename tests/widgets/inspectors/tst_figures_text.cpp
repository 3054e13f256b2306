#include "widgets/inspectors/figures_text.h"

#include <QTest>

using namespace atomnet;

class TestFiguresText : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void latencyShowsItsIntervalInItsOwnUnit_data()
    {
        QTest::addColumn<qint64>("value");
        QTest::addColumn<qint64>("low");
        QTest::addColumn<qint64>("high");
        QTest::addColumn<QString>("expected");
        QTest::newRow("ms") << qint64(245'000'000) << qint64(239'500'000) << qint64(251'000'000)
                            << QStringLiteral("245 ms \u00b16");
        QTest::newRow("rounded up") << qint64(245'000'000) << qint64(244'900'000)
                                    << qint64(245'100'000) << QStringLiteral("245 ms \u00b11");
        QTest::newRow("decimals") << qint64(1'310'000) << qint64(1'210'000) << qint64(1'410'000)
                                  << QStringLiteral("1.31 ms \u00b10.10");
        QTest::newRow("the wider side") << qint64(275'000'000) << qint64(257'000'000)
                                        << qint64(278'000'000) << QStringLiteral("275 ms \u00b118");
        QTest::newRow("exact") << qint64(2'000'000) << qint64(2'000'000) << qint64(2'000'000)
                               << QStringLiteral("2.00 ms");
    }
    void latencyShowsItsIntervalInItsOwnUnit()
    {
        QFETCH(qint64, value);
        QFETCH(qint64, low);
        QFETCH(qint64, high);
        QFETCH(QString, expected);
        const Latency latency{value, low, high, Source::Measured, 3, false};
        QCOMPARE(latencyText(latency, TimeUnit::Nanoseconds), expected);
    }

    void anOpenIntervalReadsAtLeast()
    {
        const Latency latency{5'000'000, 4'000'000, std::nullopt, Source::Missing, 0, false};
        QCOMPARE(latencyText(latency, TimeUnit::Nanoseconds), QStringLiteral("at least 4.00 ms"));
        QCOMPARE(latencyText(Latency{0, 0, std::nullopt, Source::Missing, 0, false},
                             TimeUnit::Nanoseconds),
                 QStringLiteral("no figure"));
    }

    void provenanceNamesSamplesAndExtrapolation()
    {
        QCOMPARE(provenanceText({1, 1, 1, Source::Measured, 1, false}),
                 QStringLiteral("measured, 1 sample"));
        QCOMPARE(provenanceText({1, 1, 1, Source::Measured, 132, false}),
                 QStringLiteral("measured, 132 samples"));
        QCOMPARE(provenanceText({1, 1, 1, Source::Estimated, 0, true}),
                 QStringLiteral("estimated by extrapolation"));
        QCOMPARE(provenanceText({}), QStringLiteral("missing"));
    }

    void instructionsReadAsSuch()
    {
        QCOMPARE(latencyText({79'300'000, 79'300'000, 79'300'000, Source::Measured, 30, false},
                             TimeUnit::Instructions),
                 QStringLiteral("79.3 M instructions"));
        QCOMPARE(latencyText({79'300'000, 77'000'000, 81'000'000, Source::Estimated, 0, false},
                             TimeUnit::Instructions),
                 QStringLiteral("79.3 M \u00b12.30 M instructions"));
        Latency latency{1, 1, 2, Source::Estimated, 0, true};
        latency.fromInstructions = true;
        QCOMPARE(provenanceText(latency), QStringLiteral("estimated from instructions"));
    }

    void countsAreGroupedAndAgreeWithTheirNoun()
    {
        QCOMPARE(counted(1, QStringLiteral("layer")), QStringLiteral("1 layer"));
        QCOMPARE(counted(54612, QStringLiteral("sample")), QStringLiteral("54\u202f612 samples"));
        QCOMPARE(shapeText({20, 30, 48}), QStringLiteral("20\u00d730\u00d748"));
    }
};

QTEST_APPLESS_MAIN(TestFiguresText)
#include "tst_figures_text.moc"
