#pragma once

#include "core/quant/byte_stream.h"

#include <memory>
#include <vector>

namespace atomnet
{

/// A file inside a zip.
struct ZipEntry {
    QString name;
    int flags = 0, method = 0; ///< 0 stored, 8 deflated
    quint32 crc = 0;
    qint64 packedBytes = 0, bytes = 0, headerOffset = 0;
};

/// The files that the zip's directory lists. BadInput: no zip, cut, zip64 (above 4 GB or 65,535
/// files). https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT
[[nodiscard]] Result<std::vector<ZipEntry>> readZipDirectory(QIODevice &device,
                                                             const QString &name);

/// Unpacks one of them; the device must outlive it and stay alone with it. The last byte is given
/// only when the checksum holds. BadInput: encrypted, another method, damaged.
[[nodiscard]] Result<std::unique_ptr<ByteStream>>
openZipEntry(QIODevice &device, const ZipEntry &entry, const QString &name);

} // namespace atomnet
