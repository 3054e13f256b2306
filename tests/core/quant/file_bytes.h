#pragma once

#include <QByteArrayList>
#include <QtEndian>

#include <vector>

// PNG, NumPy arrays and zips written by hand, as foreign programs would.
namespace atomnet::test
{

template <class T>
QByteArray littleEndian(T value)
{
    const T turned = qToLittleEndian(value);
    return {reinterpret_cast<const char *>(&turned), sizeof turned};
}

template <class T>
QByteArray bigEndian(T value)
{
    const T turned = qToBigEndian(value);
    return {reinterpret_cast<const char *>(&turned), sizeof turned};
}

/// CRC-32/ISO-HDLC, of PNG and zip.
inline quint32 crc32Of(const QByteArray &bytes)
{
    quint32 crc = ~quint32(0);
    for (const char byte : bytes) {
        crc ^= quint8(byte);
        for (int bit = 0; bit < 8; ++bit)
            crc = (crc >> 1) ^ (crc & 1 ? 0xEDB88320U : 0U);
    }
    return ~crc;
}

inline QByteArray zlibOf(const QByteArray &bytes)
{
    return qCompress(bytes).mid(4); // behind Qt's length
}

inline QByteArray pngChunk(const QByteArray &type, const QByteArray &data)
{
    return bigEndian(quint32(data.size())) + type + data + bigEndian(crc32Of(type + data));
}

/// PNG's colour types.
enum class PngType : quint8 { Gray = 0, Rgb = 2, Palette = 3, GrayAlpha = 4, Rgba = 6 };

/// `rows`: packed as PNG does, without filter bytes; `extra`: chunks before the pixels.
inline QByteArray pngOf(quint32 width, PngType type, int depth, const QByteArrayList &rows,
                        const QByteArray &extra = {}, bool interlaced = false)
{
    QByteArray header = bigEndian(width) + bigEndian(quint32(rows.size()));
    for (const int byte : {depth, int(type), 0, 0, int(interlaced)})
        header.append(char(byte));
    QByteArray pixels;
    for (const QByteArray &row : rows)
        pixels += QByteArray(1, '\0') + row; // no filter
    return QByteArray("\x89PNG\r\n\x1a\n", 8) + pngChunk("IHDR", header) + extra +
           pngChunk("IDAT", zlibOf(pixels)) + pngChunk("IEND", {});
}

/// `dictionary`: "{'descr': ...}"
inline QByteArray npyWith(QByteArray dictionary, const QByteArray &data, int version = 1)
{
    dictionary += '\n';
    const QByteArray start = QByteArray("\x93NUMPY") + char(version) + '\0';
    const QByteArray length = version == 1 ? littleEndian(quint16(dictionary.size()))
                                           : littleEndian(quint32(dictionary.size()));
    return start + length + dictionary + data;
}

/// `type` and `shape` as in Python: "<f4", "2, 3".
inline QByteArray npyOf(const QByteArray &type, const QByteArray &shape, const QByteArray &data)
{
    return npyWith("{'descr': '" + type + "', 'fortran_order': False, 'shape': (" + shape + "), }",
                   data);
}

struct Zipped {
    QByteArray name, bytes;
    bool deflated = false;
};

/// The sizes in front of the data are left open, as numpy.savez does.
inline QByteArray zipOf(const std::vector<Zipped> &files, const QByteArray &comment = {})
{
    QByteArray all, directory;
    for (const Zipped &file : files) {
        // A zlib stream without its header and checksum is a plain deflated one.
        const QByteArray packed = file.deflated ? zlibOf(file.bytes).mid(2).chopped(4) : file.bytes;
        const QByteArray common = QByteArray("\x2d\0\0\0", 4) + char(file.deflated ? 8 : 0) + '\0' +
                                  QByteArray("\0\0\x21\0", 4) + littleEndian(crc32Of(file.bytes));
        const QByteArray nameSize = littleEndian(quint16(file.name.size()));
        directory += QByteArray("PK\1\2\x2d\3", 6) + common + littleEndian(quint32(packed.size())) +
                     littleEndian(quint32(file.bytes.size())) + nameSize + QByteArray(12, '\0') +
                     littleEndian(quint32(all.size())) + file.name;
        all += QByteArray("PK\3\4", 4) + common + QByteArray(8, '\xff') + nameSize +
               littleEndian(quint16(5)) + file.name + "extra" + packed;
    }
    const quint32 offset = quint32(all.size());
    all += directory;
    return all + QByteArray("PK\5\6\0\0\0\0", 8) + littleEndian(quint16(files.size())) +
           littleEndian(quint16(files.size())) + littleEndian(quint32(directory.size())) +
           littleEndian(offset) + littleEndian(quint16(comment.size())) + comment;
}

} // namespace atomnet::test
