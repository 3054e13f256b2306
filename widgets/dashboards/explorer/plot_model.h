#pragma once

#include "core/analysis/explorer/heat_grid.h"
#include "core/analysis/explorer/point_grid.h"

#include <QColor>
#include <QPointF>
#include <QString>

#include <memory>
#include <vector>

// What a PlotView draws.
namespace atomnet
{

struct PlotAxis {
    QString title;
    bool log = false;
    bool operator==(const PlotAxis &) const = default;
};

/// A line over the points, in axis units.
struct PlotLine {
    std::vector<QPointF> corners; ///< two: goes on to the borders of the plot
    QString text;                 ///< at its right end
    bool dashed = false;
    bool endless = false;
};

struct PlotLegend {
    QString text;
    QColor colour;
    bool hollow = false; ///< the second mark
};

/// Values by PlotPoint::row that colour a heat map.
struct PlotHeat {
    std::vector<float> values;
    PlotAxis scale;
};

struct PlotModel {
    PlotAxis x, y;
    PointGrid points, gaps;      ///< gaps are drawn as rings
    std::vector<QColor> colours; ///< by PlotPoint::category
    QColor gapColour;
    std::shared_ptr<const PlotHeat> heat; ///< draw medians of cells instead of points
    std::vector<PlotLine> lines;
    std::vector<PlotLegend> legend;
    QString summary; ///< at the right of the header
    QString message; ///< in the middle: why there is nothing to see, and what to do
    /// All there is, with a small margin.
    [[nodiscard]] PlotRect extent() const;
};
using PlotModelPtr = std::shared_ptr<const PlotModel>;

/// What lies under the pointer.
struct PlotHit {
    enum class What : quint8 { Point, Gap, Cell };
    What what = What::Point;
    quint32 row = 0;   ///< of the point or gap
    QPointF at;        ///< its place, in axis units
    float median = 0;  ///< of the cell
    quint32 count = 0; ///< of the cell
    bool operator==(const PlotHit &) const = default;
};

} // namespace atomnet
