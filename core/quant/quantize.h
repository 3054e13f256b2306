#pragma once

#include "core/base/run_control.h"
#include "core/quant/quantized_network.h"
#include "core/quant/samples.h"

namespace atomnet
{

enum class RangeMethod : quint8 { MinMax, Percentile, Mse };
[[nodiscard]] QString toString(RangeMethod method); ///< "min-max", "percentile", "mse"
[[nodiscard]] std::optional<RangeMethod> rangeMethodFrom(QStringView text);

struct QuantizeOptions {
    RangeMethod ranges = RangeMethod::MinMax;
    double percentile = 99.99;  ///< of |value| kept, with RangeMethod::Percentile
    bool biasCorrection = true; ///< per channel, from the mean error over the calibration samples
    bool operator==(const QuantizeOptions &) const = default;
};

/// Post-training quantisation: ranges of every tensor from the calibration samples, per-channel
/// symmetric weights, per-tensor activations. `graph` is of runtime atomnet-1. BadInput: no
/// samples, NaN or infinite activations (naming the layer). Constant activations and all-zero
/// weights are fine: their scale is then the smallest that keeps every rule.
[[nodiscard]] Result<QuantizedNetwork> quantize(const AtomGraph &graph, const FloatWeights &weights,
                                                const SampleSource &calibration,
                                                const QuantizeOptions &options,
                                                const RunControl &control = {});

} // namespace atomnet
