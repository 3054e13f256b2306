#pragma once

#include "core/analysis/latency_model.h"

// Fitting latency models more or less thoroughly.
namespace atomnet
{

enum class FitDepth : quint8 {
    Full,   ///< what fitLatencyModel() does
    Linear, ///< without trees
    Points, ///< with trees, without cross-validation: errors and intervals stay 0
};
[[nodiscard]] Result<LatencyModel> fitLatencyModel(const AtomTable &table, FitDepth depth,
                                                   const RunControl &control);

} // namespace atomnet
