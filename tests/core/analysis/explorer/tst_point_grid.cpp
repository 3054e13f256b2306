#include "core/analysis/explorer/point_grid.h"
#include "core/analysis/explorer/roofline.h"

#include <QTest>

#include <algorithm>
#include <cmath>
#include <limits>
#include <random>

using namespace atomnet;

namespace
{

constexpr PlotColour palette[] = {{200, 10, 1}, {3, 100, 250}, {0, 0, 0}};

/// Points of every kind of density: spread, in columns, in one heap.
std::vector<PlotPoint> somePoints(int count, quint32 seed)
{
    std::mt19937 random(seed);
    std::uniform_real_distribution<float> any(-3, 5);
    std::vector<PlotPoint> points;
    for (int i = 0; i < count; ++i) {
        const float x = i % 3 == 1 ? std::round(any(random)) : i % 3 == 2 ? 1.25F : any(random);
        const float y = i % 3 == 2 ? 2.5F : any(random);
        points.push_back({x, y, quint32(i), quint8(i % 3)});
    }
    return points;
}

const PlotRect views[] = {
    {-3, 5, -3, 5}, {1, 2, 2, 3}, {-10, 20, -10, 20}, {4.9, 9, -3, 1}, {7, 9, 7, 9}};

} // namespace

class TestPointGrid : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void binningEqualsCountingEachPointAlone()
    {
        constexpr int width = 37, height = 23;
        const std::vector<PlotPoint> points = somePoints(20'000, 1);
        const PointGrid grid(points);
        Raster raster;
        for (const PlotRect &view : views) {
            std::vector<RasterCell> expected(std::size_t(width * height));
            quint32 visible = 0;
            for (const PlotPoint &p : points) {
                if (!view.holds(p.x, p.y)) continue;
                const int column = std::min(
                    width - 1, int(std::floor((p.x - view.left) * (width / view.width()))));
                const int line = std::min(
                    height - 1, int(std::floor((view.top - p.y) * (height / view.height()))));
                RasterCell &cell = expected[std::size_t(line * width + column)];
                ++cell.count;
                cell.red += palette[p.category][0];
                cell.green += palette[p.category][1];
                cell.blue += palette[p.category][2];
                ++visible;
            }
            rasterise(grid, view, width, height, palette, raster);
            QVERIFY(raster.cells == expected);
            QCOMPARE(raster.visible, visible);
            QCOMPARE(grid.count(view), visible);
        }
    }
    void pickingFindsTheNearestPoint()
    {
        const std::vector<PlotPoint> points = somePoints(5'000, 2);
        const PointGrid grid(points);
        std::mt19937 random(3);
        std::uniform_real_distribution<double> any(-4, 6);
        int found = 0;
        for (int i = 0; i < 300; ++i) {
            const double x = any(random), y = any(random), perX = 40, perY = 15, most = 6;
            const PlotPoint *best = nullptr;
            double least = most;
            for (const PlotPoint &p : points) {
                const double distance = std::hypot((p.x - x) * perX, (p.y - y) * perY);
                if (distance < least) {
                    least = distance;
                    best = &p;
                }
            }
            const auto picked = grid.nearest(x, y, perX, perY, most);
            QCOMPARE(picked.has_value(), best != nullptr);
            if (!best) continue;
            ++found;
            QCOMPARE(std::hypot((picked->x - x) * perX, (picked->y - y) * perY), least);
        }
        QVERIFY(found > 100);
        // Of many in one place the first.
        QCOMPARE(grid.nearest(1.25, 2.5, 10, 10, 3)->row, 2U);
    }
    void everyPointIsKeptOnceAndWhatIsNoNumberDropped()
    {
        std::vector<PlotPoint> points = somePoints(3'000, 4);
        const std::size_t good = points.size();
        points.push_back({std::numeric_limits<float>::quiet_NaN(), 1, 90'000, 0});
        points.push_back({1, -std::numeric_limits<float>::infinity(), 90'001, 0});
        const PointGrid grid(points);
        QCOMPARE(grid.points().size(), good);
        std::vector<quint32> rows;
        for (const PlotPoint &p : grid.points())
            rows.push_back(p.row);
        std::sort(rows.begin(), rows.end());
        for (std::size_t i = 0; i < good; ++i)
            QCOMPARE(rows[i], quint32(i));
    }
    void emptyAndSingleAreNoSpecialCases()
    {
        QVERIFY(PointGrid().isEmpty());
        QVERIFY(!PointGrid().nearest(0, 0, 1, 1, 100));
        QCOMPARE(PointGrid(std::vector<PlotPoint>{}).count({-1, 1, -1, 1}), 0U);
        const PointGrid one({{2, 3, 7, 1}});
        QCOMPARE(one.bounds(), (PlotRect{2, 2, 3, 3}));
        QCOMPARE(one.count({0, 5, 0, 5}), 1U);
        QCOMPARE(one.nearest(2.1, 3, 10, 10, 2)->row, 7U);
        QVERIFY(!one.nearest(2.3, 3, 10, 10, 2));
        Raster raster;
        rasterise(one, {2, 2, 3, 3}, 4, 4, palette, raster); // no width: nothing to draw on
        QCOMPARE(raster.visible, 0U);
    }
    void theRooflineIsPeakAndBandwidthOfTheBest()
    {
        std::mt19937 random(5);
        std::uniform_real_distribution<float> any(0, 1);
        std::vector<PlotPoint> points;
        for (quint32 i = 0; i < 500; ++i) { // below a roof of 10^5, ridge at 10
            const float x = 3 * any(random) - 1;
            points.push_back({x, std::min(5.0F, 4 + x) - any(random), i, 0});
        }
        points.push_back({-1, 3, 500, 0});
        points.push_back({1, 5, 501, 0});
        points.push_back({2, 5, 502, 0});
        const Roofline roofline = rooflineOf(PointGrid(points));
        QVERIFY(std::abs(roofline.peak - 1e5) < 1);
        QVERIFY(std::abs(roofline.bandwidth - 1e4) < 1);
        QVERIFY(std::abs(roofline.ridge() - 10) < 0.01);
        QCOMPARE(roofline.envelope.size(), std::size_t(3));
        QCOMPARE(roofline.envelope[1], (Roofline::Corner{1, 5}));
        QVERIFY(rooflineOf({}).envelope.empty());
    }
    void theEnvelopeIsAboveEveryPoint()
    {
        const PointGrid grid(somePoints(2'000, 6));
        const auto &hull = rooflineOf(grid).envelope;
        QVERIFY(hull.size() >= 2);
        for (std::size_t i = 1; i < hull.size(); ++i) {
            const auto &a = hull[i - 1], &b = hull[i];
            QVERIFY(a.x < b.x);
            for (const PlotPoint &p : grid.points())
                if (p.x >= a.x && p.x <= b.x)
                    QVERIFY(p.y <= a.y + (b.y - a.y) * (p.x - a.x) / (b.x - a.x) + 1e-9);
        }
        QCOMPARE(hull.front().x, grid.bounds().left);
        QCOMPARE(hull.back().x, grid.bounds().right);
    }
};

QTEST_GUILESS_MAIN(TestPointGrid)
#include "tst_point_grid.moc"
