#include "core/analysis/latency_fit.h"
#include "core/analysis/latency_solver.h"
#include "core/analysis/prediction/boosted_kind_fit.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <tuple>

namespace atomnet
{

namespace
{

constexpr int minimumKeys = 8;
constexpr int folds = fitFolds;
constexpr std::size_t mostBoostedRows = 20'000; // more would teach little and take minutes
constexpr int minimumBandKeys = 20;
constexpr std::array<qint64, 4> bandStarts{1, 37, 257,
                                           1601}; // maps up to 6x6, 16x16, 40x40, larger
constexpr double leastHalfWidth =
    0.01; // medians of repeated measurements differ by about that much

/// FNV-1a over numbers: equal on all machines and in all versions.
class Fingerprint
{
public:
    void add(quint64 value)
    {
        for (int shift = 0; shift < 64; shift += 8)
            m_hash = (m_hash ^ ((value >> shift) & 0xff)) * 0x100000001b3ULL;
    }
    void add(const AtomKey &key)
    {
        for (const qint64 value :
             {qint64(key.kind),    qint64(key.inH),      qint64(key.inW),     qint64(key.inC),
              qint64(key.outH),    qint64(key.outW),     qint64(key.outC),    qint64(key.groups),
              qint64(key.squeeze), qint64(key.kernelH),  qint64(key.kernelW), qint64(key.strideH),
              qint64(key.strideW), qint64(key.padT),     qint64(key.padL),    qint64(key.padB),
              qint64(key.padR),    qint64(key.dilation), qint64(key.variant), qint64(key.act),
              qint64(key.type),    qint64(key.weights)})
            add(quint64(value));
    }
    [[nodiscard]] quint64 value() const { return m_hash ^ (m_hash >> 29); }

private:
    quint64 m_hash = 0xcbf29ce484222325ULL;
};

struct Row {
    AtomKey key;
    qint64 median = 0;
    quint64 hash = 0;
};

std::vector<Row> sortedRows(const AtomTable &table)
{
    std::vector<Row> rows;
    rows.reserve(table.rows().size());
    for (const AtomTable::Row &row : table.rows()) {
        if (row.stats.median <= 0 || !isMeasurable(row.key)) continue;
        Fingerprint fingerprint;
        fingerprint.add(row.key);
        rows.push_back({row.key, row.stats.median, fingerprint.value()});
    }
    std::sort(rows.begin(), rows.end(), [](const Row &a, const Row &b) {
        return std::tie(a.key.kind, a.hash, a.median) < std::tie(b.key.kind, b.hash, b.median);
    });
    return rows;
}

/// What is written is what was fitted: six digits are more than the data hold, and equal on all
/// machines.
double rounded(double value)
{
    return QByteArray::number(value, 'g', 6).toDouble();
}

double mean(const std::vector<double> &values)
{
    double sum = 0;
    for (const double value : values)
        sum += value;
    return sum / double(values.size());
}

/// The value that at least `share` of a further draw lies under (split conformal: n + 1 in the
/// rank).
double quantile(std::vector<double> values, double share)
{
    std::sort(values.begin(), values.end());
    const auto rank = std::size_t(std::ceil(double(values.size() + 1) * share));
    return values[std::min(rank, values.size()) - 1];
}

Samples samplesOf(const std::vector<Row> &rows, const std::vector<Feature> &features)
{
    Samples samples;
    samples.columns = int(features.size());
    samples.rows.reserve(rows.size() * features.size());
    for (const Row &row : rows) {
        for (const Feature feature : features)
            samples.rows.push_back(featureValue(feature, row.key));
        samples.targets.push_back(double(row.median));
    }
    return samples;
}

int foldOf(const Row &row)
{
    return int(row.hash % folds);
}

std::vector<double> estimates(const Samples &samples, const std::vector<double> &coefficients)
{
    std::vector<double> result;
    result.reserve(samples.targets.size());
    for (int i = 0; i < samples.count(); ++i)
        result.push_back(dot(samples.row(i), coefficients));
    return result;
}

/// For each fold the estimates of all rows by a fit on the other four. All keys in one fold:
/// estimates stay 0, error 100 %.
using Without = std::array<std::vector<double>, folds>;
Without crossValidated(const std::vector<Row> &rows, const Samples &all)
{
    Without result;
    for (int held = 0; held < folds; ++held) {
        Samples others;
        others.columns = all.columns;
        for (std::size_t i = 0; i < rows.size(); ++i) {
            if (foldOf(rows[i]) == held) continue;
            others.rows.insert(others.rows.end(), all.row(int(i)), all.row(int(i)) + all.columns);
            others.targets.push_back(all.targets[i]);
        }
        auto &ofFold = result[std::size_t(held)];
        if (others.count() == 0)
            ofFold.assign(rows.size(), 0);
        else
            ofFold = estimates(all, fitRelative(others));
    }
    return result;
}

/// Of every row by the fit without its fold.
std::vector<double> heldOut(const std::vector<Row> &rows, const Without &without)
{
    std::vector<double> result;
    for (std::size_t i = 0; i < rows.size(); ++i)
        result.push_back(without[std::size_t(foldOf(rows[i]))][i]);
    return result;
}

/// Counts of instructions have no noise, and what ships holds the search space whole: who asks for
/// an estimate asks for an operator unlike most of those, as the few small ones off its grid are.
/// So the interval holds 95 % of the cross-validated errors, not 90.
double coverage(SampleUnit unit)
{
    return unit == SampleUnit::Instructions ? 0.95 : 0.9;
}

void setErrors(KindModel &model, const std::vector<Row> &rows, const std::vector<double> &estimates,
               double covered)
{
    std::vector<double> errors, widths;
    std::array<std::vector<double>, bandStarts.size()> byBand;
    for (std::size_t i = 0; i < rows.size(); ++i) {
        const double measured = double(rows[i].median);
        errors.push_back(std::abs(estimates[i] / measured - 1));
        widths.push_back(estimates[i] > 0 ? std::abs(measured / estimates[i] - 1) : 1);
        const qint64 pixels = qint64(rows[i].key.outH) * rows[i].key.outW;
        const auto next = std::upper_bound(bandStarts.begin() + 1, bandStarts.end(), pixels);
        byBand[std::size_t(next - bandStarts.begin() - 1)].push_back(widths.back());
    }
    model.cvMeanError = rounded(mean(errors));
    model.cvMedianError = rounded(quantile(errors, 0.5));
    model.halfWidth90 = rounded(std::max(leastHalfWidth, quantile(widths, covered)));
    if (rows.size() < bandStarts.size() * minimumBandKeys) return;
    for (std::size_t band = 0; band < byBand.size(); ++band) {
        const double width =
            byBand[band].size() < minimumBandKeys
                ? model.halfWidth90
                : rounded(std::max(leastHalfWidth, quantile(byBand[band], covered)));
        model.bands.push_back({bandStarts[band], width});
    }
}

/// Adds the correction and takes over its errors.
void boost(KindModel &model, const std::vector<Row> &rows, const Samples &samples, Without without,
           double covered, FitDepth depth, const RunControl &control)
{
    BoostingRows data;
    data.linear = estimates(samples, model.coefficients);
    data.linearWithout = std::move(without);
    const std::size_t count = std::min(rows.size(), mostBoostedRows);
    data.linear.resize(count);
    for (std::vector<double> &each : data.linearWithout)
        each.resize(std::min(each.size(), count));
    for (std::size_t i = 0; i < count; ++i) {
        data.keys.push_back(rows[i].key);
        data.measured.push_back(double(rows[i].median));
        data.folds.push_back(foldOf(rows[i]));
    }
    auto fit = fitBoosted(data, covered, depth == FitDepth::Full, control);
    if (!fit) return;
    fit->kind.linearHalfWidth90 = model.halfWidth90;
    model.boosted = std::move(fit->kind);
    if (depth != FitDepth::Full) return;
    std::vector<double> errors, widths;
    for (std::size_t i = 0; i < count; ++i) {
        errors.push_back(std::abs(fit->heldOut[i] / data.measured[i] - 1));
        widths.push_back(std::abs(data.measured[i] / fit->heldOut[i] - 1));
    }
    model.cvMeanError = rounded(mean(errors));
    model.cvMedianError = rounded(quantile(errors, 0.5));
    model.halfWidth90 = rounded(quantile(widths, covered));
}

KindModel fitKind(const std::vector<Row> &rows, SampleUnit unit, FitDepth depth,
                  const RunControl &control)
{
    KindModel model;
    model.kind = rows.front().key.kind;
    model.features = featuresOf(model.kind, unit == SampleUnit::Instructions);
    model.keys = int(rows.size());
    const Samples samples = samplesOf(rows, model.features);
    for (const double coefficient : fitRelative(samples))
        model.coefficients.push_back(rounded(coefficient));
    if (depth != FitDepth::Points) {
        Without without = crossValidated(rows, samples);
        setErrors(model, rows, heldOut(rows, without), coverage(unit));
        if (depth == FitDepth::Full)
            boost(model, rows, samples, std::move(without), coverage(unit), depth, control);
    } else {
        boost(model, rows, samples, {}, coverage(unit), depth, control);
    }

    model.featureMin.assign(samples.row(0), samples.row(0) + samples.columns);
    model.featureMax = model.featureMin;
    for (int i = 1; i < samples.count(); ++i)
        for (std::size_t f = 0; f < model.features.size(); ++f) {
            model.featureMin[f] = std::min(model.featureMin[f], samples.row(i)[f]);
            model.featureMax[f] = std::max(model.featureMax[f], samples.row(i)[f]);
        }
    for (std::size_t f = 0; f < model.features.size(); ++f) {
        model.featureMin[f] = rounded(model.featureMin[f]);
        model.featureMax[f] = rounded(model.featureMax[f]);
    }

    if (model.kind == AtomKind::Conv || model.kind == AtomKind::Depthwise) {
        for (const Row &row : rows)
            if (row.key.kernelH == row.key.kernelW) model.kernels.push_back(row.key.kernelH);
        std::sort(model.kernels.begin(), model.kernels.end());
        model.kernels.erase(std::unique(model.kernels.begin(), model.kernels.end()),
                            model.kernels.end());
    }
    return model;
}

double coefficientOf(const KindModel &model, Feature feature)
{
    for (std::size_t i = 0; i < model.features.size(); ++i)
        if (model.features[i] == feature) return model.coefficients[i];
    return 0;
}

/// The public data hold no global average pool, but they hold squeeze-excite modules, which consist
/// of a pool, two fully connected layers and a multiplication by channel. The module's part that
/// grows with h*w*c is pool and multiplication; what a multiplication costs is bounded by the scale
/// measured alone (the fastest form of it) and by the elementwise add (the slowest). So
///   pool >= (module's h*w*c part - add's) * h*w*c
///   pool <= (module's - scale's) * h*w*c + all cache misses of the module + its parts in 1, c and
///   h*w, of which
///           some belong to the other three operators.
/// The estimate is the middle; the half-width is the widest that these bounds give over the
/// measured modules.
std::optional<KindModel> derivePool(const KindModel &module, const KindModel &scale,
                                    const KindModel &add, const std::vector<Row> &modules)
{
    const double values = coefficientOf(module, Feature::OutValues);
    const double least = values - coefficientOf(add, Feature::OutValues);
    const double most = values - coefficientOf(scale, Feature::OutValues);
    if (!(least >= 0) || !(most > least)) return std::nullopt;

    KindModel pool;
    pool.kind = AtomKind::Mean;
    pool.derivedFrom = AtomKind::SqueezeExcite;
    pool.keys = module.keys;
    pool.features = featuresOf(AtomKind::Mean);
    std::vector<double> low, high;
    for (const Feature feature : pool.features) {
        const bool main = feature == Feature::InValues;
        low.push_back(main ? least : 0);
        high.push_back(main ? most : coefficientOf(module, feature));
        pool.coefficients.push_back(rounded((low.back() + high.back()) / 2));
    }
    const Samples samples = samplesOf(modules, pool.features);
    for (int i = 0; i < samples.count(); ++i)
        pool.halfWidth90 =
            std::max(pool.halfWidth90,
                     dot(samples.row(i), high) / dot(samples.row(i), pool.coefficients) - 1);
    pool.halfWidth90 = rounded(pool.halfWidth90);
    pool.cvMeanError = pool.cvMedianError = pool.halfWidth90;
    for (std::size_t f = 0; f < pool.features.size(); ++f) {
        pool.featureMin.push_back(samples.row(0)[f]);
        pool.featureMax.push_back(samples.row(0)[f]);
        for (int i = 1; i < samples.count(); ++i) {
            pool.featureMin[f] = std::min(pool.featureMin[f], samples.row(i)[f]);
            pool.featureMax[f] = std::max(pool.featureMax[f], samples.row(i)[f]);
        }
    }
    return pool;
}

} // namespace

Result<LatencyModel> fitLatencyModel(const AtomTable &table, const RunControl &control)
{
    return fitLatencyModel(table, FitDepth::Full, control);
}

Result<LatencyModel> fitLinearModel(const AtomTable &table, const RunControl &control)
{
    return fitLatencyModel(table, FitDepth::Linear, control);
}

Result<LatencyModel> fitLatencyModel(const AtomTable &table, FitDepth depth,
                                     const RunControl &control)
{
    const std::vector<Row> rows = sortedRows(table);
    LatencyModel model;
    model.board = table.condition().board;
    model.runtime = table.condition().runtime;
    model.clockHz = table.condition().clockHz;
    model.unit = table.unit();

    Fingerprint fingerprint;
    std::vector<Row> modules;
    for (auto first = rows.begin(); first != rows.end();) {
        const auto last = std::find_if(
            first, rows.end(), [&](const Row &row) { return row.key.kind != first->key.kind; });
        const std::vector<Row> ofKind(first, last);
        for (const Row &row : ofKind) {
            fingerprint.add(row.key);
            fingerprint.add(quint64(row.median));
        }
        if (ofKind.size() >= minimumKeys)
            model.kinds.push_back(fitKind(ofKind, table.unit(), depth, control));
        if (control.cancelled()) return fail(ErrorCode::Cancelled, QStringLiteral("cancelled"));
        control.progress(double(last - rows.begin()) / double(rows.size()));
        if (first->key.kind == AtomKind::SqueezeExcite) modules = ofKind;
        first = last;
    }
    if (model.kinds.empty())
        return fail(
            ErrorCode::BadInput,
            QStringLiteral(
                "no latency model can be fitted: no operator kind has %1 measured operators "
                "or more for this board and runtime; import measurements first")
                .arg(minimumKeys));

    const KindModel *module = model.kind(AtomKind::SqueezeExcite);
    const KindModel *scale = model.kind(AtomKind::Scale);
    const KindModel *add = model.kind(AtomKind::Add);
    if (module && scale && add && !model.kind(AtomKind::Mean)) {
        if (std::optional<KindModel> pool = derivePool(*module, *scale, *add, modules)) {
            const auto place =
                std::find_if(model.kinds.begin(), model.kinds.end(),
                             [](const KindModel &kind) { return kind.kind > AtomKind::Mean; });
            model.kinds.insert(place, *std::move(pool));
        }
    }

    model.fingerprint = QStringLiteral("%1").arg(fingerprint.value(), 16, 16, QLatin1Char('0'));
    model.fittedOn =
        QStringLiteral("%1 operators, %2 samples").arg(rows.size()).arg(table.sampleCount());
    return model;
}

} // namespace atomnet
