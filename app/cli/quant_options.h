#pragma once

#include "app/cli/options.h"
#include "core/quant/quantize.h"

#include <optional>

// What export, quantize and evaluate have in common: weights, calibration and how to quantise.
namespace atomnet
{

struct QuantSource;

[[nodiscard]] QList<OptionSpec> quantOptions();
/// Usage for what cannot be: "--seed many", "--percentile 20", a mean without a std.
[[nodiscard]] Result<QuantSource> quantSourceOf(const ParsedCommand &command);
/// A whole number above 0; Usage otherwise.
[[nodiscard]] Result<int> parseCount(const QString &text, const QString &option);

} // namespace atomnet
