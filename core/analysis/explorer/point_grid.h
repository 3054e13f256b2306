#pragma once

#include <QtGlobal>

#include <array>
#include <optional>
#include <span>
#include <vector>

// Points of a plot, sorted so that drawing and picking look at those in view alone.
namespace atomnet
{

/// In axis units: the value, or its decimal logarithm.
struct PlotPoint {
    float x = 0, y = 0;
    quint32 row = 0;     ///< of whoever made the point
    quint8 category = 0; ///< its colour
    bool operator==(const PlotPoint &) const = default;
};

/// Part of the plane, in axis units.
struct PlotRect {
    double left = 0, right = 1, bottom = 0, top = 1;
    bool operator==(const PlotRect &) const = default;
    [[nodiscard]] double width() const { return right - left; }
    [[nodiscard]] double height() const { return top - bottom; }
    [[nodiscard]] bool holds(double x, double y) const
    {
        return x >= left && x <= right && y >= bottom && y <= top;
    }
};

/// The points by cells of a regular grid over them. Not finite ones are dropped.
class PointGrid
{
public:
    PointGrid() = default;
    explicit PointGrid(std::vector<PlotPoint> points);

    [[nodiscard]] const std::vector<PlotPoint> &points() const { return m_points; }
    [[nodiscard]] bool isEmpty() const { return m_points.empty(); }
    /// The least rectangle around all points; 0 to 1 without any.
    [[nodiscard]] const PlotRect &bounds() const { return m_bounds; }

    /// Runs of points that together hold every point within `area`, and some around it.
    [[nodiscard]] std::vector<std::span<const PlotPoint>> near(const PlotRect &area) const;
    /// Exactly how many lie within.
    [[nodiscard]] quint32 count(const PlotRect &area) const;
    /// The point nearest to (x, y) where one axis unit is `perX` and `perY` pixels, at most
    /// `pixels` away; of equally near ones that of the least row.
    [[nodiscard]] std::optional<PlotPoint> nearest(double x, double y, double perX, double perY,
                                                   double pixels) const;

private:
    [[nodiscard]] int column(double x) const;
    [[nodiscard]] int line(double y) const;

    std::vector<PlotPoint> m_points;
    std::vector<quint32> m_starts; ///< of each cell, row by row; one more at the end
    PlotRect m_bounds;
    int m_side = 1; ///< cells along each axis
};

/// Red, green, blue, 0 to 255.
using PlotColour = std::array<quint8, 3>;

/// What lies on one pixel: how many points, and the sums of their colours.
struct RasterCell {
    quint32 count = 0, red = 0, green = 0, blue = 0;
    bool operator==(const RasterCell &) const = default;
};
struct Raster {
    int width = 0, height = 0;
    std::vector<RasterCell> cells; ///< from the top left, row by row
    quint32 visible = 0;           ///< points within
};
/// Counts the points on each of width x height pixels of `view`; its right and bottom borders
/// belong to the last pixels. `palette` is by category. `raster` keeps its memory.
void rasterise(const PointGrid &grid, const PlotRect &view, int width, int height,
               std::span<const PlotColour> palette, Raster &raster);

} // namespace atomnet
