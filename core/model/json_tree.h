#pragma once

#include <QAnyStringView>
#include <QByteArray>
#include <QString>

#include <tl/expected.hpp>

#include <vector>

// JSON text as a tree that knows where each token stands, so that errors can point at it.
namespace atomnet
{

struct JsonMember;

struct JsonValue {
    enum class Kind : quint8 { Null, Bool, Number, String, Array, Object };

    Kind kind = Kind::Null;
    qint32 begin = 0,
           end = 0; ///< byte range in the text; a number is read from there when it is needed
    QString text;   ///< of a string
    std::vector<JsonValue> items;    ///< of an array
    std::vector<JsonMember> members; ///< of an object, in the order of the text, keys unique

    /// The member with this key, or null.
    [[nodiscard]] const JsonMember *find(QAnyStringView key) const;
};

struct JsonMember {
    QString key;
    qint32 begin = 0; ///< where the key stands
    JsonValue value;
};

/// Why text is not JSON, and at which byte.
struct JsonFault {
    qsizetype offset = 0;
    QString what;
};

inline constexpr int maxJsonDepth = 64;
inline constexpr int maxJsonValues = 1'000'000;

/// Parses strict JSON in UTF-8 (a byte order mark is skipped). Refused with its place: anything
/// else, repeated keys, nesting above maxJsonDepth, more than maxJsonValues values. Needs no
/// recursion.
[[nodiscard]] tl::expected<JsonValue, JsonFault> parseJson(const QByteArray &bytes);

/// JSON text without the white space between its tokens; spellings stay.
[[nodiscard]] QByteArray compactJson(const QByteArray &json);
/// A string as a JSON token, in UTF-8.
[[nodiscard]] QByteArray jsonString(const QString &text);

/// Finds line and column (in characters, both from 1) of byte offsets; quick when they ascend.
class TextPlaces
{
public:
    explicit TextPlaces(const QByteArray &bytes) : m_bytes(bytes) {}

    /// "12:30"
    [[nodiscard]] QString at(qsizetype offset);

private:
    const QByteArray &m_bytes;
    qsizetype m_offset = 0;
    int m_line = 1, m_column = 1;
};

} // namespace atomnet
