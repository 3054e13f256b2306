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
        QStringLiteral("%1 %2 %3 over the %4 of %5")
            .arg(resource,
                 budget.value > budget.available ? QStringLiteral("is") : QStringLiteral("may be"),
                 formatKib(budget.overBytes), formatKib(budget.available), board);
    if (budget.available != budget.limit)
        sentence += QStringLiteral(" that are left after %1 reserved")
                        .arg(formatKib(budget.limit - budget.available));
    if (budget.estimated) sentence += QStringLiteral(" (upper bound of an estimate)");
    return sentence;
}

} // namespace

QString fitWords(const Budget &budget)
{
    const auto share = [&budget] {
        return budget.available > 0 ? formatPercent(double(budget.high) / double(budget.available))
                                    : QString();
    };
    switch (budget.fit) {
    case Fit::Within:
        return budget.low == budget.high ? QStringLiteral("fits, %1 used").arg(share())
                                         : QStringLiteral("fits, at most %1 used").arg(share());
    case Fit::Tight:
        return QStringLiteral("tight, up to %1 used").arg(share());
    case Fit::Over:
        if (budget.value <= budget.available)
            return QStringLiteral("may be over by up to %1").arg(formatKib(budget.overBytes));
        if (budget.low == budget.high)
            return QStringLiteral("over by %1").arg(formatKib(budget.overBytes));
        return QStringLiteral("over by %1, up to %2")
            .arg(withoutUnit(formatKib(budget.value - budget.available)),
                 formatKib(budget.overBytes));
    case Fit::NoLimit:
        return QStringLiteral("no limit on this board");
    case Fit::Unknown:
        break;
    }
    return QStringLiteral("not known");
}

QString arenaWords(const SramBreakdown &parts)
{
    if (parts.optimal()) return QStringLiteral("optimal");
    return QStringLiteral("at most %1 above the least possible")
        .arg(formatKib(parts.arena - parts.arenaLowerBound));
}

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
