#pragma once

#include "core/exporters/export_request.h"

// Putting an export on disk: all of it or nothing.
namespace atomnet
{

/// Whether an export of this format may be written to `path` (absolute or relative), before any
/// work is done for it. Io, one sentence: the folder around it is missing, a folder where a file
/// belongs or the other way round, something that is not an unchanged older export of this format.
/// A folder of ours carries ".atomnet-export", which lists its files with their SHA-256; a file of
/// ours names the designer.
[[nodiscard]] Result<> checkDestination(const QString &path, ExportFormat format);

/// Writes `files` (with the marker, for a folder) beside `path` and renames them into place when
/// they are complete on disk; an older export is then replaced. Io; Cancelled until the renaming.
/// Nothing half-written is left behind.
[[nodiscard]] Result<> writeExport(const QString &path, ExportFormat format,
                                   const std::vector<ExportFile> &files,
                                   const RunControl &control = {});

} // namespace atomnet
