#include "core/analysis/explorer/roofline.h"

#include <algorithm>
#include <cmath>

namespace atomnet
{

Roofline rooflineOf(const PointGrid &points)
{
    Roofline roofline;
    if (points.isEmpty()) return roofline;
    std::vector<Roofline::Corner> sorted;
    sorted.reserve(points.points().size());
    double peak = points.points().front().y, bandwidth = peak - points.points().front().x;
    for (const PlotPoint &p : points.points()) {
        const double x = p.x, y = p.y;
        peak = std::max(peak, y);
        bandwidth = std::max(bandwidth, y - x);
        sorted.push_back({x, y});
    }
    roofline.peak = std::pow(10, peak);
    roofline.bandwidth = std::pow(10, bandwidth);
    std::sort(sorted.begin(), sorted.end(),
              [](const auto &a, const auto &b) { return a.x < b.x || (a.x == b.x && a.y > b.y); });
    // Upper hull (Andrew's monotone chain): a corner below the line of its neighbours goes.
    std::vector<Roofline::Corner> &hull = roofline.envelope;
    for (const Roofline::Corner &c : sorted) {
        if (!hull.empty() && c.x == hull.back().x) continue;
        while (hull.size() >= 2) {
            const auto &a = hull[hull.size() - 2], &b = hull.back();
            if ((b.x - a.x) * (c.y - a.y) < (b.y - a.y) * (c.x - a.x)) break;
            hull.pop_back();
        }
        hull.push_back(c);
    }
    return roofline;
}

} // namespace atomnet
