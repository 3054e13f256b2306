#pragma once

#include "core/base/run_control.h"
#include "core/quant/weights.h"

#include <functional>
#include <memory>
#include <span>

namespace atomnet
{

/// A point of the forward pass that a watcher may look at (or, when it simulates quantisation, change).
struct ForwardPoint {
    int atom = -1;              ///< -1: the network's input
    int part = 0;               ///< of a pair
    bool preActivation = false; ///< what the unit computes, bias included; else what follows the activation
    int channels = 0;           ///< values are [pixels][channels]
};
using ForwardWatcher = std::function<void(const ForwardPoint &point, std::span<float> values)>;

/// Runs one sample through the graph in float, on Eigen with up to two threads; deterministic: the same result on every
/// x86-64 machine (fixed block sizes, no fused multiply-add). Returns the logits. The watcher is called in order, on this
/// thread.
class FloatForward
{
public:
    FloatForward(const AtomGraph &graph, const FloatWeights &weights, int threads = 2); ///< both must outlive it
    ~FloatForward();
    [[nodiscard]] std::vector<float> run(std::span<const float> input, const ForwardWatcher &watch = {}) const;

private:
    struct Private;
    std::unique_ptr<Private> d;
};

} // namespace atomnet
