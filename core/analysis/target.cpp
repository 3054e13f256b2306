#include "core/analysis/target.h"

namespace atomnet
{

namespace
{

Result<> checkReserve(qint64 reserve, qint64 limit, const QString &resource, const QString &board)
{
    if (reserve < 0)
        return fail(ErrorCode::Usage,
                    QStringLiteral("the %1 reserve is %2 bytes; it cannot be below 0")
                        .arg(resource)
                        .arg(reserve));
    if (reserve > limit)
        return fail(
            ErrorCode::Usage,
            QStringLiteral("the %1 reserve is %2 bytes, but %3 has %4 bytes in all; reserve "
                           "less or choose another board")
                .arg(resource)
                .arg(reserve)
                .arg(board)
                .arg(limit));
    return {};
}

} // namespace

Result<> validate(const Target &target)
{
    const Board &board = target.board;
    if (auto sram = checkReserve(target.reserveSramBytes, board.sramBytes, QStringLiteral("SRAM"),
                                 board.name);
        !sram)
        return sram;
    return checkReserve(target.reserveFlashBytes, board.flashBytes, QStringLiteral("Flash"),
                        board.name);
}

} // namespace atomnet
