#include "core/analysis/verdict.h"

#include <QTest>

using namespace atomnet;

namespace
{

Budget budget(qint64 value, qint64 available, Fit fit, qint64 over = 0)
{
    Budget made;
    made.value = made.low = made.high = value;
    made.limit = made.available = available;
    made.fit = fit;
    made.overBytes = over;
    return made;
}

/// A report of these sizes for a board of 100 KiB and 1000 KiB.
Report judged(qint64 sramValue, qint64 sramHigh)
{
    Report report;
    report.target.board.name = QStringLiteral("Board");
    report.target.board.sramBytes = 100 * 1024;
    report.target.board.flashBytes = 1000 * 1024;
    report.sram.value = report.sram.low = sramValue;
    report.sram.high = sramHigh;
    report.sram.estimated = sramValue != sramHigh;
    judge(report);
    return report;
}

} // namespace

class TestVerdict : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void whatIsOverIsSaidInWords()
    {
        QCOMPARE(fitWords(budget(50, 100, Fit::Within)), QStringLiteral("fits, 50 % used"));
        QCOMPARE(fitWords(budget(95, 100, Fit::Tight)), QStringLiteral("tight, up to 95 % used"));
        QCOMPARE(fitWords(budget(112 * 1024, 100 * 1024, Fit::Over, 12 * 1024)),
                 QStringLiteral("over by 12.0 KiB"));
        QCOMPARE(fitWords(budget(1, 0, Fit::NoLimit)), QStringLiteral("no limit on this board"));
        Budget uncertain = budget(95 * 1024, 100 * 1024, Fit::Over, 5 * 1024);
        uncertain.high = 105 * 1024;
        QCOMPARE(fitWords(uncertain), QStringLiteral("may be over by up to 5.0 KiB"));
        Budget surely = budget(112 * 1024, 100 * 1024, Fit::Over, 25 * 1024);
        surely.high = 125 * 1024;
        QCOMPARE(fitWords(surely), QStringLiteral("over by 12.0, up to 25.0 KiB"));
    }

    void theReasonTellsCertainFromPossible()
    {
        QVERIFY(judged(100 * 1024, 100 * 1024).fits);
        const Report possibly = judged(95 * 1024, 105 * 1024);
        QVERIFY(!possibly.fits);
        QCOMPARE(possibly.reasons,
                 QStringList{QStringLiteral("SRAM may be 5.0 KiB over the 100.0 KiB of Board "
                                            "(upper bound of an estimate)")});
        QCOMPARE(judged(112 * 1024, 112 * 1024).reasons,
                 QStringList{QStringLiteral("SRAM is 12.0 KiB over the 100.0 KiB of Board")});
    }
};

QTEST_APPLESS_MAIN(TestVerdict)
#include "tst_verdict.moc"
