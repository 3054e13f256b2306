#pragma once

#include "core/analysis/report.h"

#include <QFont>
#include <QList>
#include <QRectF>
#include <QString>
#include <QStringList>

// The x axis that all charts share: layers in order, named by role, block and stage. Labels thin
// out where they would overlap and are never shortened.
namespace atomnet
{

/// Where layers and values lie in a plot. Layer i is the column from i to i + 1.
struct PlotMap {
    QRectF area;
    int layers = 0;
    double maxValue = 1;

    [[nodiscard]] double pitch() const { return layers > 0 ? area.width() / layers : area.width(); }
    [[nodiscard]] double left(int layer) const { return area.left() + layer * pitch(); }
    [[nodiscard]] double centre(int layer) const { return left(layer) + pitch() / 2; }
    [[nodiscard]] double y(double value) const
    {
        return area.bottom() - value / maxValue * area.height();
    }
    [[nodiscard]] double value(double y) const
    {
        return (area.bottom() - y) / area.height() * maxValue;
    }
    /// The layer whose column holds this x; -1 outside.
    [[nodiscard]] int layerAt(double x) const;
};

struct LayerAxis {
    struct Span {
        QString text;
        int first = 0, last = 0; ///< layers, inclusive
        bool operator==(const Span &) const = default;
    };
    QStringList roles; ///< one a layer
    QList<Span> blocks, stages;
    bool operator==(const LayerAxis &) const = default;
};

[[nodiscard]] LayerAxis layerAxis(const Report &report);

struct AxisLabel {
    QRectF rect;
    QString text;
    bool operator==(const AxisLabel &) const = default;
};

/// Two rows below the plot: roles where every one has room, else block numbers as many as have;
/// stage names.
struct AxisLabels {
    QList<AxisLabel> upper, lower;
    bool operator==(const AxisLabels &) const = default;
};
[[nodiscard]] AxisLabels placeLabels(const LayerAxis &axis, const PlotMap &map, const QFont &font);

/// Height that the two rows need below the plot.
[[nodiscard]] double axisHeight(const QFont &font);

} // namespace atomnet
