#include "core/analysis/latency_model.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace atomnet
{

namespace
{

constexpr double slack = 1.25;           // a feature may leave the seen range by this factor
constexpr double extrapolatedFactor = 3; // intervals widen by this much outside
constexpr double leastExtrapolated = 0.25;
constexpr qint64 maxInt = std::numeric_limits<qint32>::max();
constexpr double unseenKernel = 0.4; // +-40 % around the ratio of multiply-accumulates

/// The operator of a seen kernel that has the same output, and what separates the two.
struct SeenKernel {
    AtomKey key;
    double ratio = 1;
    double halfWidth = 0;
    bool extrapolated = false;
};

SeenKernel nearestSeen(const KindModel &model, const AtomKey &key)
{
    SeenKernel result{key};
    if (model.kernels.empty()) return result;
    const qint64 area = qint64(key.kernelH) * key.kernelW;
    const auto distance = [&](int side) { return std::abs(qint64(side) * side - area); };
    const int seen = *std::min_element(model.kernels.begin(), model.kernels.end(),
                                       [&](int a, int b) { return distance(a) < distance(b); });
    if (key.kernelH == seen && key.kernelW == seen) return result;

    result.extrapolated = true;
    result.ratio = double(area) / (double(seen) * seen);
    result.halfWidth = unseenKernel;
    if (area == 1) { // the middle between the ratio and 1, and as wide as both
        const double middle = (result.ratio + 1) / 2;
        result.halfWidth = (1 - result.ratio) / 2 / middle;
        result.ratio = middle;
    }
    result.key.kernelH = result.key.kernelW = quint16(seen);
    // An input that is already padded is larger or smaller by as much as the kernel is.
    const auto side = [&](qint32 in, int kernel) {
        return qint32(std::clamp<qint64>(qint64(in) + seen - kernel, 1, maxInt));
    };
    if (key.padT == 0 && key.padB == 0) result.key.inH = side(key.inH, key.kernelH);
    if (key.padL == 0 && key.padR == 0) result.key.inW = side(key.inW, key.kernelW);
    return result;
}

double halfWidth(const KindModel &model, const AtomKey &key)
{
    const qint64 pixels = qint64(key.outH) * key.outW;
    double width = model.halfWidth90;
    for (const KindModel::Band &band : model.bands)
        if (pixels >= band.fromPixels) width = band.halfWidth90;
    return width;
}

qint64 bounded(double value)
{
    return value < double(maxEstimate) ? std::max(qint64(1), qint64(std::llround(value)))
                                       : maxEstimate;
}

} // namespace

const KindModel *LatencyModel::kind(AtomKind kind) const
{
    for (const KindModel &model : kinds)
        if (model.kind == kind) return &model;
    return nullptr;
}

std::optional<Estimate> estimate(const LatencyModel &model, const AtomKey &key)
{
    const KindModel *kind = model.kind(key.kind);
    if (!kind || !isMeasurable(key)) return std::nullopt;

    const SeenKernel seen = nearestSeen(*kind, key);
    double value = 0;
    bool outside = key.dilation > 1;
    for (std::size_t i = 0; i < kind->features.size(); ++i) {
        const double feature = featureValue(kind->features[i], seen.key);
        value += kind->coefficients[i] * feature;
        outside = outside || feature * slack < kind->featureMin[i] ||
                  feature > kind->featureMax[i] * slack;
    }
    value *= seen.ratio;

    double width = halfWidth(*kind, key);
    if (outside) width = std::max(extrapolatedFactor * width, leastExtrapolated);
    width = std::max(width, seen.halfWidth);

    Estimate result;
    result.extrapolated = outside || seen.extrapolated || kind->derivedFrom.has_value();
    result.value = bounded(value);
    result.low = width < 1 ? bounded(value * (1 - width)) : 0;
    result.high = bounded(value * (1 + width));
    return result;
}

} // namespace atomnet
