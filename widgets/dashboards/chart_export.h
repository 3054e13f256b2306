#pragma once

#include "core/base/result.h"

#include <QSize>
#include <QString>

namespace atomnet
{

class LayerChart;

/// Writes the chart at twice `size` as PNG. Atomic; Io with the system's reason.
[[nodiscard]] Result<> writePng(LayerChart &chart, const QSize &size, const QString &path);
/// Writes the chart as SVG with `title` inside. Atomic; Io with the system's reason.
[[nodiscard]] Result<> writeSvg(LayerChart &chart, const QSize &size, const QString &title,
                                const QString &path);

} // namespace atomnet
