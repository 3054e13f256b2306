#include "core/quant/ranges.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace atomnet
{

namespace
{

constexpr double largestValue = 1e15;
constexpr int binCount = 2048;

struct Extremes {
    Range range;
    bool finite = true;
};

/// Eight at a time, so that the compiler may use vectors without reordering anything.
Extremes extremesOf(std::span<const float> values)
{
    constexpr std::size_t lanes = 8;
    std::array<float, lanes> lo{}, hi{}, poison{};
    const auto take = [&](std::size_t lane, float v) {
        lo[lane] = v < lo[lane] ? v : lo[lane];
        hi[lane] = v > hi[lane] ? v : hi[lane];
        poison[lane] += v - v; // NaN if v is NaN or infinite
    };
    std::size_t i = 0;
    for (; i + lanes <= values.size(); i += lanes)
        for (std::size_t lane = 0; lane < lanes; ++lane)
            take(lane, values[i + lane]);
    for (; i < values.size(); ++i)
        take(0, values[i]);
    Extremes result;
    for (std::size_t lane = 0; lane < lanes; ++lane) {
        result.range.lo = std::min(result.range.lo, double(lo[lane]));
        result.range.hi = std::max(result.range.hi, double(hi[lane]));
        if (poison[lane] != 0.0F) result.finite = false;
    }
    if (result.range.lo < -largestValue || result.range.hi > largestValue) result.finite = false;
    return result;
}

void addChannels(std::span<const float> values, std::vector<double> &sums)
{
    constexpr std::size_t pixelsAtOnce = 64; // added in float, then in double
    const std::size_t channels = sums.size();
    std::vector<float> part(channels);
    for (std::size_t begin = 0; begin < values.size(); begin += pixelsAtOnce * channels) {
        const std::size_t end = std::min(values.size(), begin + pixelsAtOnce * channels);
        std::fill(part.begin(), part.end(), 0.0F);
        for (std::size_t i = begin; i < end; i += channels)
            for (std::size_t c = 0; c < channels; ++c)
                part[c] += values[i + c];
        for (std::size_t c = 0; c < channels; ++c)
            sums[c] += double(part[c]);
    }
}

double binMiddle(const Range &range, std::size_t bin)
{
    return range.lo + (range.hi - range.lo) * (double(bin) + 0.5) / binCount;
}

Range clipped(const Range &range, double most)
{
    return {std::max(range.lo, -most), std::min(range.hi, most)};
}

/// Keeps `share` of all values, by magnitude.
Range keepShare(const Range &range, const std::vector<qint64> &bins, qint64 zeros, double share)
{
    const double largest = std::max(-range.lo, range.hi);
    std::vector<qint64> byMagnitude(binCount, 0);
    qint64 all = zeros;
    for (std::size_t bin = 0; bin < bins.size(); ++bin) {
        const double magnitude = std::fabs(binMiddle(range, bin)) / largest * binCount;
        byMagnitude[std::size_t(std::min(int(magnitude), binCount - 1))] += bins[bin];
        all += bins[bin];
    }
    qint64 kept = zeros;
    std::size_t most = 0;
    while (most + 1 < byMagnitude.size() && double(kept + byMagnitude[most]) < share * double(all))
        kept += byMagnitude[most++];
    return clipped(range, largest * double(most + 1) / binCount);
}

/// The magnitude to clip at for the least squared error: of rounding inside, of clipping outside.
Range leastError(const Range &range, const std::vector<qint64> &bins)
{
    constexpr int candidates = 128;
    const double largest = std::max(-range.lo, range.hi);
    Range best = range;
    double bestError = -1;
    for (int i = candidates; i > candidates / 8; --i) {
        const Range tried = clipped(range, largest * i / candidates);
        const double step = (tried.hi - tried.lo) / 255;
        double error = 0;
        for (std::size_t bin = 0; bin < bins.size(); ++bin) {
            const double value = binMiddle(range, bin);
            const double outside = std::max({tried.lo - value, value - tried.hi, 0.0});
            const double squared = outside > 0 ? outside * outside : step * step / 12;
            error += double(bins[bin]) * squared;
        }
        if (bestError < 0 || error < bestError) {
            best = tried;
            bestError = error;
        }
    }
    return best;
}

} // namespace

RangeRecorder::RangeRecorder(const AtomGraph &graph, const std::vector<WeightUnit> &units)
    : m_units(units)
    , m_recorded(1 + 4 * graph.atoms.size())
    , m_unitOf(2 * graph.atoms.size(), -1)
    , m_summed(units.size(), 0)
{
    for (const WeightUnit &unit : units) {
        m_unitOf[std::size_t(2 * unit.atom + unit.part)] = int(m_sums.size());
        m_sums.emplace_back(std::size_t(unit.out), 0.0);
    }
}

std::size_t RangeRecorder::indexOf(const ForwardPoint &point) const
{
    if (point.atom < 0) return 0;
    return std::size_t(1 + 4 * point.atom + 2 * point.part + (point.preActivation ? 1 : 0));
}

int RangeRecorder::unitAt(const ForwardPoint &point) const
{
    return point.atom < 0 ? -1 : m_unitOf[std::size_t(2 * point.atom + point.part)];
}

void RangeRecorder::measure(const ForwardPoint &point, std::span<const float> values, bool means)
{
    const Extremes found = extremesOf(values);
    if (!found.finite) {
        if (!m_broken) m_broken = point;
        return;
    }
    Range &range = m_recorded[indexOf(point)].range;
    range.lo = std::min(range.lo, found.range.lo);
    range.hi = std::max(range.hi, found.range.hi);
    if (!point.preActivation || !means) return;
    const std::size_t unit = std::size_t(unitAt(point));
    addChannels(values, m_sums[unit]);
    m_summed[unit] += qint64(values.size() / m_sums[unit].size());
}

void RangeRecorder::count(const ForwardPoint &point, std::span<const float> values)
{
    const int unit = unitAt(point);
    const KeyAct act = unit < 0 ? KeyAct::None : m_units[std::size_t(unit)].act;
    const bool table = act == KeyAct::HSwish || act == KeyAct::HSigmoid;
    const bool fixed = act == KeyAct::Relu6 || act == KeyAct::HSigmoid;
    if (point.preActivation ? !table : fixed) return;

    Recorded &recorded = m_recorded[indexOf(point)];
    const float lo = float(recorded.range.lo);
    const double width = recorded.range.hi - recorded.range.lo;
    std::vector<qint64> &bins = recorded.histogram.bins;
    bins.resize(binCount, 0);
    if (!(width > 0)) return;
    const float perBin = float(binCount / width);
    for (const float value : values) {
        if (value == 0.0F)
            ++recorded.histogram.zeros;
        else
            ++bins[std::size_t(std::clamp(int((value - lo) * perBin), 0, binCount - 1))];
    }
}

Range RangeRecorder::range(const ForwardPoint &point, const QuantizeOptions &options) const
{
    const Recorded &recorded = m_recorded[indexOf(point)];
    const Range &range = recorded.range;
    if (range == Range{} || options.ranges == RangeMethod::MinMax) return range;
    const Histogram &histogram = recorded.histogram;
    if (options.ranges == RangeMethod::Percentile)
        return keepShare(range, histogram.bins, histogram.zeros, options.percentile / 100);
    return leastError(range, histogram.bins);
}

std::vector<double> RangeRecorder::means(int unit) const
{
    std::vector<double> means = m_sums[std::size_t(unit)];
    const qint64 pixels = std::max<qint64>(1, m_summed[std::size_t(unit)]);
    for (double &mean : means)
        mean /= double(pixels);
    return means;
}

} // namespace atomnet
