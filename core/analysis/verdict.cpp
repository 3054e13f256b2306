#include "core/analysis/verdict.h"

#include "core/base/format.h"

namespace atomnet
{

namespace
{

constexpr qint64 tightPercent = 90;

void judgeBudget(Budget &budget, qint64 limit, qint64 reserve, bool noLimit)
{
    budget.limit = limit;
    budget.available = limit - reserve;
    budget.overBytes = 0;
    if (noLimit) {
        budget.fit = Fit::NoLimit;
    } else if (budget.high > budget.available) {
        budget.fit = Fit::Over;
        budget.overBytes = budget.high - budget.available;
    } else {
        const bool tight = budget.high * 100 > budget.available * tightPercent;
        budget.fit = tight ? Fit::Tight : Fit::Within;
    }
}

/// "SRAM is 12.4 KiB over the 512 KiB of STM32H743 (upper bound of an estimate)"
QString overSentence(const QString &resource, const Budget &budget, const QString &board)
{
    QString sentence =
        QStringLiteral("%1 is %2 over the %3 of %4")
            .arg(resource, formatKib(budget.overBytes), formatKib(budget.available), board);
    if (budget.available != budget.limit)
        sentence += QStringLiteral(" that are left after %1 reserved")
                        .arg(formatKib(budget.limit - budget.available));
    if (budget.estimated) sentence += QStringLiteral(" (upper bound of an estimate)");
    return sentence;
}

} // namespace

void judge(Report &report)
{
    const Target &target = report.target;
    const Board &board = target.board;
    judgeBudget(report.sram, board.sramBytes, target.reserveSramBytes, board.isVirtual);
    judgeBudget(report.flash, board.flashBytes, target.reserveFlashBytes, board.isVirtual);
    report.fits = report.sram.fit != Fit::Over && report.flash.fit != Fit::Over;
    report.reasons.clear();
    if (report.sram.fit == Fit::Over)
        report.reasons << overSentence(QStringLiteral("SRAM"), report.sram, board.name);
    if (report.flash.fit == Fit::Over)
        report.reasons << overSentence(QStringLiteral("Flash"), report.flash, board.name);
}

} // namespace atomnet
