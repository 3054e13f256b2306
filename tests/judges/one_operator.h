#pragma once

#include "core/quant/quantized_network.h"

#include <QByteArray>

#include <random>
#include <vector>

namespace atomnet::judges
{

/// A network of one operator with random shape, parameters and input: small enough to compare with
/// foreign runtimes by the thousand. Its graph inputs are the tensors without a producer, in order.
struct OneOperator {
    QuantizedNetwork network;
    std::vector<QByteArray> inputs; ///< int8, by graph input

    [[nodiscard]] const Atom &atom() const { return network.graph.atoms.front(); }
};

using Random = std::mt19937_64;

/// Scales are never powers of two; requantisation scales below 0.5, add ratios in [2^-6, 2^4].
/// `act` None, Relu or Relu6, for kinds that have one.
[[nodiscard]] OneOperator randomOperator(AtomKind kind, Random &random);

/// Every int8 value through hswish (behind a pointwise that changes nothing) or hard-sigmoid
/// (behind such a fully connected layer).
[[nodiscard]] OneOperator activationOperator(KeyAct act, Random &random);

/// Accumulator of output `index` with the bias, and the real factor it is multiplied with: conv,
/// depthwise, pointwise and fully connected, straight from their definition.
struct Exact {
    qint64 accumulator = 0;
    double scale = 0;
};
[[nodiscard]] Exact exactOutput(const OneOperator &one, qint64 index);

} // namespace atomnet::judges
