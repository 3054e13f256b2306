#pragma once

#include "core/quant/quantized_network.h"

#include <memory>
#include <span>

namespace atomnet
{

/// Runs samples through a quantised network layer by layer, all samples through one before the
/// next, and sets each unit's bias on the way, so that the mean of every channel before the
/// activation is that of the float network: what rounding and clipping before it shifted is taken
/// back. The arithmetic is that of the kernels but for the last bit (sums in float).
class Int8Simulation
{
public:
    /// Bytes that one sample needs while it runs.
    [[nodiscard]] static qint64 bytesPerSample(const AtomGraph &graph);

    explicit Int8Simulation(QuantizedNetwork &network, int threads = 2); ///< must outlive it
    ~Int8Simulation();

    void addSample(std::span<const float> input);
    /// One operator of all samples; to be called for each in order. `means`: what the float network
    /// computes before the activation, for each unit of the atom; empty: biases stay.
    void runAtom(int atom, const std::vector<std::vector<double>> &means);
    /// The logits of a sample, after the last operator.
    [[nodiscard]] const std::vector<qint8> &output(int sample) const;

private:
    struct Private;
    std::unique_ptr<Private> d;
};

} // namespace atomnet
