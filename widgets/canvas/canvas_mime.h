#pragma once

#include "core/base/result.h"
#include "widgets/canvas/drop_edit.h"

class QMimeData;

// What travels by drag and drop and by the clipboard.
namespace atomnet
{

inline constexpr char blocksMimeType[] = "application/x-atomnet-blocks"; ///< writeBlocks()
inline constexpr char newBlockMimeType[] =
    "application/x-atomnet-new-block"; ///< "sep": from the palette
inline constexpr char presetMimeType[] = "application/x-atomnet-preset"; ///< the preset's id

/// The caller, or Qt's drag or clipboard, takes them over.
[[nodiscard]] QMimeData *blocksMime(const std::vector<Block> &blocks);
[[nodiscard]] QMimeData *newBlockMime(BlockType type);
[[nodiscard]] QMimeData *presetMime(const QString &presetId);

[[nodiscard]] bool canDrop(const QMimeData *mime);
[[nodiscard]] Result<Payload> payloadOf(const QMimeData *mime);

} // namespace atomnet
