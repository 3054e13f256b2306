#include "core/analysis/prediction/model_validation.h"

#include "core/analysis/latency_fit.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <functional>
#include <map>
#include <numeric>
#include <utility>

namespace atomnet
{

namespace
{

constexpr int folds = 5;
constexpr int leastKeys = 8;

/// Mixes so that all bits count (splitmix64); equal on all machines.
quint64 mixed(quint64 value)
{
    value += 0x9e3779b97f4a7c15ULL;
    value = (value ^ (value >> 30)) * 0xbf58476d1ce4e5b9ULL;
    value = (value ^ (value >> 27)) * 0x94d049bb133111ebULL;
    return value ^ (value >> 31);
}

quint64 hashed(std::initializer_list<qint64> numbers)
{
    quint64 hash = 0;
    for (const qint64 number : numbers)
        hash = mixed(hash ^ quint64(number));
    return hash;
}

int foldOfKey(const AtomKey &key)
{
    return int(hashed({qint64(key.kind), key.inH,
                       key.inW,          key.inC,
                       key.outH,         key.outW,
                       key.outC,         key.groups,
                       key.squeeze,      key.kernelH,
                       key.kernelW,      key.strideH,
                       key.strideW,      key.padT,
                       key.padL,         key.padB,
                       key.padR,         key.dilation,
                       key.variant,      qint64(key.act),
                       qint64(key.type), qint64(key.weights)}) %
               folds);
}
int foldOfChannels(const AtomKey &key)
{
    return int(hashed({key.inC}) % folds);
}
int foldOfMap(const AtomKey &key)
{
    return int(hashed({key.outH, key.outW}) % folds);
}

struct Prediction {
    double measured = 0;
    Estimate estimate;
    [[nodiscard]] double error() const { return std::abs(double(estimate.value) / measured - 1); }
    [[nodiscard]] double halfWidth() const
    {
        return double(estimate.high - estimate.low) / 2 / double(estimate.value);
    }
    [[nodiscard]] bool covered() const
    {
        return double(estimate.low) <= measured && measured <= double(estimate.high);
    }
};
using ByKind = std::map<AtomKind, std::vector<Prediction>>;

/// Predictions of all rows, each by the model of a fit without its fold; false when cancelled.
bool predictHeldOut(const AtomTable &table, int (*foldOf)(const AtomKey &), FitDepth depth,
                    const RunControl &control, ByKind &predictions)
{
    RunControl inner;
    inner.isCancelled = control.isCancelled;
    for (int held = 0; held < folds; ++held) {
        std::vector<AtomTable::Row> others;
        for (const AtomTable::Row &row : table.rows())
            if (foldOf(row.key) != held) others.push_back(row);
        const Result<LatencyModel> model = fitLatencyModel(
            AtomTable(table.condition(), table.unit(), std::move(others)), depth, inner);
        if (control.cancelled()) return false;
        if (!model) continue;
        for (const AtomTable::Row &row : table.rows()) {
            if (foldOf(row.key) != held || row.stats.median <= 0) continue;
            const KindModel *kind = model->kind(row.key.kind);
            if (!kind || kind->derivedFrom) continue;
            if (const auto found = estimate(*model, row.key))
                predictions[row.key.kind].push_back({double(row.stats.median), *found});
        }
    }
    return true;
}

double mean(const std::vector<Prediction> &all)
{
    double sum = 0;
    for (const Prediction &each : all)
        sum += each.error();
    return all.empty() ? 0 : sum / double(all.size());
}

template <class Value>
double median(const std::vector<Prediction> &all, Value value)
{
    std::vector<double> values;
    for (const Prediction &each : all)
        values.push_back(value(each));
    const auto middle = values.begin() + std::ptrdiff_t(values.size() / 2);
    std::nth_element(values.begin(), middle, values.end());
    return *middle;
}

double covered(std::vector<Prediction>::const_iterator first,
               std::vector<Prediction>::const_iterator last)
{
    const auto inside = std::count_if(first, last, [](const Prediction &p) { return p.covered(); });
    return last == first ? 0 : double(inside) / double(last - first);
}

KindValidation summary(AtomKind kind, std::vector<Prediction> all)
{
    KindValidation result;
    result.kind = kind;
    result.keys = int(all.size());
    result.meanError = mean(all);
    result.medianError = median(all, std::mem_fn(&Prediction::error));
    result.medianHalfWidth = median(all, std::mem_fn(&Prediction::halfWidth));
    std::stable_sort(all.begin(), all.end(), [](const Prediction &a, const Prediction &b) {
        return a.halfWidth() < b.halfWidth();
    });
    const auto middle = all.cbegin() + std::ptrdiff_t(all.size() / 2);
    result.coverage = covered(all.cbegin(), all.cend());
    result.narrowCoverage = covered(all.cbegin(), middle);
    result.wideCoverage = covered(middle, all.cend());
    return result;
}

} // namespace

std::vector<KindValidation> validateKinds(const AtomTable &table, const RunControl &control)
{
    ByKind byKey, byChannels, byMap;
    if (!predictHeldOut(table, foldOfKey, FitDepth::Full, control, byKey)) return {};
    control.progress(0.6);
    if (!predictHeldOut(table, foldOfChannels, FitDepth::Points, control, byChannels)) return {};
    control.progress(0.8);
    if (!predictHeldOut(table, foldOfMap, FitDepth::Points, control, byMap)) return {};
    control.progress(1);

    std::vector<KindValidation> result;
    for (auto &[kind, all] : byKey) {
        if (int(all.size()) < leastKeys) continue;
        result.push_back(summary(kind, std::move(all)));
        result.back().groupMeanError = std::max(mean(byChannels[kind]), mean(byMap[kind]));
    }
    return result;
}

} // namespace atomnet
