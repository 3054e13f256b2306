#pragma once

#include "widgets/common/theme.h"
#include "widgets/dashboards/bar_labels.h"
#include "widgets/dashboards/chart_bars.h"
#include "widgets/dashboards/layer_axis.h"

#include <QBrush>
#include <QFont>

#include <vector>

class QPainter;

// What Qt Charts does not draw: limit line, reserve, intervals, ghosts, selection, legend and the
// layer axis.
namespace atomnet
{

struct LegendEntry {
    enum class Shape : quint8 { Box, Outline, Line, Tick, Interval };
    QString text;
    Shape shape = Shape::Box;
    QBrush fill = QBrush();
    QColor color = QColor(); ///< of lines and outlines
    bool operator==(const LegendEntry &) const = default;
};

/// Everything around and above the bars of one chart.
struct Decoration {
    LayerAxis axis;
    QList<LegendEntry> legend;
    QString unit;
    QString summary; ///< at the right of the header when there is room
    std::optional<double> limit, available;
    QString limitText; ///< "512 KiB limit"
    QList<Whisker> whiskers;
    QList<Whisker> bands; ///< light boxes over the bars, a column wide
    QList<Ghost> ghosts;
    QList<BarLabel> barLabels;
    QList<int> missing;
    int peak = -1;
    QString peakText;
    double peakTop = 0; ///< the text stands above this value
    QString message;    ///< in the middle of the plot: why there is nothing to see
    bool operator==(const Decoration &) const = default;
};

/// Layers that selection and pointer light up.
struct Marks {
    std::vector<int> selected; ///< of the selected blocks
    int layer = -1;            ///< the one selected layer
    std::vector<int> hovered;
    bool operator==(const Marks &) const = default;
};

struct HeaderLayout {
    QList<QRectF> entries; ///< one a legend entry: swatch and text
    QRectF unit, summary;  ///< summary is null when it has no room
    double height = 0;
};
/// The header between `left` and `width` - `right`: the unit above the y axis, legend entries in as
/// many rows as they need, the summary at the right of the first row if it fits.
[[nodiscard]] HeaderLayout layoutHeader(const Decoration &decoration, double width, double left,
                                        double right, const QFont &font);

/// Behind the bars: reserve, stage borders, hovered and selected columns.
void paintBehind(QPainter &painter, const PlotMap &map, const Decoration &decoration,
                 const Marks &marks, const Theme &theme);
/// Above the bars: axis labels, intervals, ghosts, missing figures, peak, limit line.
void paintFront(QPainter &painter, const PlotMap &map, const Decoration &decoration,
                const Marks &marks, const Theme &theme, const QFont &font);
void paintHeader(QPainter &painter, const HeaderLayout &layout, const Decoration &decoration,
                 const Theme &theme, const QFont &font);
/// One sentence in the middle, on a plate when it lies over figures.
void paintMessage(QPainter &painter, const QRectF &area, const QString &sentence, bool plate,
                  const Theme &theme, const QFont &font);

} // namespace atomnet
