#include "core/analysis/guidelines/evidence.h"

#include "core/analysis/timing.h"

#include <QLocale>

#include <algorithm>
#include <cmath>
#include <numeric>

namespace atomnet
{

EvidenceRows evidenceRows(const Target &target, const Knowledge &knowledge)
{
    const TimingBasis basis = timingBasis(target, knowledge);
    EvidenceRows rows;
    rows.table = basis.table ? basis.table : basis.instructions;
    if (!rows.table) return rows;
    rows.counted = rows.table->unit() == SampleUnit::Instructions;
    const auto board = boardById(rows.table->condition().board);
    rows.origin =
        QStringLiteral("AtomDB of %1 with %2")
            .arg(board ? board->name : rows.table->condition().board, displayName(target.runtime));
    return rows;
}

Quartiles quartiles(std::vector<double> values)
{
    Quartiles result;
    result.count = values.size();
    if (values.empty()) return result;
    std::sort(values.begin(), values.end());
    const auto at = [&](double share) {
        const double place = share * double(values.size() - 1);
        const std::size_t below = std::size_t(place);
        const std::size_t above = std::min(below + 1, values.size() - 1);
        return values[below] + (values[above] - values[below]) * (place - double(below));
    };
    result.low = at(0.25);
    result.median = at(0.5);
    result.high = at(0.75);
    return result;
}

double PowerLaw::at(double x) const
{
    return factor * std::pow(x, exponent);
}

std::optional<PowerLaw> fitPowerLaw(const std::vector<double> &x, const std::vector<double> &y)
{
    const std::size_t count = std::min(x.size(), y.size());
    double sumX = 0, sumY = 0, sumXx = 0, sumXy = 0;
    for (std::size_t i = 0; i < count; ++i) {
        const double lx = std::log(x[i]), ly = std::log(y[i]);
        sumX += lx;
        sumY += ly;
        sumXx += lx * lx;
        sumXy += lx * ly;
    }
    const double n = double(count);
    const double spread = n * sumXx - sumX * sumX;
    if (count < 2 || !(spread > 1e-9)) return std::nullopt;
    PowerLaw law;
    law.exponent = (n * sumXy - sumX * sumY) / spread;
    law.factor = std::exp((sumY - law.exponent * sumX) / n);
    return law;
}

EvidenceSeries thinned(QString name, const std::vector<double> &x, const std::vector<double> &y,
                       std::size_t most)
{
    std::vector<std::size_t> order(std::min(x.size(), y.size()));
    std::iota(order.begin(), order.end(), std::size_t(0));
    std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
        return std::pair(x[a], y[a]) < std::pair(x[b], y[b]);
    });
    const std::size_t shown = std::min(most, order.size());
    EvidenceSeries series{std::move(name), {}, {}};
    for (std::size_t i = 0; i < shown; ++i) {
        const std::size_t from = shown < 2 ? 0 : i * (order.size() - 1) / (shown - 1);
        series.x.push_back(x[order[from]]);
        series.y.push_back(y[order[from]]);
    }
    return series;
}

QString countText(std::size_t count)
{
    return QLocale::c().toString(qulonglong(count));
}

QString ratioText3(double value)
{
    if (value <= 0 || !std::isfinite(value)) return QStringLiteral("0");
    const int before = int(std::floor(std::log10(value))) + 1;
    return QString::number(value, 'f', std::clamp(3 - before, 0, 4));
}

std::vector<Guideline> guidelines(const Target &target, const Knowledge &knowledge,
                                  const RunControl &control)
{
    if (control.cancelled()) return {};
    std::vector<Guideline> all{flashGuideline(target, knowledge), sramGuideline(target, knowledge),
                               latencyGuideline(target, knowledge)};
    for (Guideline &rank : rankGuidelines(target, knowledge, control))
        all.push_back(std::move(rank));
    all.push_back(bottleneckGuideline(target, knowledge, control));
    if (control.cancelled()) return {};
    control.progress(1);
    return all;
}

} // namespace atomnet
