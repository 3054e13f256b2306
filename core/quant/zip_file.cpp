#include "core/quant/zip_file.h"

#include <QtEndian>

#include <zlib.h>

#include <algorithm>
#include <array>

namespace atomnet
{

namespace
{

constexpr qint64 endBytes = 22, maxCommentBytes = 65'535, directoryBytes = 46, localBytes = 30;
constexpr quint32 inZip64 = 0xFFFFFFFF;

tl::unexpected<Error> damaged(const QString &name)
{
    return fail(ErrorCode::BadInput, QStringLiteral("the zip is cut or damaged; write it again"),
                name);
}

tl::unexpected<Error> tooLarge(const QString &name)
{
    return fail(
        ErrorCode::BadInput,
        QStringLiteral("the zip is of the kind for more than 4 GB (zip64), which is not read; "
                       "save the arrays as .npy files or fewer samples"),
        name);
}

quint16 u16(const char *at)
{
    return qFromLittleEndian<quint16>(at);
}
quint32 u32(const char *at)
{
    return qFromLittleEndian<quint32>(at);
}

/// Exactly these bytes, or fewer than asked when the device ends or fails.
QByteArray bytesAt(QIODevice &device, qint64 offset, qint64 bytes)
{
    return offset <= device.size() && device.seek(offset) ? device.read(bytes) : QByteArray();
}

class ZipStream : public ByteStream
{
public:
    ZipStream(QIODevice &device, const ZipEntry &entry, qint64 offset, QString name)
        : m_device(device)
        , m_entry(entry)
        , m_name(std::move(name))
        , m_at(offset)
        , m_packedLeft(entry.packedBytes)
        , m_left(entry.bytes)
    {
        m_crc = crc32(0, nullptr, 0);
        m_inflating = entry.method == 8 && inflateInit2(&m_zlib, -MAX_WBITS) == Z_OK;
    }
    ~ZipStream() override
    {
        if (m_inflating) inflateEnd(&m_zlib);
    }
    Q_DISABLE_COPY_MOVE(ZipStream)

    [[nodiscard]] qint64 size() const override { return m_entry.bytes; }

    [[nodiscard]] Result<> read(char *to, qint64 bytes) override
    {
        while (bytes > 0) {
            const qint64 step = std::min(bytes, qint64(1) << 30); // zlib counts in 32 bits
            const Result<> done = m_left < step ? damaged(m_name)
                                  : m_inflating ? inflated(to, step)
                                                : stored(to, step);
            if (!done) return done;
            m_crc = crc32(m_crc, reinterpret_cast<const Bytef *>(to), uInt(step));
            m_left -= step;
            to += step;
            bytes -= step;
        }
        if (m_left == 0 && quint32(m_crc) != m_entry.crc) return damaged(m_name);
        return {};
    }

private:
    /// More packed bytes; false when there are none.
    bool refill()
    {
        const qint64 bytes = std::min<qint64>(m_packedLeft, qint64(m_buffer.size()));
        if (bytes == 0 || !m_device.seek(m_at) || m_device.read(m_buffer.data(), bytes) != bytes)
            return false;
        m_at += bytes;
        m_packedLeft -= bytes;
        m_zlib.next_in = reinterpret_cast<Bytef *>(m_buffer.data());
        m_zlib.avail_in = uInt(bytes);
        return true;
    }

    Result<> inflated(char *to, qint64 bytes)
    {
        m_zlib.next_out = reinterpret_cast<Bytef *>(to);
        m_zlib.avail_out = uInt(bytes);
        while (m_zlib.avail_out > 0) {
            if (m_zlib.avail_in == 0 && !refill()) return damaged(m_name);
            const int state = inflate(&m_zlib, Z_NO_FLUSH);
            if (state != Z_OK && !(state == Z_STREAM_END && m_zlib.avail_out == 0))
                return damaged(m_name);
        }
        return {};
    }

    Result<> stored(char *to, qint64 bytes)
    {
        if (!m_device.seek(m_at) || m_device.read(to, bytes) != bytes) return damaged(m_name);
        m_at += bytes;
        return {};
    }

    QIODevice &m_device;
    ZipEntry m_entry;
    QString m_name;
    qint64 m_at, m_packedLeft, m_left;
    uLong m_crc = 0;
    bool m_inflating = false;
    z_stream m_zlib = {};
    std::array<char, 65'536> m_buffer = {};
};

} // namespace

Result<std::vector<ZipEntry>> readZipDirectory(QIODevice &device, const QString &name)
{
    // The directory is found from the end, which a comment may follow.
    const qint64 size = device.size();
    const qint64 tailBytes = std::min(size, endBytes + maxCommentBytes);
    const QByteArray tail = bytesAt(device, size - tailBytes, tailBytes);
    const qsizetype end = tail.lastIndexOf(QByteArray("PK\5\6", 4));
    if (tail.size() != tailBytes || end < 0 || end + endBytes > tail.size()) return damaged(name);
    const char *at = tail.constData() + end;
    const int count = u16(at + 10);
    const quint32 bytes = u32(at + 12), offset = u32(at + 16);
    if (count == 0xFFFF || bytes == inZip64 || offset == inZip64) return tooLarge(name);
    if (qint64(offset) + bytes > size - tailBytes + end) return damaged(name);

    const QByteArray directory = bytesAt(device, offset, bytes);
    if (directory.size() != qint64(bytes)) return damaged(name);
    std::vector<ZipEntry> entries;
    for (qint64 place = 0; entries.size() < std::size_t(count);) {
        if (place + directoryBytes > directory.size()) return damaged(name);
        at = directory.constData() + place;
        const qint64 nameBytes = u16(at + 28), extraBytes = u16(at + 30),
                     commentBytes = u16(at + 32);
        if (u32(at) != 0x02014B50 || place + directoryBytes + nameBytes > directory.size())
            return damaged(name);
        ZipEntry entry;
        entry.name = QString::fromUtf8(at + directoryBytes, nameBytes);
        entry.flags = u16(at + 8);
        entry.method = u16(at + 10);
        entry.crc = u32(at + 16);
        entry.packedBytes = u32(at + 20);
        entry.bytes = u32(at + 24);
        entry.headerOffset = u32(at + 42);
        entries.push_back(std::move(entry));
        place += directoryBytes + nameBytes + extraBytes + commentBytes;
    }
    return entries;
}

Result<std::unique_ptr<ByteStream>> openZipEntry(QIODevice &device, const ZipEntry &entry,
                                                 const QString &name)
{
    if (entry.flags & 1)
        return fail(ErrorCode::BadInput,
                    QStringLiteral("it is encrypted; save it without a password"), name);
    if (entry.method != 0 && entry.method != 8)
        return fail(ErrorCode::BadInput,
                    QStringLiteral(
                        "it is packed by method %1; save it with numpy.savez or savez_compressed")
                        .arg(entry.method),
                    name);
    if (entry.bytes == inZip64 || entry.packedBytes == inZip64 || entry.headerOffset == inZip64)
        return tooLarge(name);
    // The sizes here are the directory's: the local ones may be left open.
    const QByteArray local = bytesAt(device, entry.headerOffset, localBytes);
    if (local.size() != localBytes || u32(local.constData()) != 0x04034B50) return damaged(name);
    const qint64 offset =
        entry.headerOffset + localBytes + u16(local.constData() + 26) + u16(local.constData() + 28);
    if (offset + entry.packedBytes > device.size() ||
        (entry.method == 0 && entry.packedBytes != entry.bytes))
        return damaged(name);
    return std::make_unique<ZipStream>(device, entry, offset, name);
}

} // namespace atomnet
