#pragma once

#include "core/base/result.h"
#include "core/model/network.h"

#include <QStringList>

// The .atomnet file, version 1: JSON in UTF-8, stable key order, one block a line, LF.
// Schema: resources/schemas/atomnet-design-1.schema.json.
namespace atomnet
{

inline constexpr int designFileVersion = 1;
inline constexpr qint64 maxDesignFileBytes = 16 * 1024 * 1024;

struct DesignFile {
    Network network;
    QStringList notes; ///< unknown keys that were kept, one sentence each with line:column
};

/// Reads a design. `fileName` only names the place in errors ("net.atomnet:12:30").
/// Errors: BadInput with line:column of the offending token; NewerFile for a later version.
[[nodiscard]] Result<DesignFile> readDesign(const QByteArray &bytes, const QString &fileName);

/// The design as bytes. read(write(n)) is n, and write(read(b)) is b for every b written here.
[[nodiscard]] QByteArray writeDesign(const Network &network);

/// readDesign of a file on disk; Io when it cannot be read, BadInput when above maxDesignFileBytes.
[[nodiscard]] Result<DesignFile> loadDesign(const QString &path);

/// Writes atomically: the old file stays until the new one is complete. Io with the system's
/// reason.
[[nodiscard]] Result<> saveDesign(const Network &network, const QString &path);

/// A fragment of blocks for the clipboard, as
/// {"format":"atomnet-blocks","version":1,"blocks":[...]}.
[[nodiscard]] QByteArray writeBlocks(const std::vector<Block> &blocks);
[[nodiscard]] Result<std::vector<Block>> readBlocks(const QByteArray &bytes);

} // namespace atomnet
