#pragma once

#include "core/base/result.h"

#include <QColor>
#include <QSize>
#include <QString>

#include <functional>

class QPainter;

namespace atomnet
{

/// Paints into a picture and writes it as the file name's suffix says: .png at twice `size`, .svg
/// with `title` inside. Atomic. Usage for another suffix; Io with the system's reason.
[[nodiscard]] Result<> writePicture(const QString &path, const QString &title, const QSize &size,
                                    const QColor &background,
                                    const std::function<void(QPainter &)> &paint);

} // namespace atomnet
