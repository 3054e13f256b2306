#include "core/inference/evaluate.h"

#include "core/inference/runner.h"
#include "core/quant/forward.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace atomnet
{

namespace
{

constexpr double mostDb = 120;
constexpr int mostClasses = 4096; ///< of a confusion matrix

/// Sums over all values of one layer.
struct Energy {
    double signal = 0, noise = 0;
    [[nodiscard]] double db() const
    {
        if (noise <= 0) return mostDb;
        return std::clamp(10 * std::log10(signal / noise), -mostDb, mostDb);
    }
};

Result<> stopped()
{
    return fail(ErrorCode::Cancelled, QStringLiteral("cancelled"));
}

std::vector<qint8> quantised(std::span<const float> values, const TensorQuant &to)
{
    std::vector<qint8> result(values.size());
    std::transform(values.begin(), values.end(), result.begin(),
                   [&](float v) { return quantise(v, to); });
    return result;
}

/// The class with the largest value, the first among equals.
template <class T>
int guess(const std::vector<T> &values)
{
    return int(std::max_element(values.begin(), values.end()) - values.begin());
}

Confusion emptyConfusion(int classes)
{
    return {classes, std::vector<int>(std::size_t(classes) * std::size_t(classes))};
}

void count(Confusion &confusion, int truth, int guessed)
{
    ++confusion.counts[std::size_t(truth) * std::size_t(confusion.classes) + std::size_t(guessed)];
}

QStringList classNames(const QuantizedNetwork &network, const SampleSource &samples, int classes)
{
    QStringList names = network.labels;
    if (names.size() != classes) names = samples.labelNames();
    if (names.size() == classes) return names;
    names.clear();
    for (int i = 0; i < classes; ++i)
        names << QString::number(i);
    return names;
}

Result<> checkLabels(const SampleSource &samples, int classes)
{
    if (classes > mostClasses)
        return fail(ErrorCode::BadInput,
                    QStringLiteral("the network has %1 classes; up to %2 can be evaluated")
                        .arg(classes)
                        .arg(mostClasses));
    bool any = false;
    for (int i = 0; i < samples.count(); ++i) {
        const int label = samples.label(i);
        if (label >= classes)
            return fail(
                ErrorCode::BadInput,
                QStringLiteral(
                    "sample %1 is of class %2, but the network has %3 classes, counted from 0")
                    .arg(i)
                    .arg(label)
                    .arg(classes));
        any = any || label >= 0;
    }
    if (any) return {};
    return fail(ErrorCode::BadInput,
                QStringLiteral("no sample says its class; give a folder with one subfolder a "
                               "class, or an .npz with labels"));
}

} // namespace

int Confusion::total() const
{
    return std::accumulate(counts.begin(), counts.end(), 0);
}

int Confusion::correct() const
{
    int sum = 0;
    for (int i = 0; i < classes; ++i)
        sum += at(i, i);
    return sum;
}

double Confusion::top1() const
{
    const int all = total();
    return all == 0 ? 0 : double(correct()) / all;
}

Result<std::vector<LayerSqnr>> layerSqnr(const QuantizedNetwork &network, const Program &program,
                                         const FloatWeights &weights, const SampleSource &samples,
                                         const RunControl &control)
{
    const FloatForward forward(network.graph, weights);
    Runner runner(program);
    std::vector<Energy> energies(network.graph.atoms.size());
    std::vector<std::vector<qint8>> taps(network.graph.atoms.size());
    const auto keep = [&](const Step &step, std::span<const qint8> output) {
        if (step.atom >= 0) taps[std::size_t(step.atom)].assign(output.begin(), output.end());
    };
    const auto compare = [&](const ForwardPoint &point, std::span<const float> values) {
        if (point.atom < 0 || point.preActivation) return;
        const Atom &atom = network.graph.atoms[std::size_t(point.atom)];
        if (atom.key.kind == AtomKind::PointwisePair && point.part == 0)
            return; // exists for one tile only
        const std::vector<qint8> &tap = taps[std::size_t(point.atom)];
        Q_ASSERT(tap.size() == values.size());
        Energy &energy = energies[std::size_t(point.atom)];
        const TensorQuant &quant = network.outputOf(point.atom);
        for (std::size_t i = 0; i < values.size(); ++i) {
            const double value = double(values[i]),
                         error = value - double(dequantise(tap[i], quant));
            energy.signal += value * value;
            energy.noise += error * error;
        }
    };

    std::vector<qint8> output(std::size_t(program.outputBytes));
    for (int i = 0; i < samples.count(); ++i) {
        if (control.cancelled()) return tl::make_unexpected(stopped().error());
        const auto sample = samples.sample(i);
        if (!sample) return tl::make_unexpected(sample.error());
        if (auto ran = runner.run(quantised(*sample, program.input), output, keep); !ran)
            return tl::make_unexpected(ran.error());
        (void)forward.run(*sample, compare);
        control.progress(double(i + 1) / samples.count());
    }

    std::vector<LayerSqnr> result;
    for (const Step &step : program.steps)
        if (step.atom >= 0)
            result.push_back({step.atom, step.name, energies[std::size_t(step.atom)].db()});
    return result;
}

Result<Evaluation> evaluate(const QuantizedNetwork &network, const Program &program,
                            const FloatWeights &weights, const SampleSource &samples,
                            const RunControl &control)
{
    const int classes = int(program.outputBytes);
    if (auto labelled = checkLabels(samples, classes); !labelled)
        return tl::make_unexpected(labelled.error());
    Evaluation result{emptyConfusion(classes), emptyConfusion(classes), 0,
                      classNames(network, samples, classes)};
    const FloatForward forward(network.graph, weights);
    Runner runner(program);
    std::vector<qint8> output(std::size_t(program.outputBytes));
    for (int i = 0; i < samples.count(); ++i) {
        if (control.cancelled()) return tl::make_unexpected(stopped().error());
        const int truth = samples.label(i);
        if (truth < 0) continue;
        const auto sample = samples.sample(i);
        if (!sample) return tl::make_unexpected(sample.error());
        if (auto ran = runner.run(quantised(*sample, program.input), output); !ran)
            return tl::make_unexpected(ran.error());
        const int asFloat = guess(forward.run(*sample)), asInt8 = guess(output);
        count(result.asFloat, truth, asFloat);
        count(result.asInt8, truth, asInt8);
        if (asFloat == asInt8) ++result.agreeing;
        control.progress(double(i + 1) / samples.count());
    }
    return result;
}

} // namespace atomnet
