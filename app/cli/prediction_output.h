#pragma once

#include "core/analysis/prediction/operator_prediction.h"

#include <vector>

// What `db predict` prints. Each ends with a line feed.
namespace atomnet
{

struct DesignPrediction {
    QString name;
    struct Layer {
        QString name;
        OperatorPrediction prediction;
    };
    std::vector<Layer> layers;
};

[[nodiscard]] QString predictionText(const OperatorPrediction &prediction, const Target &target);
[[nodiscard]] QString predictionText(const DesignPrediction &design, const Target &target);

/// {"board", "runtime", "unit": "ms" or "instructions", "operator", "kind", "in": [h,w,c], "out":
/// [h,w,c], "kernel", "stride", "activation", "measured": {"value", "low", "high", "samples"} or
/// null, "predicted": {"value", "low", "high", "from_instructions"} or null, "error": predicted /
/// measured - 1 or null, "extrapolation": why or null, "scratch_bytes" and "flash_bytes": number or
/// null}
[[nodiscard]] QString predictionJson(const OperatorPrediction &prediction, const Target &target);
/// {"board", "runtime", "unit", "design", "layers": [as above, with "layer"], "measured_layers",
/// "missing_layers", "mean_error" and "median_error" over measured layers or null, "total":
/// {"known": with measured ones as measured, "predicted"}}
[[nodiscard]] QString predictionJson(const DesignPrediction &design, const Target &target);

} // namespace atomnet
