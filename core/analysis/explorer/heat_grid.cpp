#include "core/analysis/explorer/heat_grid.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace atomnet
{

namespace
{
constexpr float none = std::numeric_limits<float>::quiet_NaN();
constexpr double mostCells = 4'000'000;
} // namespace

int HeatGrid::cellAt(double x, double y) const
{
    const double column = std::floor((x - left) / cellX), line = std::floor((y - bottom) / cellY);
    if (!(column >= 0 && column < columns && line >= 0 && line < lines)) return -1;
    return int(line) * columns + int(column);
}

HeatGrid heatGrid(const PointGrid &grid, std::span<const float> values, const PlotRect &view,
                  double cellX, double cellY)
{
    HeatGrid heat;
    heat.least = heat.greatest = none;
    if (!(cellX > 0) || !(cellY > 0) || grid.isEmpty()) return heat;
    // Where there is nothing there need be no cells.
    const PlotRect &all = grid.bounds();
    const PlotRect area{std::max(view.left, all.left), std::min(view.right, all.right),
                        std::max(view.bottom, all.bottom), std::min(view.top, all.top)};
    if (area.right < area.left || area.top < area.bottom) return heat;
    heat.cellX = cellX;
    heat.cellY = cellY;
    heat.left = std::floor(area.left / cellX) * cellX;
    heat.bottom = std::floor(area.bottom / cellY) * cellY;
    const double columns = std::floor((area.right - heat.left) / cellX) + 1;
    const double lines = std::floor((area.top - heat.bottom) / cellY) + 1;
    if (!(columns * lines <= mostCells)) return heat;
    heat.columns = int(columns);
    heat.lines = int(lines);

    // Whole cells, also where the view cuts through them: figures do not change while it moves.
    const PlotRect whole{heat.left, heat.left + columns * cellX, heat.bottom,
                         heat.bottom + lines * cellY};
    const std::size_t cells = std::size_t(heat.columns) * std::size_t(heat.lines);
    heat.counts.assign(cells, 0);
    heat.medians.assign(cells, none);
    struct Entry {
        quint32 cell;
        float value;
    };
    std::vector<Entry> entries;
    for (const std::span<const PlotPoint> run : grid.near(whole)) {
        for (const PlotPoint &p : run) {
            const int cell = heat.cellAt(p.x, p.y);
            if (cell < 0 || !std::isfinite(values[p.row])) continue;
            entries.push_back({quint32(cell), values[p.row]});
            ++heat.counts[std::size_t(cell)];
        }
    }
    std::vector<quint32> next(cells);
    quint32 sum = 0;
    for (std::size_t i = 0; i < cells; ++i) {
        next[i] = sum;
        sum += heat.counts[i];
    }
    std::vector<float> sorted(entries.size());
    for (const Entry &entry : entries)
        sorted[next[entry.cell]++] = entry.value;
    for (std::size_t i = 0; i < cells; ++i) {
        if (heat.counts[i] == 0) continue;
        const auto end = sorted.begin() + next[i], begin = end - heat.counts[i];
        const auto middle = begin + heat.counts[i] / 2;
        std::nth_element(begin, middle, end);
        heat.medians[i] = *middle;
        if (!(heat.least <= *middle)) heat.least = *middle;
        if (!(heat.greatest >= *middle)) heat.greatest = *middle;
    }
    return heat;
}

double heatCellSize(double axisUnitsPerPixel, double pixels)
{
    return std::exp2(std::round(std::log2(axisUnitsPerPixel * pixels)));
}

} // namespace atomnet
