#include "widgets/dashboards/search/front_colours.h"

#include <algorithm>
#include <array>

namespace atomnet
{

QRgb scaleColour(double share, const Theme &theme)
{
    struct Stop {
        double r, g, b;
    };
    constexpr std::array<Stop, 6> stops{{{68, 1, 84},
                                         {65, 68, 135},
                                         {42, 120, 142},
                                         {34, 168, 132},
                                         {122, 209, 81},
                                         {253, 231, 37}}};
    // The dark end is lost on dark ground, the bright one on light.
    const double from = theme.dark ? 0.28 : 0.0, to = theme.dark ? 1.0 : 0.86;
    const double at = (from + std::clamp(share, 0.0, 1.0) * (to - from)) * double(stops.size() - 1);
    const auto low = std::min(std::size_t(at), stops.size() - 2);
    const double part = at - double(low);
    const Stop &a = stops[low], &b = stops[low + 1];
    const auto mix = [part](double u, double v) { return int(u + (v - u) * part + 0.5); };
    return qRgb(mix(a.r, b.r), mix(a.g, b.g), mix(a.b, b.b));
}

} // namespace atomnet
