#pragma once

#include <QByteArray>
#include <QJsonObject>
#include <QString>

// The data files that are built into the library, below resources/.
namespace atomnet
{

/// The bytes of a built-in file: resource("boards/index.json"). It ships with the program, so its
/// absence is a bug of ours.
[[nodiscard]] QByteArray resource(const QString &path);
/// A built-in file that holds one JSON object.
[[nodiscard]] QJsonObject resourceObject(const QString &path);

} // namespace atomnet
