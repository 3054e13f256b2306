#pragma once

#include "core/quant/quantized_network.h"

#include <QRandomGenerator>

// Networks computed plainly, straight from the definitions: what the fast paths are compared with.
namespace atomnet::test
{

/// Everything that one float pass computes.
struct FloatTrace {
    std::vector<std::vector<double>> tensors;        ///< by graph tensor
    std::vector<std::vector<double>> preActivations; ///< by unit
};
[[nodiscard]] FloatTrace floatReference(const AtomGraph &graph, const FloatWeights &weights,
                                        const std::vector<float> &input);

struct Int8Trace {
    std::vector<std::vector<qint8>> tensors;         ///< by graph tensor
    std::vector<std::vector<double>> preActivations; ///< by unit, real values before requantising
};
/// With the integer arithmetic of the kernels.
[[nodiscard]] Int8Trace int8Reference(const QuantizedNetwork &network,
                                      const std::vector<float> &input);

/// Signal to noise of what an int8 network computes, in dB.
[[nodiscard]] double sqnrDb(const std::vector<double> &signal, const std::vector<qint8> &values,
                            const TensorQuant &quant);

/// A random design on a small map as a graph, of at most `mostMacs`.
[[nodiscard]] AtomGraph randomGraph(QRandomGenerator &random, qint64 mostMacs);
/// The shipped design with this id.
[[nodiscard]] AtomGraph presetGraph(const QString &id);
/// Seeded weights with biases.
[[nodiscard]] FloatWeights randomWeights(const AtomGraph &graph, QRandomGenerator &random);

} // namespace atomnet::test
