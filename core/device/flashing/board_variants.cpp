#include "core/device/flashing/probe.h"

#include "core/model/resource.h"

#include <QJsonArray>
#include <QStringList>

namespace atomnet
{

namespace
{

BoardVariant readVariant(const QJsonObject &json)
{
    BoardVariant variant;
    variant.id = json[QStringLiteral("id")].toString();
    variant.board = json[QStringLiteral("board")].toString();
    variant.name = json[QStringLiteral("name")].toString();
    variant.chipId = quint16(json[QStringLiteral("chip_id")].toInt());
    variant.openOcdConfig = json[QStringLiteral("openocd_config")].toString();
    variant.flashBytes = json[QStringLiteral("flash_bytes")].toInteger();
    variant.image = json[QStringLiteral("image")].toString();
    Q_ASSERT(variant.id.startsWith(variant.board) && !variant.board.isEmpty());
    Q_ASSERT(variant.chipId != 0 && variant.flashBytes > 0);
    Q_ASSERT(!variant.openOcdConfig.isEmpty() && !variant.image.isEmpty());
    return variant;
}

std::vector<BoardVariant> readVariants()
{
    std::vector<BoardVariant> all;
    const QJsonObject json = resourceObject(QStringLiteral("boards/flash.json"));
    const QJsonArray variants = json[QStringLiteral("variants")].toArray();
    for (const QJsonValue &variant : variants)
        all.push_back(readVariant(variant.toObject()));
    Q_ASSERT(!all.empty());
    return all;
}

} // namespace

const std::vector<BoardVariant> &boardVariants()
{
    static const std::vector<BoardVariant> all = readVariants();
    return all;
}

Result<BoardVariant> boardVariant(const QString &id)
{
    QStringList known;
    for (const BoardVariant &variant : boardVariants()) {
        if (variant.id == id || variant.board == id) return variant;
        known << variant.id;
    }
    return fail(ErrorCode::Usage, QStringLiteral("there is no board \"%1\" to flash; use one of %2")
                                      .arg(id, known.join(QStringLiteral(", "))));
}

} // namespace atomnet
