#include "core/analysis/prediction/boosted_kind.h"

#include <algorithm>

namespace atomnet
{

double corrected(double linear, qint64 sum)
{
    constexpr double most = 1.5; // a seventh to seven times the linear estimate
    const double share = std::clamp(double(sum) / BoostedTrees::one, -most, most);
    return linear * (2 + share) / (2 - share);
}

BoostedKind::Answer BoostedKind::answer(const TraitValues &traits, double linear) const
{
    Answer result;
    const BoostedBins bins = binsOf(axes, traits);
    result.value = corrected(linear, correction.sum(bins.data()));
    const qint64 difficult = difficulty.sum(bins.data());
    for (const Level &level : levels) {
        if (&level != &levels.front() && difficult < level.from) break;
        result.halfWidth = level.halfWidth90;
    }
    return result;
}

} // namespace atomnet
