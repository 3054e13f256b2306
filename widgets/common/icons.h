#pragma once

#include <QIcon>
#include <QString>
#include <QStringList>

namespace atomnet
{

/// The icon resources/icons/<name>.svg in the colours of the current theme; it follows later theme
/// changes by itself. Single-colour icons take the text colour; "app" and the block kinds keep
/// theirs.
[[nodiscard]] QIcon icon(const QString &name);
/// All names that icon() knows.
[[nodiscard]] QStringList iconNames();

} // namespace atomnet
