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
constexpr double bound90 = 1.645;    // standard errors that hold 90 %

/// The operator of a seen kernel that has the same output, and what separates the two.
struct SeenKernel {
    AtomKey key;
    double ratio = 1;
    double halfWidth = 0;     ///< the least that the interval has, as nothing is known of ratio
    double relativeError = 0; ///< 90 % bound of a ratio that was learned
    bool extrapolated = false;
};

SeenKernel nearestSeen(const LatencyModel &model, const KindModel &kind, const AtomKey &key)
{
    SeenKernel result{key};
    if (kind.kernels.empty()) return result;
    const qint64 area = qint64(key.kernelH) * key.kernelW;
    const auto distance = [&](int side) { return std::abs(qint64(side) * side - area); };
    const int seen = *std::min_element(kind.kernels.begin(), kind.kernels.end(),
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
    for (const KernelRatio &learned : model.kernelRatios)
        if (learned.kind == key.kind && learned.kernel == key.kernelH &&
            learned.kernel == key.kernelW) {
            result.ratio = learned.ratio;
            result.halfWidth = 0;
            result.relativeError = bound90 * learned.standardError / learned.ratio;
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

/// Whether a feature's value lies above (1) or below (-1) what was seen, beyond the slack.
int leaves(const KindModel &model, std::size_t i, double feature)
{
    if (feature > model.featureMax[i] * slack) return 1;
    return feature * slack < model.featureMin[i] ? -1 : 0;
}

/// The first range that a trait leaves beyond the slack; null when none does.
const BoostedKind::Range *leaves(const BoostedKind &boosted, const TraitValues &traits)
{
    for (const BoostedKind::Range &range : boosted.ranges) {
        const double value = traits[std::size_t(range.trait)];
        if (value > range.most * slack || value * slack < range.least) return &range;
    }
    return nullptr;
}

/// Of the linear model.
double halfWidth(const KindModel &model, const AtomKey &key)
{
    const qint64 pixels = qint64(key.outH) * key.outW;
    double width = model.boosted ? model.boosted->linearHalfWidth90 : model.halfWidth90;
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

    const SeenKernel seen = nearestSeen(model, *kind, key);
    double value = 0;
    bool outside = key.dilation > 1;
    for (std::size_t i = 0; i < kind->features.size(); ++i) {
        const double feature = featureValue(kind->features[i], seen.key);
        value += kind->coefficients[i] * feature;
        outside = outside || leaves(*kind, i, feature) != 0;
    }
    double width = halfWidth(*kind, key);
    if (!outside && kind->boosted) {
        const TraitValues traits = traitsOf(seen.key, value);
        if (leaves(*kind->boosted, traits)) {
            outside = true;
        } else {
            const BoostedKind::Answer answer = kind->boosted->answer(traits, value);
            value = answer.value;
            width = answer.halfWidth;
        }
    }
    if (outside) width = std::max(extrapolatedFactor * width, leastExtrapolated);
    value *= seen.ratio;
    width = std::max(width, seen.halfWidth);
    if (seen.relativeError > 0)
        width = std::sqrt(width * width + seen.relativeError * seen.relativeError);

    Estimate result;
    result.extrapolated = outside || seen.extrapolated || kind->derivedFrom.has_value();
    result.value = bounded(value);
    result.low = width < 1 ? bounded(value * (1 - width)) : 0;
    result.high = bounded(value * (1 + width));
    return result;
}

QString extrapolationReason(const LatencyModel &model, const AtomKey &key)
{
    const KindModel *kind = model.kind(key.kind);
    if (!kind || !isMeasurable(key)) return {};
    const SeenKernel seen = nearestSeen(model, *kind, key);
    if (seen.extrapolated)
        return key.kernelH == key.kernelW
                   ? QStringLiteral("kernel %1 was never measured").arg(key.kernelH)
                   : QStringLiteral("kernel %1x%2 was never measured")
                         .arg(key.kernelH)
                         .arg(key.kernelW);
    if (key.dilation > 1) return QStringLiteral("dilation %1 was never measured").arg(key.dilation);
    const auto sentence = [](QString name, double value, double least, double most) {
        const bool above = value > most;
        if (name.startsWith(QLatin1String("in_"))) name.insert(2, QLatin1String("put"));
        if (name.startsWith(QLatin1String("out_"))) name.insert(3, QLatin1String("put"));
        return QStringLiteral("%1 %2 %3 %4 seen")
            .arg(name.replace(QLatin1Char('_'), QLatin1Char(' ')))
            .arg(value, 0, 'f', 0)
            .arg(above ? QStringLiteral("above") : QStringLiteral("below"))
            .arg(above ? most : least, 0, 'f', 0);
    };
    if (kind->boosted) // sizes first: they say more than products of them
        if (const TraitValues traits = traitsOf(seen.key, 1);
            const BoostedKind::Range *range = leaves(*kind->boosted, traits))
            return sentence(toString(range->trait), traits[std::size_t(range->trait)], range->least,
                            range->most);
    for (std::size_t i = 0; i < kind->features.size(); ++i) {
        const double feature = featureValue(kind->features[i], seen.key);
        if (leaves(*kind, i, feature) != 0)
            return sentence(toString(kind->features[i]), feature, kind->featureMin[i],
                            kind->featureMax[i]);
    }
    if (kind->derivedFrom)
        return QStringLiteral("%1 was never measured alone, only as a part of %2")
            .arg(toString(kind->kind), toString(*kind->derivedFrom));
    return {};
}

} // namespace atomnet
