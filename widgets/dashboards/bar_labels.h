#pragma once

#include "widgets/dashboards/layer_axis.h"

#include <QFont>
#include <QList>

namespace atomnet
{

/// A short text above a layer's bar. Where not all have room, those of greater weight stay.
struct BarLabel {
    int layer = 0;
    double top = 0; ///< the text stands above this value
    QString text;
    double weight = 0;
    bool operator==(const BarLabel &) const = default;
};

/// Where they stand: none over another, none outside of the plot.
[[nodiscard]] QList<AxisLabel> placeBarLabels(const QList<BarLabel> &labels, const PlotMap &map,
                                              const QFont &font);

} // namespace atomnet
