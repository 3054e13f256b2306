#pragma once

#include "core/analysis/explorer/explorer_query.h"
#include "widgets/common/theme.h"
#include "widgets/dashboards/explorer/plot_model.h"
#include "widgets/document/explorer_service.h"

namespace atomnet
{

/// The plot that answers a query: points, lines, legend and words.
[[nodiscard]] PlotModelPtr makePlotModel(const ExplorerQuery &query,
                                         const ExplorerSnapshot &snapshot, const Theme &theme);

/// What is in `view` of the plot as CSV: a line a row, pair or gap, with its key's fields and
/// figures.
[[nodiscard]] QByteArray shownCsv(const ExplorerQuery &query, const ExplorerSnapshot &snapshot,
                                  const PlotModel &model, const PlotRect &view);

} // namespace atomnet
