#include "tests/firmware/boards/elf_file.h"

#include <QFile>
#include <QtEndian>

namespace
{

class Reader
{
public:
    explicit Reader(const QByteArray &bytes) : m_bytes(bytes) {}
    quint32 word(qint64 at) const
    {
        return at + 4 <= m_bytes.size() ? qFromLittleEndian<quint32>(m_bytes.constData() + at) : 0;
    }
    quint16 half(qint64 at) const
    {
        return at + 2 <= m_bytes.size() ? qFromLittleEndian<quint16>(m_bytes.constData() + at) : 0;
    }
    QString text(qint64 at) const { return QString::fromLatin1(m_bytes.constData() + at); }
    QByteArray part(qint64 at, qint64 count) const { return m_bytes.mid(at, count); }

private:
    const QByteArray &m_bytes;
};

enum { NoBits = 8, SymbolTable = 2, Load = 1 };

} // namespace

std::optional<ElfFile> ElfFile::read(const QString &path)
{
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly)) return {};
    const QByteArray bytes = file.readAll();
    const Reader in(bytes);
    if (!bytes.startsWith("\x7f"
                          "ELF\x01\x01"))
        return {};
    ElfFile elf;
    elf.entry = in.word(24);
    for (int i = 0; i < in.half(44); ++i) {
        const qint64 at = in.word(28) + qint64(i) * in.half(42);
        if (in.word(at) != Load) continue;
        elf.segments.push_back({in.word(at + 8), in.word(at + 12), in.word(at + 16),
                                in.word(at + 20), in.part(in.word(at + 4), in.word(at + 16))});
    }
    const auto header = [&in](int i) { return in.word(32) + qint64(i) * in.half(46); };
    const qint64 names = in.word(header(in.half(50)) + 16);
    for (int i = 0; i < in.half(48); ++i) {
        const qint64 at = header(i);
        Section section{in.text(names + in.word(at)),
                        in.word(at + 12),
                        in.word(at + 20),
                        in.word(at + 4),
                        in.word(at + 8),
                        {}};
        if (section.type != NoBits) section.bytes = in.part(in.word(at + 16), section.size);
        if (section.type == SymbolTable) {
            const qint64 strings = in.word(header(int(in.word(at + 24))) + 16);
            for (qint64 s = in.word(at + 16); s < qint64(in.word(at + 16)) + section.size; s += 16)
                elf.symbols[in.text(strings + in.word(s))] = in.word(s + 4);
        }
        elf.sections.push_back(std::move(section));
    }
    return elf;
}

const ElfFile::Section *ElfFile::section(const QString &name) const
{
    for (const Section &section : sections)
        if (section.name == name) return &section;
    return nullptr;
}
