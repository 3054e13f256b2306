#pragma once

#include <QByteArray>
#include <QHash>
#include <QSet>
#include <QString>

// Text files with gaps: "@name@" stands for a value; the lines "//if name", "//else" and "//end"
// keep or drop what is between them, nested as wanted.
namespace atomnet
{

using TextValues = QHash<QByteArray, QByteArray>;

/// Every name in the text must have a value. Conditions that hold are in `conditions`.
[[nodiscard]] QByteArray fillTemplate(const QByteArray &text, const TextValues &values,
                                      const QSet<QByteArray> &conditions = {});

/// As a C string literal with quotes: bytes outside printable ASCII as octal escapes, no trigraphs.
[[nodiscard]] QByteArray cString(const QString &text);
/// For the inside of a C or CMake comment: one line, no comment marks, no invisible characters.
[[nodiscard]] QByteArray commentText(const QString &text);

} // namespace atomnet
