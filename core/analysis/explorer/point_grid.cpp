#include "core/analysis/explorer/point_grid.h"

#include <algorithm>
#include <cmath>

namespace atomnet
{

namespace
{

constexpr int mostCellsASide = 256;
constexpr double pointsACell = 32; ///< wanted on average

} // namespace

PointGrid::PointGrid(std::vector<PlotPoint> points)
{
    std::erase_if(points, [](const PlotPoint &p) { return !std::isfinite(p.x + p.y); });
    if (points.empty()) return;
    m_bounds = {points.front().x, points.front().x, points.front().y, points.front().y};
    for (const PlotPoint &p : points) {
        m_bounds.left = std::min(m_bounds.left, double(p.x));
        m_bounds.right = std::max(m_bounds.right, double(p.x));
        m_bounds.bottom = std::min(m_bounds.bottom, double(p.y));
        m_bounds.top = std::max(m_bounds.top, double(p.y));
    }
    m_side = std::clamp(int(std::sqrt(double(points.size()) / pointsACell)), 1, mostCellsASide);

    // Counting sort by cell; within a cell the points keep their order.
    std::vector<quint32> cells(points.size());
    m_starts.assign(std::size_t(m_side) * std::size_t(m_side) + 1, 0);
    for (std::size_t i = 0; i < points.size(); ++i) {
        cells[i] = quint32(line(points[i].y) * m_side + column(points[i].x));
        ++m_starts[cells[i] + 1];
    }
    for (std::size_t i = 1; i < m_starts.size(); ++i)
        m_starts[i] += m_starts[i - 1];
    m_points.resize(points.size());
    std::vector<quint32> next(m_starts.begin(), m_starts.end() - 1);
    for (std::size_t i = 0; i < points.size(); ++i)
        m_points[next[cells[i]]++] = points[i];
}

int PointGrid::column(double x) const
{
    const double width = m_bounds.width();
    if (!(width > 0)) return 0;
    return int(std::clamp((x - m_bounds.left) / width * m_side, 0.0, double(m_side - 1)));
}

int PointGrid::line(double y) const
{
    const double height = m_bounds.height();
    if (!(height > 0)) return 0;
    return int(std::clamp((y - m_bounds.bottom) / height * m_side, 0.0, double(m_side - 1)));
}

std::vector<std::span<const PlotPoint>> PointGrid::near(const PlotRect &area) const
{
    std::vector<std::span<const PlotPoint>> runs;
    if (isEmpty() || area.right < m_bounds.left || area.left > m_bounds.right ||
        area.top < m_bounds.bottom || area.bottom > m_bounds.top)
        return runs;
    const int left = column(area.left), right = column(area.right);
    const int bottom = line(area.bottom), top = line(area.top);
    for (int y = bottom; y <= top; ++y) {
        const quint32 first = m_starts[std::size_t(y * m_side + left)];
        const quint32 end = m_starts[std::size_t(y * m_side + right + 1)];
        if (end > first) runs.emplace_back(m_points.data() + first, end - first);
    }
    return runs;
}

quint32 PointGrid::count(const PlotRect &area) const
{
    quint32 found = 0;
    for (const std::span<const PlotPoint> run : near(area))
        for (const PlotPoint &p : run)
            found += area.holds(p.x, p.y);
    return found;
}

std::optional<PlotPoint> PointGrid::nearest(double x, double y, double perX, double perY,
                                            double pixels) const
{
    std::optional<PlotPoint> best;
    double least = pixels * pixels;
    const PlotRect around{x - pixels / perX, x + pixels / perX, y - pixels / perY,
                          y + pixels / perY};
    for (const std::span<const PlotPoint> run : near(around)) {
        for (const PlotPoint &p : run) {
            const double dx = (p.x - x) * perX, dy = (p.y - y) * perY;
            const double distance = dx * dx + dy * dy;
            if (distance < least || (distance == least && (!best || p.row < best->row))) {
                least = distance;
                best = p;
            }
        }
    }
    return best;
}

void rasterise(const PointGrid &grid, const PlotRect &view, int width, int height,
               std::span<const PlotColour> palette, Raster &raster)
{
    raster.width = std::max(0, width);
    raster.height = std::max(0, height);
    raster.visible = 0;
    raster.cells.assign(std::size_t(raster.width) * std::size_t(raster.height), {});
    if (raster.cells.empty() || !(view.width() > 0) || !(view.height() > 0)) return;
    const double perX = width / view.width(), perY = height / view.height();
    for (const std::span<const PlotPoint> run : grid.near(view)) {
        for (const PlotPoint &p : run) {
            if (!view.holds(p.x, p.y)) continue;
            const int column = std::min(int((p.x - view.left) * perX), width - 1);
            const int line = std::min(int((view.top - p.y) * perY), height - 1);
            RasterCell &cell =
                raster.cells[std::size_t(line) * std::size_t(width) + std::size_t(column)];
            const PlotColour &colour = palette[p.category];
            ++cell.count;
            cell.red += colour[0];
            cell.green += colour[1];
            cell.blue += colour[2];
            ++raster.visible;
        }
    }
}

} // namespace atomnet
