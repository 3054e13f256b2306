#include "core/analysis/prediction/boosted_trees.h"

namespace atomnet
{

quint8 binOf(const std::vector<double> &borders, double value)
{
    const double *first = borders.data();
    std::size_t count = borders.size();
    while (count > 0) { // a lower bound without branches that the processor would have to guess
        const std::size_t half = (count + 1) / 2;
        first += half * std::size_t(first[half - 1] < value);
        count -= half;
    }
    return quint8(first - borders.data());
}

BoostedBins binsOf(const std::vector<BoostedAxis> &axes, const TraitValues &traits)
{
    BoostedBins bins{}; // leaves look at one too
    for (std::size_t i = 0; i < axes.size(); ++i)
        bins[i] = binOf(axes[i].borders, traits[std::size_t(axes[i].trait)]);
    return bins;
}

qint64 BoostedTrees::sum(const quint8 *bins) const
{
    constexpr std::size_t together = 8; // walks that do not wait for each other
    const Node *const node = nodes.data();
    const auto step = [bins](const Node &at) {
        return quint32(at.child) + quint32(bins[at.axis] > at.bin); // 0 on a leaf
    };
    qint64 sum = base;
    std::size_t tree = 0;
    for (; tree + together <= roots.size(); tree += together) {
        std::array<quint32, together> at;
        for (std::size_t i = 0; i < together; ++i)
            at[i] = roots[tree + i];
        for (quint32 moved = 1; moved != 0;) {
            moved = 0;
#pragma GCC unroll 8
            for (std::size_t i = 0; i < together; ++i) {
                const quint32 far = step(node[at[i]]);
                at[i] += far;
                moved |= far;
            }
        }
        for (const quint32 leaf : at)
            sum += values[leaf];
    }
    for (; tree < roots.size(); ++tree) {
        quint32 at = roots[tree];
        while (const quint32 far = step(node[at]))
            at += far;
        sum += values[at];
    }
    return sum;
}

} // namespace atomnet
