#pragma once

#include "core/analysis/prediction/refit.h"

#include <QString>

namespace atomnet
{

/// What `db fit --validate` prints. Each ends with a line feed.
[[nodiscard]] QString validationText(const ModelValidation &validation, const AtomTable &table);
/// {"board", "runtime", "operators", "samples", "unit", "kinds": [{"kind", "keys", "mean_error",
/// "median_error", "group_mean_error", "coverage", "narrow_coverage", "wide_coverage",
/// "median_half_width"}], "networks": [{"name", "reported", "predicted", "error", "used", "why"}],
/// "learned": [{"name", "kind", "kernel", "value", "standard_error"}], "not_identified": [{"name",
/// "collinear_with": []}], "network_noise"}: errors and widths as shares; latencies in ms, or
/// instructions.
[[nodiscard]] QString validationJson(const ModelValidation &validation, const AtomTable &table);

} // namespace atomnet
