#pragma once

#include "core/exporters/exchange/operators.h"

namespace atomnet
{

/// Weights as the exported model.py loads them: every batch norm is one that changes nothing, its
/// bias apart, since it is folded into the weights. Reading the file back gives the same weights.
[[nodiscard]] QByteArray writeSafetensors(const std::vector<WeightUnit> &units,
                                          const FloatWeights &weights, const FileNotes &notes);

} // namespace atomnet
