#include "core/model/json_tree.h"
#include "core/quant/weight_file.h"

#include <QHash>
#include <QtEndian>

#include <algorithm>

// The format: a little-endian 64-bit length, that many bytes of JSON, then the tensors' bytes
// without gaps. https://github.com/huggingface/safetensors
namespace atomnet
{

namespace
{

constexpr quint64 maxHeaderBytes = 100'000'000;

/// Where a tensor's bytes lie behind the header.
struct Place {
    qint64 begin = 0, end = 0;
    QString name;
};

/// Bytes of one element; 0 for a type that the format did not have when this was written.
qint64 elementBytes(const QString &type)
{
    static const QHash<QString, qint64> sizes{
        {QStringLiteral("BOOL"), 1},    {QStringLiteral("U8"), 1},      {QStringLiteral("I8"), 1},
        {QStringLiteral("F8_E5M2"), 1}, {QStringLiteral("F8_E4M3"), 1}, {QStringLiteral("I16"), 2},
        {QStringLiteral("U16"), 2},     {QStringLiteral("F16"), 2},     {QStringLiteral("BF16"), 2},
        {QStringLiteral("I32"), 4},     {QStringLiteral("U32"), 4},     {QStringLiteral("F32"), 4},
        {QStringLiteral("F64"), 8},     {QStringLiteral("I64"), 8},     {QStringLiteral("U64"), 8}};
    return sizes.value(type, 0);
}

std::optional<FloatFormat> floatFormat(const QString &type)
{
    if (type == QLatin1String("F32")) return FloatFormat::F32;
    if (type == QLatin1String("F16")) return FloatFormat::F16;
    if (type == QLatin1String("BF16")) return FloatFormat::BF16;
    return std::nullopt;
}

class Reader
{
public:
    Reader(const QByteArray &bytes, const QString &fileName) : m_bytes(bytes), m_fileName(fileName)
    {
    }

    Result<WeightFile> read()
    {
        const auto tree = readHeader();
        if (!tree) return tl::make_unexpected(tree.error());
        for (const JsonMember &member : tree->members) {
            const Result<> done = member.key == QLatin1String("__metadata__")
                                      ? readMetadata(member.value)
                                      : readTensor(member);
            if (!done) return tl::make_unexpected(done.error());
        }
        if (const Result<> done = checkPlaces(); !done) return tl::make_unexpected(done.error());
        decode();
        return std::move(m_file);
    }

private:
    tl::unexpected<Error> bad(const QString &what) const
    {
        return fail(ErrorCode::BadInput, what, m_fileName);
    }

    Result<JsonValue> readHeader()
    {
        const quint64 size = quint64(m_bytes.size());
        if (size < 8)
            return bad(QStringLiteral("the file ends before its header; fetch it again, whole"));
        const quint64 length = qFromLittleEndian<quint64>(m_bytes.constData());
        if (length > maxHeaderBytes)
            return bad(
                QStringLiteral("the header claims %1 bytes, more than 100 million; this is no "
                               "safetensors file, or it is damaged")
                    .arg(length));
        if (length > size - 8)
            return bad(
                QStringLiteral("the header claims %1 bytes but the file ends after %2; fetch "
                               "it again, whole")
                    .arg(length)
                    .arg(size - 8));
        m_header = m_bytes.mid(8, qsizetype(length));
        m_data = QByteArrayView(m_bytes).sliced(8 + qsizetype(length));
        auto tree = parseJson(m_header);
        if (!tree)
            return bad(QStringLiteral("the header is not JSON (byte %1): %2")
                           .arg(tree.error().offset)
                           .arg(tree.error().what));
        if (tree->kind != JsonValue::Kind::Object || !m_header.startsWith('{'))
            return bad(
                QStringLiteral("the header is not a JSON object; this is no safetensors file"));
        return std::move(*tree);
    }

    Result<> readMetadata(const JsonValue &value)
    {
        WeightMetadata metadata;
        const auto text = [&](const char *key) {
            const JsonMember *member = value.find(key);
            return member && member->value.kind == JsonValue::Kind::String ? member->value.text
                                                                           : QString();
        };
        metadata.mean = text("mean");
        metadata.std = text("std");
        metadata.labels = text("labels");
        return addMetadata(metadata, m_file, m_fileName);
    }

