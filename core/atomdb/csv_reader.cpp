#include "core/atomdb/csv_reader.h"

namespace atomnet
{

CsvReader::CsvReader(QByteArrayView bytes) : m_bytes(bytes)
{
    if (m_bytes.startsWith("\xEF\xBB\xBF")) m_at = 3;
}

double CsvReader::progress() const
{
    return m_bytes.isEmpty() ? 1.0 : double(m_at) / double(m_bytes.size());
}

bool CsvReader::next()
{
    m_fields.clear();
    m_unescaped.clear();
    m_buffer.resize(0); // keeps its memory
    m_malformed = false;
    if (m_at >= m_bytes.size()) return false;
    m_line = m_nextLine;
    const qsizetype start = m_at;
    while (true) {
        const bool quoted = m_at < m_bytes.size() && m_bytes[m_at] == '"';
        if (quoted ? !readQuoted() : !readPlain()) {
            skipToNextLineOf(start);
            break;
        }
        if (m_at < m_bytes.size() && m_bytes[m_at] == ',') {
            ++m_at;
            continue;
        }
        endLine();
        break;
    }
    for (const Unescaped &text : m_unescaped)
        m_fields[text.field] = QByteArrayView(m_buffer).sliced(text.begin, text.size);
    return true;
}

void CsvReader::addField(QByteArrayView field)
{
    if (m_fields.size() < maxFields)
        m_fields.push_back(field);
    else
        m_malformed = true;
}

/// A field without quotes; false when there is one in it.
bool CsvReader::readPlain()
{
    const qsizetype start = m_at;
    const char *data = m_bytes.data();
    const qsizetype size = m_bytes.size();
    while (m_at < size && data[m_at] != ',' && data[m_at] != '\n' && data[m_at] != '\r') {
        if (data[m_at] == '"') return false;
        ++m_at;
    }
    addField(m_bytes.sliced(start, m_at - start));
    return true;
}

/// From an opening quote to behind the closing one; false when the field breaks the rules.
bool CsvReader::readQuoted()
{
    const qsizetype start = ++m_at;
    const qsizetype size = m_bytes.size();
    const qsizetype limit = size - start > maxQuoted ? start + maxQuoted : size;
    qsizetype pieceStart = start;
    const qsizetype bufferStart = m_buffer.size();
    bool doubled = false;
    qint64 lines = 0;
    for (; m_at < limit; ++m_at) {
        const char c = m_bytes[m_at];
        if (c == '\n' || (c == '\r' && !(m_at + 1 < size && m_bytes[m_at + 1] == '\n'))) ++lines;
        if (c != '"') continue;
        if (m_at + 1 < size && m_bytes[m_at + 1] == '"') {
            m_buffer.append(m_bytes.sliced(pieceStart, m_at + 1 - pieceStart));
            doubled = true;
            pieceStart = ++m_at + 1;
            continue;
        }
        const qsizetype end = m_at++;
        const bool closed =
            m_at == size || m_bytes[m_at] == ',' || m_bytes[m_at] == '\n' || m_bytes[m_at] == '\r';
        if (!closed) return false;
        if (doubled) {
            m_buffer.append(m_bytes.sliced(pieceStart, end - pieceStart));
            if (m_fields.size() < maxFields)
                m_unescaped.push_back(
                    {m_fields.size(), bufferStart, m_buffer.size() - bufferStart});
        }
        addField(m_bytes.sliced(start, end - start));
        m_nextLine += lines;
        return true;
    }
    return false;
}

/// Takes the end of the record: CRLF, LF, a lone CR, or the end of the bytes.
void CsvReader::endLine()
{
    if (m_at >= m_bytes.size()) return;
    if (m_bytes[m_at] == '\r' && m_at + 1 < m_bytes.size() && m_bytes[m_at + 1] == '\n') ++m_at;
    ++m_at;
    ++m_nextLine;
}

/// After a broken quote the only sure thing is the line end: goes on behind the line the record
/// began on. That is linear: every quote opens or closes, so of the lines that a record runs over
/// only the first and the last hold an odd number of them, and a record that begins on one of the
/// others ends on it.
void CsvReader::skipToNextLineOf(qsizetype recordStart)
{
    m_malformed = true;
    m_at = recordStart;
    m_nextLine = m_line;
    while (m_at < m_bytes.size() && m_bytes[m_at] != '\n' && m_bytes[m_at] != '\r')
        ++m_at;
    endLine();
}

} // namespace atomnet
