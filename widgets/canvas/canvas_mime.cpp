#include "widgets/canvas/canvas_mime.h"

#include "core/model/design_file.h"
#include "core/model/presets.h"

#include <QCoreApplication>
#include <QMimeData>

namespace atomnet
{

QMimeData *blocksMime(const std::vector<Block> &blocks)
{
    auto *mime = new QMimeData;
    const QByteArray bytes = writeBlocks(blocks);
    mime->setData(QLatin1String(blocksMimeType), bytes);
    mime->setText(QString::fromUtf8(bytes)); // so that blocks can be mailed and pasted back
    return mime;
}

QMimeData *newBlockMime(BlockType type)
{
    auto *mime = new QMimeData;
    mime->setData(QLatin1String(newBlockMimeType), toString(type).toUtf8());
    mime->setData(QLatin1String(blocksMimeType), writeBlocks({defaultBlock(type)}));
    return mime;
}

QMimeData *presetMime(const QString &presetId)
{
    auto *mime = new QMimeData;
    mime->setData(QLatin1String(presetMimeType), presetId.toUtf8());
    return mime;
}

bool canDrop(const QMimeData *mime)
{
    return mime && (mime->hasFormat(QLatin1String(newBlockMimeType)) ||
                    mime->hasFormat(QLatin1String(blocksMimeType)) ||
                    mime->hasFormat(QLatin1String(presetMimeType)));
}

Result<Payload> payloadOf(const QMimeData *mime)
{
    if (mime->hasFormat(QLatin1String(newBlockMimeType))) {
        const QString type = QString::fromUtf8(mime->data(QLatin1String(newBlockMimeType)));
        if (const auto known = blockTypeFrom(type)) return NewBlocks{{defaultBlock(*known)}, true};
    }
    if (mime->hasFormat(QLatin1String(presetMimeType))) {
        const QString id = QString::fromUtf8(mime->data(QLatin1String(presetMimeType)));
        if (const Preset *preset = presetById(id)) return WholeDesign{preset->network};
    }
    const QByteArray bytes = mime->hasFormat(QLatin1String(blocksMimeType))
                                 ? mime->data(QLatin1String(blocksMimeType))
                                 : mime->text().toUtf8();
    auto blocks = readBlocks(bytes);
    if (!blocks) return tl::make_unexpected(blocks.error());
    if (blocks->empty())
        return fail(ErrorCode::BadInput,
                    QCoreApplication::translate("atomnet::Canvas", "there are no blocks in it"));
    return NewBlocks{*std::move(blocks), false};
}

} // namespace atomnet
