#pragma once

#include "core/analysis/analyze.h"

// Everything that is known or predicted of one operator.
namespace atomnet
{

/// Bytes with where they come from; low = high = value when a rule gives them exactly (what our own
/// kernels say, weights and biases; X-CUBE-AI's scratch as its reports imply). Missing: in no data.
struct PredictedBytes {
    qint64 value = 0, low = 0, high = 0;
    Source source = Source::Missing;
};

struct OperatorPrediction {
    AtomKey key;
    Latency latency;        ///< measured where AtomDB has it
    Latency predicted;      ///< what the model says, also where it is measured
    PredictedBytes scratch; ///< in SRAM while it runs, tensors apart
    PredictedBytes flash;   ///< its constants
    QString extrapolation;  ///< of `predicted`: "" or why it is one: "kernel 7 was never measured",
                            ///< "input channels 2048 above 640"
};
[[nodiscard]] OperatorPrediction predictOperator(const AtomKey &key, const Target &target,
                                                 const Knowledge &knowledge);

} // namespace atomnet
