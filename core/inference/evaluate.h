#pragma once

#include "core/base/run_control.h"
#include "core/inference/program.h"
#include "core/quant/samples.h"

namespace atomnet
{

/// Signal to quantisation noise of one layer's output against float, over the samples. dB; noise-free is capped at 120.
struct LayerSqnr {
    int atom = -1;
    QString name;
    double db = 0;
    bool operator==(const LayerSqnr &) const = default;
};
[[nodiscard]] Result<std::vector<LayerSqnr>> layerSqnr(const QuantizedNetwork &network, const Program &program,
                                                       const FloatWeights &weights, const SampleSource &samples,
                                                       const RunControl &control = {});

struct Confusion {
    int classes = 0;
    std::vector<int> counts; ///< [truth][guess]
    [[nodiscard]] int at(int truth, int guess) const { return counts[std::size_t(truth) * std::size_t(classes) + std::size_t(guess)]; }
    [[nodiscard]] int total() const;
    [[nodiscard]] int correct() const;
    [[nodiscard]] double top1() const; ///< share; 0 when empty
    bool operator==(const Confusion &) const = default;
};

struct Evaluation {
    Confusion asFloat, asInt8;
    int agreeing = 0; ///< samples on which both guess the same class
    QStringList labels; ///< names or numbers
    bool operator==(const Evaluation &) const = default;
};
/// Top-1 of the float network and of the int8 one through the C kernels. BadInput when no sample has a label or a label
/// is not a class of the network.
[[nodiscard]] Result<Evaluation> evaluate(const QuantizedNetwork &network, const Program &program,
                                          const FloatWeights &weights, const SampleSource &samples,
                                          const RunControl &control = {});

} // namespace atomnet
