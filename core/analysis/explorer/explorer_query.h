#pragma once

#include "core/analysis/explorer/condition_pairs.h"
#include "core/analysis/explorer/explorer_filter.h"
#include "core/analysis/explorer/point_grid.h"
#include "core/analysis/explorer/space_coverage.h"

#include <QJsonObject>

// What the Explorer is asked to show, and the points that answer it.
namespace atomnet
{

enum class ExplorerView : quint8 {
    Scatter,
    HeatMap,
    Roofline,   ///< speed over arithmetic intensity
    Coverage,   ///< what is measured and what a space lacks, over two shape fields
    Prediction, ///< predicted over measured
    Errors,     ///< how wrong predictions are, kind by kind
    Compare,    ///< the ratio of two conditions
};
inline constexpr int explorerViewCount = int(ExplorerView::Compare) + 1;
[[nodiscard]] QString toString(ExplorerView view); ///< "heat_map"

struct ExplorerAxis {
    ExplorerField field = ExplorerField::Macs;
    bool log = true;
    bool operator==(const ExplorerAxis &) const = default;
};

struct ExplorerQuery {
    ExplorerView view = ExplorerView::Scatter;
    ExplorerAxis x{ExplorerField::Macs, true}, y{ExplorerField::Latency, true};
    ExplorerAxis heat{ExplorerField::Speed, true};         ///< colour of the heat map
    ExplorerAxis coverX{ExplorerField::InChannels, false}; ///< of the coverage map: shape fields
    ExplorerAxis coverY{ExplorerField::OutChannels, false};
    ExplorerFilter filter;
    bool operator==(const ExplorerQuery &) const = default;
};

/// The axes of a view: those asked for, or the view's own. A comparison's y is the ratio, which is
/// no field.
[[nodiscard]] ExplorerAxis xAxisOf(const ExplorerQuery &query);
[[nodiscard]] ExplorerAxis yAxisOf(const ExplorerQuery &query);
/// Whether a view lets choose them.
[[nodiscard]] bool choosesX(ExplorerView view);
[[nodiscard]] bool choosesY(ExplorerView view);

struct ExplorerPoints {
    PointGrid points;  ///< row: of the table; of a comparison the index of the pair. Category: kind
    PointGrid gaps;    ///< row: index into SpaceCoverage::gaps
    RowMask mask;      ///< of the table
    quint32 asked = 0; ///< rows or pairs that the filter lets through
    quint32 left = 0;  ///< of them without a place: no such figure, or none above 0 on a log axis
};
/// `pairs` for a comparison with `second`, `coverage` for the coverage map; else null.
[[nodiscard]] ExplorerPoints pointsOf(const ExplorerQuery &query, const ExplorerTable &table,
                                      const ExplorerTable *second, const ConditionPairs *pairs,
                                      const SpaceCoverage *coverage);

/// In axis units; NaN when it has no place there.
[[nodiscard]] float axisValue(double value, bool log);

/// As settings keep it; what is not understood stays at its default.
[[nodiscard]] QJsonObject toJson(const ExplorerQuery &query);
[[nodiscard]] ExplorerQuery explorerQueryFrom(const QJsonObject &json);

} // namespace atomnet
