#pragma once

#include "core/analysis/report.h"
#include "widgets/dashboards/chart_painter.h"
#include "widgets/document/selection.h"

namespace atomnet
{

/// Which layers of the report the selection and the pointer light up.
[[nodiscard]] Marks marksOf(const Report &report, const Selection &selection,
                            const Network &network);

} // namespace atomnet
