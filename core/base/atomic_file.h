#pragma once

#include <QByteArray>
#include <QString>

namespace atomnet
{

/// Writes the whole file or nothing: the old one stays until the new one is complete on disk.
/// Returns the system's reason when it failed, an empty text when it worked.
[[nodiscard]] QString writeAtomically(const QString &path, const QByteArray &bytes);

} // namespace atomnet
