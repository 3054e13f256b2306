#pragma once

#include <QFont>
#include <QSizeF>

namespace atomnet
{

/// Sizes of everything on the canvas in scene units (pixels at 100 %), derived from the font, so
/// that larger fonts give larger cards and no clipped text.
struct CanvasMetrics {
    QFont font;      ///< names and widths
    QFont smallFont; ///< details
    double line = 0; ///< height of a line of `font`
    double smallLine = 0;
    double padding = 0; ///< inside cards and headers
    double radius = 0;
    double barHeight = 0, barGap = 0;
    QSizeF card;
    double cardGap = 0;     ///< between cards of a stage
    double lanePadding = 0; ///< from a stage's frame to its cards
    double headerHeight = 0;
    double laneGap = 0;    ///< between stages
    double addWidth = 0;   ///< room for the "+" behind the last stage
    double bandHeight = 0; ///< hints under the stages

    [[nodiscard]] static CanvasMetrics forFont(const QFont &font);
    [[nodiscard]] double laneWidth() const { return card.width() + 2 * lanePadding; }
};

} // namespace atomnet
