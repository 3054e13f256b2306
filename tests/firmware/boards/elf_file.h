#pragma once

#include <QByteArray>
#include <QMap>
#include <QString>

#include <optional>
#include <vector>

/// A 32-bit little-endian ELF program, as far as tests of firmware look into it.
struct ElfFile {
    struct Section {
        QString name;
        quint32 address = 0, size = 0, type = 0, flags = 0;
        QByteArray bytes; ///< empty for NOBITS
    };
    struct Segment {
        quint32 virtualAddress = 0, physicalAddress = 0, fileSize = 0, memorySize = 0;
        QByteArray bytes;
    };
    quint32 entry = 0;
    std::vector<Section> sections;
    std::vector<Segment> segments;  ///< PT_LOAD
    QMap<QString, quint32> symbols; ///< addresses; functions with their Thumb bit

    /// None when it is not such a file.
    static std::optional<ElfFile> read(const QString &path);
    const Section *section(const QString &name) const;
};
