#include "core/quant/npy_header.h"

#include "core/quant/weight_file.h"

#include <QtEndian>

#include <array>

namespace atomnet
{

namespace
{

struct TypeName {
    NpyType type;
    const char *code, *name;
    qsizetype bytes;
};
constexpr std::array<TypeName, 11> typeNames{{{NpyType::U8, "u1", "uint8", 1},
                                              {NpyType::I8, "i1", "int8", 1},
                                              {NpyType::U16, "u2", "uint16", 2},
                                              {NpyType::I16, "i2", "int16", 2},
                                              {NpyType::U32, "u4", "uint32", 4},
                                              {NpyType::I32, "i4", "int32", 4},
                                              {NpyType::U64, "u8", "uint64", 8},
                                              {NpyType::I64, "i8", "int64", 8},
                                              {NpyType::F16, "f2", "float16", 2},
                                              {NpyType::F32, "f4", "float32", 4},
                                              {NpyType::F64, "f8", "float64", 8}}};

/// Longer ones describe records of many fields, which no sample is.
constexpr quint32 maxHeaderBytes = 65'536;
constexpr std::size_t maxDimensions = 32; // NumPy's own limit

/// The header is a Python dictionary of three entries; this reads as much Python as it takes.
class Dictionary
{
public:
    explicit Dictionary(QByteArrayView text) : m_text(text) {}

    QByteArray descr;
    bool fortran = false;
    std::vector<qint64> shape;

    bool read()
    {
        int seen = 0;
        if (!token('{')) return false;
        while (!token('}')) {
            QByteArray key;
            if (!string(key) || !token(':')) return false;
            bool known = true;
            if (key == "descr")
                known = string(descr);
            else if (key == "fortran_order")
                known = boolean(fortran);
            else if (key == "shape")
                known = tuple(shape);
            else
                return false;
            if (!known) return false;
            ++seen;
            if (token(',')) continue;
            if (!token('}')) return false;
            break;
        }
        skipSpace();
        return m_at == m_text.size() && seen == 3 && !descr.isEmpty() && m_shapeSeen && m_orderSeen;
    }

private:
    void skipSpace()
    {
        while (m_at < m_text.size() && (m_text[m_at] == ' ' || m_text[m_at] == '\n'))
            ++m_at;
    }

    bool token(char wanted)
    {
        skipSpace();
        if (m_at == m_text.size() || m_text[m_at] != wanted) return false;
        ++m_at;
        return true;
    }

    bool string(QByteArray &text)
    {
        const char quote = token('\'') ? '\'' : token('"') ? '"' : '\0';
        if (!quote) return false;
        const qsizetype end = m_text.indexOf(quote, m_at);
        if (end < 0) return false;
        text = m_text.sliced(m_at, end - m_at).toByteArray();
        m_at = end + 1;
        return true;
    }

    bool boolean(bool &value)
    {
        skipSpace();
        const QByteArrayView rest = m_text.sliced(m_at);
        value = rest.startsWith("True");
        if (!value && !rest.startsWith("False")) return false;
        m_at += value ? 4 : 5;
        m_orderSeen = true;
        return true;
    }

    bool tuple(std::vector<qint64> &numbers)
    {
        if (!token('(')) return false;
        m_shapeSeen = true;
        while (!token(')')) {
            skipSpace();
            qsizetype end = m_at;
            while (end < m_text.size() && m_text[end] >= '0' && m_text[end] <= '9')
                ++end;
            bool ok = false;
            numbers.push_back(m_text.sliced(m_at, end - m_at).toByteArray().toLongLong(&ok));
            if (!ok || numbers.size() > maxDimensions) return false;
            m_at = end;
            if (!token(',')) return token(')');
        }
        return true;
    }

