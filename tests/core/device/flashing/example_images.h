#pragma once

#include "firmware/protocol/ap_pattern.h"

#include <QByteArray>
#include <QtEndian>

// Images as flashing sees them, none of which any chip would run.
namespace atomnet::test
{

/// Begins with the vectors of a program in Flash; then bytes that are never 0xFF.
inline QByteArray exampleProgram(qsizetype bytes, quint32 seed = 1)
{
    QByteArray image(bytes, '\0');
    ap_fill(seed, reinterpret_cast<uint8_t *>(image.data()), std::size_t(bytes));
    for (char &byte : image)
        if (byte == char(0xff)) byte = 0x55;
    qToLittleEndian<quint32>(0x20040000, image.data());
    qToLittleEndian<quint32>(0x08000195, image.data() + 4);
    return image;
}

/// The same with the constants that only the profiler has, last.
inline QByteArray exampleProfiler(qsizetype bytes = 40 * 1024)
{
    QByteArray image = exampleProgram(bytes - AP_PATTERN_BYTES, 7);
    image.append(reinterpret_cast<const char *>(ap_weights_pattern), AP_PATTERN_BYTES);
    return image;
}

inline QByteArray erasedFlash(qsizetype bytes)
{
    return QByteArray(bytes, char(0xff));
}

} // namespace atomnet::test
