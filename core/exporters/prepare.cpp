#include "core/exporters/export_request.h"

#include "core/analysis/report.h"
#include "core/lowering/lower.h"

#include <algorithm>
#include <cmath>

namespace atomnet
{

namespace
{

constexpr int seededCalibrationSamples = 16;

// Shares of the work, for progress.
constexpr double weightsDone = 0.03, quantizedDone = 0.95;

tl::unexpected<Error> cancelled()
{
    return fail(ErrorCode::Cancelled, QStringLiteral("cancelled"));
}

Result<> checkNormalisation(const Normalisation &normalisation, int channels)
{
    const auto finite = [](float v) { return std::isfinite(v); };
    const auto positive = [](float v) { return std::isfinite(v) && v > 0; };
    const auto &[mean, std] = normalisation;
    if (int(mean.size()) != channels || int(std.size()) != channels)
        return fail(ErrorCode::Usage,
                    QStringLiteral("mean and std need one number for each of the %1 input channels")
                        .arg(channels));
    if (!std::all_of(mean.begin(), mean.end(), finite) ||
        !std::all_of(std.begin(), std.end(), positive))
        return fail(ErrorCode::Usage, QStringLiteral("mean must be finite and std above 0"));
    return {};
}

Result<Normalisation> normalisationOf(const Network &network, const FloatWeights &weights,
                                      const QuantSource &source)
{
    const int channels = network.input.c;
    if (source.normalisation) {
        if (auto valid = checkNormalisation(*source.normalisation, channels); !valid)
            return tl::make_unexpected(valid.error());
        return *source.normalisation;
    }
    if (!weights.normalisation) return defaultNormalisation(channels);
    if (auto valid = checkNormalisation(*weights.normalisation, channels); !valid)
        return fail(ErrorCode::BadInput, valid.error().what, source.weightsPath);
    return *weights.normalisation;
}

Result<std::shared_ptr<const SampleSource>> samplesOf(const Shape &shape,
                                                      const Normalisation &normalisation,
                                                      const QuantSource &source, int count)
{
    if (source.calibrationPath.isEmpty())
        return seededSamples(shape, std::min(count, seededCalibrationSamples), source.seed);
    return openSamples(source.calibrationPath, {shape, normalisation, count});
}

} // namespace

Result<Prepared> prepareFloat(const Network &network, const QuantSource &source)
{
    auto graph = lower(network, Runtime::AtomNet1);
    if (!graph) return tl::make_unexpected(graph.error());
    Prepared prepared;
    prepared.graph = *std::move(graph);
    prepared.units = weightUnits(prepared.graph);
    if (source.weightsPath.isEmpty()) {
        prepared.weights = seededWeights(prepared.units, source.seed);
    } else {
        auto weights = loadWeights(prepared.units, source.weightsPath);
        if (!weights) return tl::make_unexpected(weights.error());
        prepared.weights = *std::move(weights);
    }
    auto normalisation = normalisationOf(network, prepared.weights, source);
    if (!normalisation) return tl::make_unexpected(normalisation.error());
    prepared.weights.normalisation = *std::move(normalisation);
    const QStringList stages = stageNames(network);
    for (const Atom &atom : prepared.graph.atoms)
        prepared.layerNames << layerName(stages, atom);
    return prepared;
}

Result<Prepared> prepare(const Network &network, const QuantSource &source,
                         const RunControl &control)
{
    if (!source.weightsPath.isEmpty() && source.calibrationPath.isEmpty())
        return fail(ErrorCode::Usage,
                    QStringLiteral("trained weights need calibration data: give images like those "
                                   "the network was trained on"));
    auto prepared = prepareFloat(network, source);
    if (!prepared) return prepared;
    if (control.cancelled()) return cancelled();
    control.progress(weightsDone);

    const Normalisation &normalisation = *prepared->weights.normalisation;
    const auto samples = samplesOf(network.input, normalisation, source, source.calibrationLimit);
    if (!samples) return tl::make_unexpected(samples.error());
    const RunControl inner{control.isCancelled, [&](double share) {
                               control.progress(weightsDone +
                                                share * (quantizedDone - weightsDone));
                           }};
    auto quantized = quantize(prepared->graph, prepared->weights, **samples, source.options, inner);
    if (!quantized) return tl::make_unexpected(quantized.error());
    prepared->quantized = *std::move(quantized);
    prepared->quantized.normalisation = normalisation;
    prepared->quantized.trained = prepared->weights.trained;
    prepared->quantized.labels = prepared->weights.labels;
    if (prepared->quantized.labels.isEmpty() &&
        (*samples)->labelNames().size() == network.head.classes)
        prepared->quantized.labels = (*samples)->labelNames();
    if (control.cancelled()) return cancelled();

    prepared->plan = planArena(prepared->graph);
    Q_ASSERT(planProblem(prepared->graph, prepared->plan).isEmpty());
    control.progress(1);
    return prepared;
}

Result<std::shared_ptr<const SampleSource>> calibrationSamples(const Prepared &prepared,
                                                               const QuantSource &source, int count)
{
    return samplesOf(prepared.graph.tensors.front().shape, prepared.quantized.normalisation, source,
                     count);
}

} // namespace atomnet
