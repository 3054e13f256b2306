#include "core/analysis/explorer/error_histogram.h"

#include <algorithm>
#include <cmath>

namespace atomnet
{

ErrorHistogram errorHistogram(const ExplorerTable &table, const RowMask &mask, int bins)
{
    ErrorHistogram histogram;
    const std::vector<float> &errors = table.column(ExplorerField::PredictionError);
    const std::vector<quint8> &kinds = table.kinds();
    std::array<std::vector<float>, atomKindCount> byKind;
    std::array<quint32, atomKindCount> unpredicted{};
    std::vector<float> sizes;
    for (quint32 i = 0; i < table.size(); ++i) {
        if (!mask.shown[i]) continue;
        if (!std::isfinite(errors[i])) {
            ++unpredicted[kinds[i]];
            continue;
        }
        byKind[kinds[i]].push_back(errors[i]);
        sizes.push_back(std::abs(errors[i]));
    }
    histogram.limit = 2;
    if (!sizes.empty()) {
        const auto at = sizes.begin() + std::ptrdiff_t(double(sizes.size() - 1) * 0.95);
        std::nth_element(sizes.begin(), at, sizes.end());
        for (const double limit : {2.0, 5.0, 10.0, 20.0, 50.0, 100.0}) {
            histogram.limit = limit;
            if (double(*at) <= limit) break;
        }
    }
    for (int kind = 0; kind < atomKindCount; ++kind) {
        std::vector<float> &values = byKind[std::size_t(kind)];
        if (values.empty() && unpredicted[std::size_t(kind)] == 0) continue;
        ErrorHistogram::Kind of;
        of.kind = AtomKind(kind);
        of.bins.assign(std::size_t(bins), 0);
        of.rows = quint32(values.size());
        of.unpredicted = unpredicted[std::size_t(kind)];
        double sum = 0;
        quint32 within = 0;
        for (float &value : values) {
            const double share = (double(value) / histogram.limit + 1) / 2;
            const int bin = int(std::clamp(share * bins, 0.0, double(bins - 1)));
            ++of.bins[std::size_t(bin)];
            value = std::abs(value);
            sum += double(value);
            within += value <= 10;
        }
        if (!values.empty()) {
            of.meanError = sum / double(values.size());
            of.withinTen = double(within) / double(values.size());
            const auto middle = values.begin() + std::ptrdiff_t(values.size() / 2);
            std::nth_element(values.begin(), middle, values.end());
            of.medianError = double(*middle);
        }
        histogram.kinds.push_back(std::move(of));
    }
    return histogram;
}

} // namespace atomnet