    /// A whole number of at least 0 that fits 63 bits; as written, so that none above 2^53 is
    /// rounded.
    std::optional<qint64> wholeNumber(const JsonValue &value) const
    {
        if (value.kind != JsonValue::Kind::Number) return std::nullopt;
        bool ok = false;
        const qint64 number = m_header.mid(value.begin, value.end - value.begin).toLongLong(&ok);
        return ok && number >= 0 ? std::optional(number) : std::nullopt;
    }

    std::optional<std::vector<qint64>> wholeNumbers(const JsonMember *member) const
    {
        if (!member || member->value.kind != JsonValue::Kind::Array) return std::nullopt;
        std::vector<qint64> numbers;
        for (const JsonValue &item : member->value.items) {
            const auto number = wholeNumber(item);
            if (!number) return std::nullopt;
            numbers.push_back(*number);
        }
        return numbers;
    }

    Result<> readTensor(const JsonMember &member)
    {
        const QString name = quoted(member.key);
        if (member.value.kind != JsonValue::Kind::Object)
            return bad(QStringLiteral("the header's %1 is not an object").arg(name));
        const JsonMember *type = member.value.find("dtype");
        const auto shape = wholeNumbers(member.value.find("shape"));
        const auto offsets = wholeNumbers(member.value.find("data_offsets"));
        if (!type || type->value.kind != JsonValue::Kind::String || !shape || !offsets ||
            offsets->size() != 2)
            return bad(
                QStringLiteral("the header's %1 needs a dtype, a shape and two data_offsets, "
                               "whole numbers of at least 0")
                    .arg(name));
        const Place place{(*offsets)[0], (*offsets)[1], member.key};
        if (place.begin > place.end || place.end > m_data.size())
            return bad(QStringLiteral("%1 lies at bytes %2 to %3, but the data has %4; the file is "
                                      "damaged or cut, fetch it again")
                           .arg(name)
                           .arg(place.begin)
                           .arg(place.end)
                           .arg(m_data.size()));
        const auto count = elementCount(*shape);
        if (!count)
            return bad(QStringLiteral("%1 claims the shape %2, more than a file can hold")
                           .arg(name, shapeText(*shape)));
        const qint64 each = elementBytes(type->value.text);
        if (each > 0 && *count * each != place.end - place.begin)
            return bad(QStringLiteral("%1 is %2 of type %3, but its data_offsets span %4 bytes")
                           .arg(name, shapeText(*shape), type->value.text)
                           .arg(place.end - place.begin));
        m_places.push_back(place);
        m_formats.push_back(floatFormat(type->value.text));
        m_file.tensors.push_back({member.key, *shape, {}});
        return {};
    }

    /// Every byte of the data belongs to exactly one tensor.
    Result<> checkPlaces() const
    {
        std::vector<Place> places = m_places;
        std::sort(places.begin(), places.end(), [](const Place &a, const Place &b) {
            return std::pair(a.begin, a.end) < std::pair(b.begin, b.end);
        });
        qint64 end = 0;
        for (const Place &place : places) {
            if (place.begin < end)
                return bad(QStringLiteral("%1 overlaps the tensor before it; the file is damaged")
                               .arg(quoted(place.name)));
            if (place.begin > end)
                return bad(
                    QStringLiteral("no tensor owns the %1 bytes before %2; the file is damaged")
                        .arg(place.begin - end)
                        .arg(quoted(place.name)));
            end = place.end;
        }
        if (end != m_data.size())
            return bad(QStringLiteral("no tensor owns the last %1 bytes; the file is damaged")
                           .arg(m_data.size() - end));
        return {};
    }

    /// Other types stay without values: only who needs them will mind.
    void decode()
    {
        for (std::size_t i = 0; i < m_places.size(); ++i) {
            const Place &place = m_places[i];
            if (m_formats[i])
                m_file.tensors[i].values =
                    toFloats(m_data.sliced(place.begin, place.end - place.begin), *m_formats[i]);
        }
    }

    const QByteArray &m_bytes;
    const QString &m_fileName;
    QByteArray m_header;
    QByteArrayView m_data;
    std::vector<Place> m_places;
    std::vector<std::optional<FloatFormat>> m_formats;
    WeightFile m_file;
};

} // namespace

Result<WeightFile> readSafetensors(const QByteArray &bytes, const QString &fileName)
{
    return Reader(bytes, fileName).read();
}

} // namespace atomnet
