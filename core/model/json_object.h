#pragma once

#include "core/base/result.h"
#include "core/model/json_tree.h"
#include "core/model/network.h"

#include <QStringList>

#include <optional>

// Typed reading of a JsonValue tree.
namespace atomnet
{

/// What reading one text shares: its name, the first error, the notes. After an error everything
/// reads on with defaults and is thrown away at the end: so the readers need no branches for it.
class JsonReading
{
public:
    JsonReading(const QByteArray &bytes, QString fileName);

    void fail(qsizetype offset, const QString &what, ErrorCode code = ErrorCode::BadInput);
    /// A sentence about an unknown key; beyond the first hundred only their number is told.
    void note(qsizetype offset, const QString &what);

    [[nodiscard]] bool failed() const { return m_error.has_value(); }
    [[nodiscard]] const Error &error() const { return *m_error; }
    /// The notes in the order of the text, with their places.
    [[nodiscard]] QStringList notes();
    /// The text of a value.
    [[nodiscard]] QByteArray text(const JsonValue &value) const;

private:
    struct Note {
        qsizetype offset;
        QString what;
    };

    QString place(qsizetype offset);

    const QByteArray &m_bytes;
    QString m_fileName;
    TextPlaces m_places;
    std::optional<Error> m_error;
    std::vector<Note> m_notes;
    int m_untold = 0;
};

/// Reads the members of one object by key; finish() keeps those that nobody asked for.
class JsonObject
{
public:
    /// `name` says in errors what the object is: "a block".
    JsonObject(JsonReading &reading, const JsonValue &value, QString name);

    /// The member's value, null when absent.
    const JsonValue *value(const char *key);
    /// The member's value; an error when absent.
    const JsonValue *required(const char *key);
    QString string(const char *key);
    /// An absent key gives the fallback; without one it is an error.
    int integer(const char *key, std::optional<int> fallback = {});
    double number(const char *key, double fallback);
    bool boolean(const char *key, bool fallback);
    Activation activation(const char *key, Activation fallback);
    BlockType blockType(const char *key);
    /// The items of an array that must be there.
    const std::vector<JsonValue> &array(const char *key);

    /// Keeps every member that was never asked for, with its place, and notes it.
    [[nodiscard]] UnknownKeys unknown();

private:
    const JsonValue *ofKind(const char *key, const JsonValue *value, JsonValue::Kind kind,
                            const char *kindName);

    JsonReading &m_reading;
    const JsonValue &m_value;
    QString m_name;
    std::vector<bool> m_asked;
};

} // namespace atomnet
