#include "core/lowering/lower.h"
#include "core/model/presets.h"
#include "core/quant/forward.h"
#include "core/quant/quantize.h"

#include <QElapsedTimer>

#include <cstdio>
#include <cstdlib>

// Quantising the largest AtomNet with 100 images, everything included, and a float pass of it.
namespace
{

using namespace atomnet;

constexpr int images = 100;

[[noreturn]] void giveUp(const Error &error)
{
    std::fprintf(stderr, "bench_quantize: %s\n", qPrintable(error.message()));
    std::exit(1);
}

double seconds(const QElapsedTimer &timer)
{
    return double(timer.nsecsElapsed()) / 1e9;
}

double quantizeSeconds(const AtomGraph &graph, const FloatWeights &weights,
                       const SampleSource &samples, const QuantizeOptions &options)
{
    QElapsedTimer timer;
    timer.start();
    if (auto network = quantize(graph, weights, samples, options); !network)
        giveUp(network.error());
    return seconds(timer);
}

} // namespace

int main()
{
    const Preset *preset = presetById(QStringLiteral("atomnet-512kb-max"));
    if (!preset) return 1;
    const auto graph = lower(preset->network, Runtime::AtomNet1);
    if (!graph) giveUp(graph.error());
    const FloatWeights weights = seededWeights(weightUnits(*graph), 1);
    const auto samples = seededSamples(preset->network.input, images, 1);

    const FloatForward forward(*graph, weights);
    const auto sample = samples->sample(0);
    if (!sample) giveUp(sample.error());
    constexpr int passes = 5;
    QElapsedTimer timer;
    timer.start();
    for (int i = 0; i < passes; ++i)
        (void)forward.run(*sample);
    const double passMs = seconds(timer) * 1000 / passes;

    QuantizeOptions minMax, mse;
    mse.ranges = RangeMethod::Mse;
    const double minMaxSeconds = quantizeSeconds(*graph, weights, *samples, minMax);
    const double mseSeconds = quantizeSeconds(*graph, weights, *samples, mse);
    std::printf("{\"float_pass_512kb_max_ms\":%.1f,\"quantize_512kb_max_100_images_s\":%.2f,"
                "\"quantize_512kb_max_100_images_mse_s\":%.2f}\n",
                passMs, minMaxSeconds, mseSeconds);
    return 0;
}
