#include "widgets/canvas/canvas_metrics.h"

#include "widgets/common/figure_font.h"

#include <QFontMetricsF>

#include <cmath>

namespace atomnet
{

CanvasMetrics CanvasMetrics::forFont(const QFont &font)
{
    CanvasMetrics m;
    m.font = figureFont(font);
    m.smallFont = m.font;
    if (font.pointSizeF() > 0) {
        m.smallFont.setPointSizeF(font.pointSizeF() * 0.86);
    } else {
        m.smallFont.setPixelSize(std::max(1, int(std::lround(font.pixelSize() * 0.86))));
    }
    const QFontMetricsF metrics(m.font), small(m.smallFont);
    m.line = std::ceil(metrics.height());
    m.smallLine = std::ceil(small.height());
    m.padding = std::round(m.line * 0.45);
    m.radius = std::round(m.line * 0.3);
    m.barHeight = std::max(4.0, std::round(m.line * 0.3));
    m.barGap = std::max(2.0, std::round(m.line * 0.15));
    // As wide as the longest usual text, so that ordinary cards show everything.
    const double textWidth =
        std::max(small.horizontalAdvance(QStringLiteral("7×7 /2 e6 SE HSwish")),
                 metrics.horizontalAdvance(QStringLiteral("ConvNeXt ×16 1024")));
    m.card = QSizeF(std::ceil(textWidth + 2 * m.padding + m.radius + 8),
                    m.line + m.smallLine + 3 * m.barHeight + 3 * m.barGap + 2 * m.padding);
    m.cardGap = std::round(m.line * 0.85);
    m.lanePadding = std::round(m.line * 0.5);
    m.headerHeight = m.line + m.smallLine + m.padding;
    m.laneGap = std::round(m.line * 1.7);
    m.addWidth = std::round(m.line * 2.2);
    m.bandHeight = std::round(m.smallLine * 1.6);
    return m;
}

} // namespace atomnet
