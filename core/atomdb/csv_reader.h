#pragma once

#include <QByteArray>
#include <QByteArrayView>

#include <vector>

namespace atomnet
{

/// Reads RFC 4180 records from memory, one at a time and without copying: CRLF, LF or CR, quotes, a
/// UTF-8 BOM, a last line without an end. Takes any bytes in linear time: what breaks the rules
/// makes its record malformed, and reading goes on at the next line.
class CsvReader
{
public:
    explicit CsvReader(QByteArrayView bytes);

    /// Moves to the next record; false at the end.
    [[nodiscard]] bool next();

    /// Line of the file on which the record begins; 1 is the first.
    [[nodiscard]] qint64 line() const { return m_line; }
    /// The fields, quotes removed. Valid until next().
    [[nodiscard]] const std::vector<QByteArrayView> &fields() const { return m_fields; }
    /// The record has a quote that does not close, a quote or text where none may be, or more than
    /// maxFields fields.
    [[nodiscard]] bool malformed() const { return m_malformed; }
    /// Nothing on the line at all.
    [[nodiscard]] bool blank() const { return m_fields.size() == 1 && m_fields[0].isEmpty(); }
    /// Share of the bytes read, 0 to 1.
    [[nodiscard]] double progress() const;

    static constexpr std::size_t maxFields = 1024;
    static constexpr qsizetype maxQuoted = 65536; ///< bytes of one quoted field

private:
    [[nodiscard]] bool readQuoted();
    [[nodiscard]] bool readPlain();
    void addField(QByteArrayView field);
    void endLine();
    void skipToNextLineOf(qsizetype recordStart);

    QByteArrayView m_bytes;
    qsizetype m_at = 0;
    qint64 m_line = 0, m_nextLine = 1;
    std::vector<QByteArrayView> m_fields;
    struct Unescaped {
        std::size_t field;
        qsizetype begin, size;
    };
    std::vector<Unescaped> m_unescaped; ///< fields with doubled quotes: their text is in m_buffer
    QByteArray m_buffer;
    bool m_malformed = false;
};

} // namespace atomnet
