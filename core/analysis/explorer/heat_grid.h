#pragma once

#include "core/analysis/explorer/point_grid.h"

// A figure over two others: the median of what lies in each cell.
namespace atomnet
{

/// Cells are multiples of their size, so that they stay where they are while the view moves.
struct HeatGrid {
    double left = 0, bottom = 0; ///< of the first cell
    double cellX = 1, cellY = 1; ///< their size, in axis units
    int columns = 0, lines = 0;
    std::vector<float> medians; ///< row by row from the bottom left; NaN: nothing there
    std::vector<quint32> counts;
    float least = 0, greatest = 0;                      ///< of the medians; NaN without any
    [[nodiscard]] int cellAt(double x, double y) const; ///< -1 outside
};
/// `values` is by PlotPoint::row; not finite ones do not count. Of an even number of values the
/// upper of the middle two. Cells without number: nothing is computed above 4 million of them.
[[nodiscard]] HeatGrid heatGrid(const PointGrid &grid, std::span<const float> values,
                                const PlotRect &view, double cellX, double cellY);

/// The power of two nearest to `pixels` pixels, in axis units.
[[nodiscard]] double heatCellSize(double axisUnitsPerPixel, double pixels);

} // namespace atomnet
