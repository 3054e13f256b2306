#include "core/model/board.h"

#include "core/model/resource.h"

#include <QJsonArray>
#include <QStringList>

namespace atomnet
{

namespace
{

Board readBoard(const QString &id)
{
    const QJsonObject json = resourceObject(QStringLiteral("boards/%1.json").arg(id));
    Board board;
    board.id = json[QStringLiteral("id")].toString();
    board.name = json[QStringLiteral("name")].toString();
    board.core = json[QStringLiteral("core")].toString();
    board.sramBytes = json[QStringLiteral("sram_bytes")].toInteger();
    board.flashBytes = json[QStringLiteral("flash_bytes")].toInteger();
    board.clockHz = json[QStringLiteral("clock_hz")].toInteger(-1);
    board.isVirtual = json[QStringLiteral("virtual")].toBool();
    board.stackApart = json[QStringLiteral("stack_apart")].toBool();
    Q_ASSERT(board.id == id && !board.name.isEmpty() && !board.core.isEmpty());
    Q_ASSERT(board.sramBytes > 0 && board.flashBytes > 0 && board.clockHz >= 0);
    Q_ASSERT(board.isVirtual == (board.clockHz == 0));
    return board;
}

std::vector<Board> readBoards()
{
    std::vector<Board> all;
    const QJsonObject index = resourceObject(QStringLiteral("boards/index.json"));
    const QJsonArray ids = index[QStringLiteral("boards")].toArray();
    for (const QJsonValue &id : ids)
        all.push_back(readBoard(id.toString()));
    Q_ASSERT(!all.empty());
    return all;
}

} // namespace

const std::vector<Board> &boards()
{
    static const std::vector<Board> all = readBoards();
    return all;
}

Result<Board> boardById(const QString &id)
{
    QStringList known;
    for (const Board &board : boards()) {
        if (board.id == id) return board;
        known << board.id;
    }
    return fail(ErrorCode::Usage, QStringLiteral("there is no board \"%1\"; use one of %2")
                                      .arg(id, known.join(QStringLiteral(", "))));
}

} // namespace atomnet
