#include "core/model/json_tree.h"

#include <QSet>

#include <rapidjson/memorystream.h>
#include <rapidjson/reader.h>

#include <algorithm>

namespace atomnet
{

namespace
{

using rapidjson::SizeType;

constexpr char byteOrderMark[] = "\xEF\xBB\xBF";

bool isSpace(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

/// Where the JSON string that begins at `at` ends (behind its closing quote, or the text's end).
qsizetype endOfString(const QByteArray &bytes, qsizetype at)
{
    for (++at; at < bytes.size() && bytes[at] != '"'; ++at) {
        if (bytes[at] == '\\') ++at;
    }
    return std::min(at + 1, bytes.size());
}

/// Takes the reader's events and builds the tree. The events come without places, so it follows
/// them through the text: what is not a token between two tokens is white space, a comma or a
/// colon.
class TreeBuilder : public rapidjson::BaseReaderHandler<rapidjson::UTF8<>, TreeBuilder>
{
public:
    TreeBuilder(const QByteArray &bytes, qsizetype start) : m_bytes(bytes), m_at(start) {}

    bool Null() { return scalar(JsonValue::Kind::Null, wordEnd()); }
    bool Bool(bool) { return scalar(JsonValue::Kind::Bool, wordEnd()); }
    bool RawNumber(const char *, SizeType, bool)
    {
        return scalar(JsonValue::Kind::Number, wordEnd());
    }

    bool String(const char *text, SizeType size, bool)
    {
        QString decoded;
        if (!decode(text, size, decoded)) return false;
        return scalar(JsonValue::Kind::String, endOfString(m_bytes, m_at), std::move(decoded));
    }

    bool Key(const char *text, SizeType size, bool)
    {
        QString key;
        if (!decode(text, size, key)) return false;
        Level &level = m_levels.back();
        if (level.keys.contains(key))
            return refuse(QStringLiteral("the key \"%1\" is here twice; remove one").arg(key));
        level.keys.insert(key);
        level.value.members.push_back({std::move(key), qint32(m_at), {}});
        m_at = endOfString(m_bytes, m_at);
        return true;
    }

    bool StartObject() { return open(JsonValue::Kind::Object); }
    bool StartArray() { return open(JsonValue::Kind::Array); }
    bool EndObject(SizeType) { return close(); }
    bool EndArray(SizeType) { return close(); }

    [[nodiscard]] const JsonFault &fault() const { return m_fault; }
    [[nodiscard]] JsonValue takeRoot() { return std::move(m_root); }

private:
    struct Level {
        JsonValue value;
        QSet<QString> keys;
    };

    void skipToToken()
    {
        while (m_at < m_bytes.size() &&
               (isSpace(m_bytes[m_at]) || m_bytes[m_at] == ',' || m_bytes[m_at] == ':'))
            ++m_at;
    }

    /// Moves to the next token and gives the end of the number, true, false or null that it is.
    qsizetype wordEnd()
    {
        skipToToken();
        const auto ends = [](char c) { return isSpace(c) || c == ',' || c == ']' || c == '}'; };
        return std::find_if(m_bytes.begin() + m_at, m_bytes.end(), ends) - m_bytes.begin();
    }

    bool refuse(const QString &what)
    {
        m_fault = {m_at, what};
        return false;
    }

    bool decode(const char *text, SizeType size, QString &decoded)
    {
        skipToToken();
        const QByteArray utf8 = QByteArray::fromRawData(text, qsizetype(size));
        if (!utf8.isValidUtf8()) {
            return refuse(
                QStringLiteral("this string holds half a character (an unpaired surrogate); "
                               "write both halves or the character itself"));
        }
        decoded = QString::fromUtf8(utf8);
        return true;
    }

    bool scalar(JsonValue::Kind kind, qsizetype end, QString text = {})
    {
        JsonValue value;
        value.kind = kind;
        value.begin = qint32(m_at);
        value.end = qint32(end);
        value.text = std::move(text);
        m_at = end;
        return put(std::move(value));
    }

    bool open(JsonValue::Kind kind)
    {
        skipToToken();
        if (m_levels.size() >= size_t(maxJsonDepth)) {
            return refuse(
                QStringLiteral("the nesting is deeper than %1 levels; no design needs that")
                    .arg(maxJsonDepth));
        }
        Level level;
        level.value.kind = kind;
        level.value.begin = qint32(m_at);
        m_levels.push_back(std::move(level));
        ++m_at;
        return true;
    }

    bool close()
    {
        skipToToken();
        ++m_at;
        JsonValue value = std::move(m_levels.back().value);
        value.end = qint32(m_at);
        m_levels.pop_back();
        return put(std::move(value));
    }

    bool put(JsonValue value)
    {
        if (++m_count > maxJsonValues) {
            m_at = value.begin;
            return refuse(QStringLiteral("there are more than %1 values; a design has far fewer")
                              .arg(maxJsonValues));
        }
        if (m_levels.empty()) {
            m_root = std::move(value);
            return true;
        }
        JsonValue &parent = m_levels.back().value;
        if (parent.kind == JsonValue::Kind::Object)
            parent.members.back().value = std::move(value);
        else
            parent.items.push_back(std::move(value));
        return true;
    }

    const QByteArray &m_bytes;
    qsizetype m_at;
    int m_count = 0;
    std::vector<Level> m_levels;
    JsonValue m_root;
    JsonFault m_fault;
};

QString invalidValue(const QByteArray &bytes, qsizetype at)
{
    const QByteArray word = bytes.mid(at, 9);
    if (word.startsWith("NaN") || word.startsWith("Inf") || word.startsWith("-Inf") ||
        word.startsWith("nan") || word.startsWith("inf"))
        return QStringLiteral("NaN and Infinity are not numbers of JSON; write a finite number");
    if (word.startsWith('\'')) return QStringLiteral("strings need double quotes");
    if (word.startsWith('/')) return QStringLiteral("JSON has no comments; remove this one");
    if (quint8(word.isEmpty() ? '\0' : word[0]) >= 0x80)
        return QStringLiteral("this is no JSON; is the file a design, saved as UTF-8?");
    return QStringLiteral(
        "a value is expected here: a string, a number, true, false, null, [ or {");
}

QString invalidString(const QByteArray &bytes, qsizetype at)
{
    if (quint8(bytes[at]) < 0x20) {
        return QStringLiteral(
            "a string holds a control character or the end of the line; close its quote "
            "or write the character as \\n, \\t or \\u0001");
    }
    return QStringLiteral("this is not valid UTF-8; save the file as UTF-8");
}

/// The reader's error as a sentence that says what to do.
QString sentence(rapidjson::ParseErrorCode code, const QByteArray &bytes, qsizetype at)
{
    switch (code) {
    case rapidjson::kParseErrorDocumentRootNotSingular:
        return QStringLiteral("something follows the end of the design; remove it");
    case rapidjson::kParseErrorObjectMissName:
        return QStringLiteral("a key in double quotes is expected here");
    case rapidjson::kParseErrorObjectMissColon:
        return QStringLiteral("a colon is expected here");
    case rapidjson::kParseErrorObjectMissCommaOrCurlyBracket:
        return QStringLiteral("a comma or } is expected here");
    case rapidjson::kParseErrorArrayMissCommaOrSquareBracket:
        return QStringLiteral("a comma or ] is expected here");
    case rapidjson::kParseErrorStringUnicodeEscapeInvalidHex:
        return QStringLiteral("\\u needs four hexadecimal digits");
    case rapidjson::kParseErrorStringUnicodeSurrogateInvalid:
        return QStringLiteral(
            "this string holds half a character (an unpaired surrogate); write both halves "
            "or the character itself");
    case rapidjson::kParseErrorStringEscapeInvalid: // also told of raw control characters
        if (bytes[at] != '\\') return invalidString(bytes, at);
        return QStringLiteral(
            "there is no such escape; use \\\" \\\\ \\/ \\b \\f \\n \\r \\t or \\u");
    case rapidjson::kParseErrorStringInvalidEncoding:
        return invalidString(bytes, at);
    case rapidjson::kParseErrorNumberTooBig:
        return QStringLiteral("this number is too large");
    case rapidjson::kParseErrorNumberMissFraction:
        return QStringLiteral("digits are expected behind the decimal point");
    case rapidjson::kParseErrorNumberMissExponent:
        return QStringLiteral("digits are expected in the exponent");
    default:
        return invalidValue(bytes, at);
    }
}

JsonFault faultOf(const rapidjson::ParseResult &result, const TreeBuilder &builder,
                  const QByteArray &bytes, qsizetype start)
{
    if (result.Code() == rapidjson::kParseErrorTermination) return builder.fault();
    if (result.Code() == rapidjson::kParseErrorDocumentEmpty)
        return {bytes.size(), QStringLiteral("the file is empty; a design begins with {")};
    const qsizetype at = start + qsizetype(result.Offset());
    if (at >= bytes.size() || result.Code() == rapidjson::kParseErrorStringMissQuotationMark) {
        return {bytes.size(),
                QStringLiteral("the file ends in the middle of the design; it was cut off, "
                               "use a complete copy")};
    }
    return {at, sentence(result.Code(), bytes, at)};
}

} // namespace

const JsonMember *JsonValue::find(QAnyStringView key) const
{
    const auto it = std::find_if(members.begin(), members.end(), [&](const JsonMember &m) {
        return QAnyStringView::equal(m.key, key);
    });
    return it == members.end() ? nullptr : &*it;
}

tl::expected<JsonValue, JsonFault> parseJson(const QByteArray &bytes)
{
    // The reader takes a zero byte for the end of the text.
    const qsizetype zero = bytes.indexOf('\0');
    if (zero >= 0) {
        return tl::unexpected<JsonFault>(
            {zero,
             QStringLiteral("the file holds a zero byte; it is damaged or not saved as UTF-8")});
    }
    const qsizetype start =
        bytes.startsWith(byteOrderMark) ? qsizetype(sizeof byteOrderMark) - 1 : 0;
    rapidjson::MemoryStream stream(bytes.constData() + start, size_t(bytes.size() - start));
    rapidjson::Reader reader;
    TreeBuilder builder(bytes, start);
    constexpr unsigned flags = rapidjson::kParseIterativeFlag |
                               rapidjson::kParseValidateEncodingFlag |
                               rapidjson::kParseNumbersAsStringsFlag;
    const rapidjson::ParseResult result = reader.Parse<flags>(stream, builder);
    if (result.IsError()) return tl::unexpected<JsonFault>(faultOf(result, builder, bytes, start));
    return builder.takeRoot();
}

QByteArray compactJson(const QByteArray &json)
{
    QByteArray compact;
    compact.reserve(json.size());
    for (qsizetype at = 0; at < json.size();) {
        if (json[at] == '"') {
            const qsizetype end = endOfString(json, at);
            compact.append(json.constData() + at, end - at);
            at = end;
            continue;
        }
        if (!isSpace(json[at])) compact.append(json[at]);
        ++at;
    }
    return compact;
}

QByteArray jsonString(const QString &text)
{
    QByteArray json = "\"";
    const QByteArray utf8 = text.toUtf8();
    for (const char c : utf8) {
        switch (c) {
        case '"':
            json += "\\\"";
            break;
        case '\\':
            json += "\\\\";
            break;
        case '\b':
            json += "\\b";
            break;
        case '\f':
            json += "\\f";
            break;
        case '\n':
            json += "\\n";
            break;
        case '\r':
            json += "\\r";
            break;
        case '\t':
            json += "\\t";
            break;
        default:
            if (quint8(c) < 0x20)
                json += "\\u" + QByteArray::number(uint(c), 16).rightJustified(4, '0');
            else
                json += c;
        }
    }
    return json + '"';
}

QString TextPlaces::at(qsizetype offset)
{
    if (offset < m_offset) {
        m_offset = 0;
        m_line = m_column = 1;
    }
    for (; m_offset < std::min(offset, m_bytes.size()); ++m_offset) {
        const char c = m_bytes[m_offset];
        if (c == '\n') {
            ++m_line;
            m_column = 1;
        } else if ((quint8(c) & 0xC0) != 0x80) { // not a further byte of the same character
            ++m_column;
        }
    }
    return QStringLiteral("%1:%2").arg(m_line).arg(m_column);
}

} // namespace atomnet
