#include "core/analysis/explorer/heat_grid.h"

#include <QTest>

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <random>

using namespace atomnet;

class TestHeatGrid : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void cellsHoldTheMedianOfTheirPoints()
    {
        std::mt19937 random(1);
        std::uniform_real_distribution<float> any(-4, 4);
        std::vector<PlotPoint> points;
        std::vector<float> values;
        for (quint32 i = 0; i < 4'000; ++i) {
            points.push_back({any(random), any(random), i, 0});
            values.push_back(i % 50 == 0 ? std::numeric_limits<float>::quiet_NaN() : any(random));
        }
        const PointGrid grid(points);
        const PlotRect view{-1.9, 2.3, -10, 10};
        const double cellX = 0.5, cellY = 0.25;
        const HeatGrid heat = heatGrid(grid, values, view, cellX, cellY);
        std::map<std::pair<int, int>, std::vector<float>> expected;
        for (const PlotPoint &p : points)
            if (std::isfinite(values[p.row]))
                expected[{int(std::floor(p.x / cellX)), int(std::floor(p.y / cellY))}].push_back(
                    values[p.row]);
        QVERIFY(heat.columns >= 9 && heat.columns <= 10);
        int full = 0;
        for (int line = 0; line < heat.lines; ++line) {
            for (int column = 0; column < heat.columns; ++column) {
                const int x = int(std::lround(heat.left / cellX)) + column;
                const int y = int(std::lround(heat.bottom / cellY)) + line;
                const std::size_t cell = std::size_t(line * heat.columns + column);
                QCOMPARE(heat.cellAt((x + 0.5) * cellX, (y + 0.5) * cellY), int(cell));
                auto it = expected.find({x, y});
                QCOMPARE(std::size_t(heat.counts[cell]),
                         it == expected.end() ? 0 : it->second.size());
                if (it == expected.end()) {
                    QVERIFY(std::isnan(heat.medians[cell]));
                    continue;
                }
                ++full;
                std::sort(it->second.begin(), it->second.end());
                QCOMPARE(heat.medians[cell], it->second[it->second.size() / 2]);
                QVERIFY(heat.least <= heat.medians[cell] && heat.greatest >= heat.medians[cell]);
            }
        }
        QVERIFY(full > 200);
    }
    void cellsStayWhereTheyAreWhenTheViewMoves()
    {
        const PointGrid grid({{0.1F, 0.1F, 0, 0}, {3.9F, 3.9F, 1, 0}});
        const std::vector<float> values{1, 2};
        for (const double shift : {0.0, 0.05, 0.3}) {
            const HeatGrid heat =
                heatGrid(grid, values, {shift, 4 + shift, shift, 4 + shift}, 1, 1);
            QCOMPARE(heat.left, 0.0);
            QCOMPARE(heat.counts.front(), 1U); // the cell that the view cuts is whole
        }
    }
    void nothingInViewMakesNoCells()
    {
        const PointGrid grid({{1, 1, 0, 0}});
        const std::vector<float> values{5};
        QCOMPARE(heatGrid(grid, values, {2, 3, 2, 3}, 1, 1).columns, 0);
        QCOMPARE(heatGrid({}, values, {0, 3, 0, 3}, 1, 1).columns, 0);
        QCOMPARE(heatGrid(grid, values, {0, 3, 0, 3}, 0, 1).columns, 0);
        QCOMPARE(heatGrid(grid, values, {0, 3, 0, 3}, 1, 1).cellAt(50, 50), -1);
    }
    void cellSizesArePowersOfTwo()
    {
        QCOMPARE(heatCellSize(0.1, 10), 1.0);
        QCOMPARE(heatCellSize(0.13, 10), 1.0);
        QCOMPARE(heatCellSize(0.15, 10), 2.0);
    }
};

QTEST_GUILESS_MAIN(TestHeatGrid)
#include "tst_heat_grid.moc"
