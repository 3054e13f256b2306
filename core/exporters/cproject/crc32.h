#pragma once

#include <QtGlobal>

#include <array>
#include <span>

namespace atomnet
{

/// CRC-32/ISO-HDLC (zlib's): of "123456789" it is 0xcbf43926.
[[nodiscard]] inline quint32 crc32(std::span<const char> bytes)
{
    static constexpr auto table = [] {
        std::array<quint32, 256> entries{};
        for (quint32 i = 0; i < 256; ++i) {
            quint32 crc = i;
            for (int bit = 0; bit < 8; ++bit)
                crc = (crc >> 1) ^ ((crc & 1) ? 0xedb88320u : 0u);
            entries[i] = crc;
        }
        return entries;
    }();
    quint32 crc = 0xffffffff;
    for (const char byte : bytes)
        crc = (crc >> 8) ^ table[(crc ^ quint8(byte)) & 0xff];
    return ~crc;
}

} // namespace atomnet
