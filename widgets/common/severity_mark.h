#pragma once

#include "core/analysis/guidelines/lint.h"
#include "widgets/common/theme.h"

#include <QRectF>

class QPainter;

// How bad a finding is, by shape and colour alike on the canvas and in the inspector.
namespace atomnet
{

[[nodiscard]] QColor severityColor(const Theme &theme, LintSeverity severity);
/// Problems are triangles, advice diamonds, notes circles. Fills `room`.
void paintSeverity(QPainter &painter, const Theme &theme, const QRectF &room,
                   LintSeverity severity);
/// "Problem", "Advice", "Note".
[[nodiscard]] QString severityWord(LintSeverity severity);

} // namespace atomnet
