#pragma once

#include "widgets/common/theme.h"
#include "widgets/dashboards/explorer/axis_ticks.h"
#include "widgets/dashboards/explorer/plot_model.h"

#include <QFont>
#include <QRectF>

class QPainter;

// Everything of a plot but its points: where things stand, axes, header, lines, marks.
namespace atomnet
{

/// Where axis units are on the widget.
struct PlotGeometry {
    QRectF area; ///< of the points
    PlotRect view;
    [[nodiscard]] double perX() const { return area.width() / view.width(); }
    [[nodiscard]] double perY() const { return area.height() / view.height(); }
    [[nodiscard]] QPointF toPixels(double x, double y) const
    {
        return {area.left() + (x - view.left) * perX(), area.top() + (view.top - y) * perY()};
    }
    [[nodiscard]] QPointF toAxis(const QPointF &pixels) const
    {
        return {view.left + (pixels.x() - area.left()) / perX(),
                view.top - (pixels.y() - area.top()) / perY()};
    }
};

/// What the header and the axes leave for the points.
[[nodiscard]] QRectF plotArea(const PlotModel &model, const QSizeF &size, const PlotRect &view,
                              const QFont &font);

/// Grid lines, behind the points.
void paintGrid(QPainter &painter, const PlotGeometry &geometry, const PlotModel &model,
               const Theme &theme);
/// Lines over the points, ticks' texts, titles, legend, frame.
void paintAxes(QPainter &painter, const PlotGeometry &geometry, const PlotModel &model,
               const Theme &theme, const QFont &font, double width);
/// The scale of a heat map, at the right of the header.
void paintHeatScale(QPainter &painter, const PlotGeometry &geometry, const PlotModel &model,
                    const HeatGrid &heat, const Theme &theme, const QFont &font);
/// A ring around a point that is selected or under the pointer.
void paintMark(QPainter &painter, const QPointF &at, bool strong, const Theme &theme);

} // namespace atomnet