    QByteArrayView m_text;
    qsizetype m_at = 0;
    bool m_shapeSeen = false, m_orderSeen = false;
};

Result<NpyType> typeOf(const QByteArray &descr, const QString &name)
{
    for (const TypeName &known : typeNames) {
        if (descr.size() != 3 || descr.mid(1) != known.code) continue;
        if (descr[0] == '<' || (known.bytes == 1 && descr[0] == '|')) return known.type;
        if (descr[0] == '>')
            return fail(ErrorCode::BadInput,
                        QStringLiteral("the numbers are big endian; save it after .astype('<%1')")
                            .arg(QLatin1String(known.code)),
                        name);
    }
    return fail(ErrorCode::BadInput,
                QStringLiteral("the type %1 holds no plain numbers; save it as uint8 or float32")
                    .arg(quoted(QString::fromLatin1(descr))),
                name);
}

} // namespace

qsizetype bytesPer(NpyType type)
{
    return typeNames[std::size_t(type)].bytes;
}

bool isFloat(NpyType type)
{
    return type == NpyType::F16 || type == NpyType::F32 || type == NpyType::F64;
}

QString nameOf(NpyType type)
{
    return QLatin1String(typeNames[std::size_t(type)].name);
}

qint64 integerAt(const char *bytes, NpyType type)
{
    switch (type) {
    case NpyType::U8:
        return quint8(*bytes);
    case NpyType::I8:
        return qint8(*bytes);
    case NpyType::U16:
        return qFromLittleEndian<quint16>(bytes);
    case NpyType::I16:
        return qFromLittleEndian<qint16>(bytes);
    case NpyType::U32:
        return qFromLittleEndian<quint32>(bytes);
    case NpyType::I32:
        return qFromLittleEndian<qint32>(bytes);
    default:
        return qFromLittleEndian<qint64>(bytes);
    }
}

Result<NpyHeader> readNpyHeader(ByteStream &stream, const QString &name)
{
    const auto bad = [&](const QString &what) { return fail(ErrorCode::BadInput, what, name); };
    char start[12];
    if (const Result<> done = stream.read(start, 10); !done)
        return tl::make_unexpected(done.error());
    const int version = start[6];
    if (QByteArrayView(start, 6) != QByteArrayView("\x93NUMPY"))
        return bad(QStringLiteral("this is no array of NumPy"));
    if (version < 1 || version > 3)
        return bad(
            QStringLiteral("version %1 of the .npy format is unknown; save it again").arg(version));
    quint32 length = qFromLittleEndian<quint16>(start + 8);
    qint64 before = 10;
    if (version > 1) {
        if (const Result<> done = stream.read(start + 10, 2); !done)
            return tl::make_unexpected(done.error());
        length = qFromLittleEndian<quint32>(start + 8);
        before = 12;
    }
    if (length > maxHeaderBytes || length > stream.size() - before)
        return bad(QStringLiteral(
                       "the header claims %1 bytes; the file is damaged or holds no plain array")
                       .arg(length));
    QByteArray text(qsizetype(length), '\0');
    if (const Result<> done = stream.read(text.data(), text.size()); !done)
        return tl::make_unexpected(done.error());

    Dictionary dictionary(text);
    if (!dictionary.read())
        return bad(QStringLiteral("the header is not the one of a plain array of numbers"));
    const Result<NpyType> type = typeOf(dictionary.descr, name);
    if (!type) return tl::make_unexpected(type.error());
    const auto count = elementCount(dictionary.shape);
    if (!count)
        return bad(QStringLiteral("it claims the shape %1, more than a file can hold")
                       .arg(shapeText(dictionary.shape)));
    if (dictionary.fortran && dictionary.shape.size() > 1)
        return bad(
            QStringLiteral("the array is in Fortran order; save numpy.ascontiguousarray(it)"));
    const qint64 rest = stream.size() - before - length;
    if (*count * bytesPer(*type) != rest)
        return bad(
            QStringLiteral("%1 of %2 are %3 bytes, but %4 follow the header; it was cut or damaged")
                .arg(shapeText(dictionary.shape), nameOf(*type))
                .arg(*count * bytesPer(*type))
                .arg(rest));
    return NpyHeader{*type, dictionary.shape, *count, before + length};
}

} // namespace atomnet
