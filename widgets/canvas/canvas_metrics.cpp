#include "widgets/canvas/canvas_metrics.h"

#include "widgets/common/figure_font.h"

#include <QFontMetricsF>

#include <algorithm>
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
    // Narrow and tall: stages stand side by side, and six of them should be readable in a small
    // window.
    QFont bold = m.font;
    bold.setBold(true);
    const double textWidth =
        std::max({QFontMetricsF(bold).horizontalAdvance(QStringLiteral("ConvNeXt")),
                  QFontMetricsF(bold).horizontalAdvance(QStringLiteral("1024 ×16")),
                  small.horizontalAdvance(QStringLiteral("7×7 /2 e6.5")),
                  small.horizontalAdvance(QStringLiteral("SE HSigmoid"))});
    m.card =
        QSizeF(std::ceil(textWidth + 1.8 * m.padding + m.radius),
               2 * m.line + 2 * m.smallLine + 3 * m.barHeight + 4 * m.barGap + 1.4 * m.padding);
    m.cardGap = std::round(m.line * 0.85);
    m.lanePadding = std::round(m.line * 0.45);
    // The mark of the SRAM peak stands on the first card and must not touch the second line.
    m.headerHeight = m.line + 1.6 * m.smallLine + m.padding;
    m.laneGap = std::round(m.line * 1.3);
    m.addWidth = std::round(m.line * 1.6);
    m.bandHeight = std::round(m.smallLine * 1.6);
    return m;
}

} // namespace atomnet
