#include "widgets/dashboards/explorer/axis_ticks.h"

#include <algorithm>
#include <cmath>

namespace atomnet
{

namespace
{

/// The least round step that makes at most `most` steps of `span`.
double roundStep(double span, int most)
{
    const double power = std::pow(10.0, std::floor(std::log10(span / most)));
    for (const double digit : {1.0, 2.0, 5.0, 10.0})
        if (span / (digit * power) <= most) return digit * power;
    return 10 * power;
}

std::vector<AxisTick> linearTicks(double low, double high, int most)
{
    std::vector<AxisTick> ticks;
    const double step = roundStep(high - low, most);
    const double first = std::ceil(low / step - 1e-9), last = std::floor(high / step + 1e-9);
    for (double i = first; i <= last; ++i)
        ticks.push_back({i * step, axisText(i * step, 8)});
    return ticks;
}

} // namespace

std::vector<AxisTick> axisTicks(double low, double high, bool log, int most)
{
    most = std::max(2, most);
    if (!(high > low) || !std::isfinite(high - low)) return {};
    if (!log) return linearTicks(low, high, most);

    const double decades = high - low;
    if (decades < 0.7) { // round values within a decade stand as on a linear axis
        std::vector<AxisTick> ticks = linearTicks(std::pow(10.0, low), std::pow(10.0, high), most);
        std::erase_if(ticks, [](const AxisTick &tick) { return !(tick.at > 0); });
        for (AxisTick &tick : ticks)
            tick.at = std::log10(tick.at);
        return ticks;
    }
    std::vector<AxisTick> ticks;
    const int every = std::max(1, int(std::ceil(decades / most)));
    const bool parts = decades * 3 <= most, lines = decades * 4 <= 3 * most;
    for (int decade = int(std::floor(low)); decade <= int(std::ceil(high)); ++decade) {
        for (int digit = 1; digit <= 9; ++digit) {
            const double at = decade + std::log10(double(digit));
            if (at < low - 1e-9 || at > high + 1e-9) continue;
            if (digit > 1 && !(every == 1 && lines)) break;
            const bool named =
                digit == 1 ? decade % every == 0 : parts && (digit == 2 || digit == 5);
            ticks.push_back({at, named ? axisText(digit * std::pow(10.0, decade)) : QString()});
        }
    }
    return ticks;
}

QString axisText(double value, int digits)
{
    const double size = std::abs(value);
    if (size == 0 || std::isnan(value)) return std::isnan(value) ? QString() : QStringLiteral("0");
    const auto number = [digits](double v) { return QString::number(v, 'g', digits); };
    if (size >= 0.9999995e9) return number(value / 1e9) + QStringLiteral(" G");
    if (size >= 0.9999995e6) return number(value / 1e6) + QStringLiteral(" M");
    if (size >= 0.99995e4) return number(value / 1e3) + QStringLiteral(" k");
    if (size < 1e-4) return number(value);
    return QString::number(value, 'g', std::max(digits, 4));
}

} // namespace atomnet
