#include "core/model/json_object.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>

namespace atomnet
{

namespace
{

constexpr size_t maxNotes = 100;

QString kindName(JsonValue::Kind kind)
{
    switch (kind) {
    case JsonValue::Kind::Null:
        return QStringLiteral("null");
    case JsonValue::Kind::Bool:
        return QStringLiteral("true or false");
    case JsonValue::Kind::Number:
        return QStringLiteral("a number");
    case JsonValue::Kind::String:
        return QStringLiteral("a string");
    case JsonValue::Kind::Array:
        return QStringLiteral("an array");
    case JsonValue::Kind::Object:
        return QStringLiteral("an object");
    }
    Q_UNREACHABLE();
}

/// As much of a token as fits into a sentence.
QString excerpt(const QString &text)
{
    constexpr int most = 40;
    return text.size() <= most ? text : text.left(most) + QStringLiteral("...");
}

/// The double nearest to a JSON number; none when it is out of a double's range.
std::optional<double> toDouble(const QByteArray &text)
{
    double value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
    return value;
}

} // namespace

JsonReading::JsonReading(const QByteArray &bytes, QString fileName)
    : m_bytes(bytes), m_fileName(std::move(fileName)), m_places(bytes)
{
}

void JsonReading::fail(qsizetype offset, const QString &what, ErrorCode code)
{
    if (!m_error) m_error = Error{code, what, place(offset)};
}

void JsonReading::note(qsizetype offset, const QString &what)
{
    if (m_notes.size() < maxNotes)
        m_notes.push_back({offset, what});
    else
        ++m_untold;
}

QStringList JsonReading::notes()
{
    std::sort(m_notes.begin(), m_notes.end(),
              [](const Note &a, const Note &b) { return a.offset < b.offset; });
    QStringList sentences;
    for (const Note &note : m_notes)
        sentences << place(note.offset) + QStringLiteral(": ") + note.what;
    if (m_untold > 0)
        sentences
            << QStringLiteral("%1: %2 more unknown keys were kept").arg(m_fileName).arg(m_untold);
    return sentences;
}

QByteArray JsonReading::text(const JsonValue &value) const
{
    return m_bytes.mid(value.begin, value.end - value.begin);
}

QString JsonReading::place(qsizetype offset)
{
    return m_fileName + QLatin1Char(':') + m_places.at(offset);
}

JsonObject::JsonObject(JsonReading &reading, const JsonValue &value, QString name)
    : m_reading(reading)
    , m_value(value)
    , m_name(std::move(name))
    , m_asked(value.members.size(), false)
{
    if (value.kind != JsonValue::Kind::Object) {
        m_reading.fail(value.begin, QStringLiteral("%1 must be an object in { }, not %2")
                                        .arg(m_name, kindName(value.kind)));
    }
}

const JsonValue *JsonObject::value(const char *key)
{
    const JsonMember *member = m_value.find(key);
    if (!member) return nullptr;
    m_asked[size_t(member - m_value.members.data())] = true;
    return &member->value;
}

const JsonValue *JsonObject::required(const char *key)
{
    const JsonValue *found = value(key);
    if (!found && m_value.kind == JsonValue::Kind::Object) {
        m_reading.fail(
            m_value.begin,
            QStringLiteral("%1 lacks \"%2\"; add it").arg(m_name, QString::fromLatin1(key)));
    }
    return found;
}

const JsonValue *JsonObject::ofKind(const char *key, const JsonValue *value, JsonValue::Kind kind,
                                    const char *name)
{
    if (!value || value->kind == kind) return value;
    m_reading.fail(value->begin, QStringLiteral("\"%1\" must be %2, not %3")
                                     .arg(QString::fromLatin1(key), QString::fromLatin1(name),
                                          kindName(value->kind)));
    return nullptr;
}

QString JsonObject::string(const char *key)
{
    const JsonValue *found = ofKind(key, required(key), JsonValue::Kind::String, "a string");
    return found ? found->text : QString();
}

int JsonObject::integer(const char *key, std::optional<int> fallback)
{
    const JsonValue *found = fallback ? value(key) : required(key);
    found = ofKind(key, found, JsonValue::Kind::Number, "a whole number");
    if (!found) return fallback.value_or(0);
    const QByteArray text = m_reading.text(*found);
    const std::optional<double> number = toDouble(text);
    const QString shown = excerpt(QString::fromLatin1(text));
    if (!number || std::abs(*number) > std::numeric_limits<int>::max()) {
        m_reading.fail(found->begin, QStringLiteral("\"%1\" is %2: that is out of range")
                                         .arg(QString::fromLatin1(key), shown));
        return 0;
    }
    if (*number != std::floor(*number)) {
        m_reading.fail(found->begin, QStringLiteral("\"%1\" must be a whole number, not %2")
                                         .arg(QString::fromLatin1(key), shown));
        return 0;
    }
    return int(*number);
}

double JsonObject::number(const char *key, double fallback)
{
    const JsonValue *found = ofKind(key, value(key), JsonValue::Kind::Number, "a number");
    if (!found) return fallback;
    const QByteArray text = m_reading.text(*found);
    const std::optional<double> number = toDouble(text);
    if (number) return *number;
    m_reading.fail(found->begin,
                   QStringLiteral("\"%1\" is %2: that is out of range")
                       .arg(QString::fromLatin1(key), excerpt(QString::fromLatin1(text))));
    return fallback;
}

bool JsonObject::boolean(const char *key, bool fallback)
{
    const JsonValue *found = ofKind(key, value(key), JsonValue::Kind::Bool, "true or false");
    return found ? m_reading.text(*found) == "true" : fallback;
}

Activation JsonObject::activation(const char *key, Activation fallback)
{
    const JsonValue *found = ofKind(key, value(key), JsonValue::Kind::String, "a string");
    if (!found) return fallback;
    const std::optional<Activation> act = activationFrom(found->text);
    if (act) return *act;
    m_reading.fail(found->begin,
                   QStringLiteral("\"%1\" is \"%2\"; use none, relu, relu6, hswish or hsigmoid")
                       .arg(QString::fromLatin1(key), excerpt(found->text)));
    return fallback;
}

BlockType JsonObject::blockType(const char *key)
{
    const JsonValue *found = ofKind(key, required(key), JsonValue::Kind::String, "a string");
    if (!found) return BlockType::Sep;
    const std::optional<BlockType> type = blockTypeFrom(found->text);
    if (type) return *type;
    m_reading.fail(found->begin,
                   QStringLiteral("\"%1\" is \"%2\"; use conv, sep, convnext or mbconv")
                       .arg(QString::fromLatin1(key), excerpt(found->text)));
    return BlockType::Sep;
}

const std::vector<JsonValue> &JsonObject::array(const char *key)
{
    static const std::vector<JsonValue> none;
    const JsonValue *found = ofKind(key, required(key), JsonValue::Kind::Array, "an array in [ ]");
    return found ? found->items : none;
}

UnknownKeys JsonObject::unknown()
{
    UnknownKeys keys;
    for (size_t i = 0; i < m_value.members.size(); ++i) {
        if (m_asked[i]) continue;
        const JsonMember &member = m_value.members[i];
        keys.push_back({int(i), member.key, compactJson(m_reading.text(member.value))});
        m_reading.note(member.begin,
                       QStringLiteral("the key \"%1\" of %2 is unknown to this version; it is kept")
                           .arg(excerpt(member.key), m_name));
    }
    return keys;
}

} // namespace atomnet
