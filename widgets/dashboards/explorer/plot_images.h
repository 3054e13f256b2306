#pragma once

#include "widgets/dashboards/explorer/plot_model.h"

#include <QImage>

// Points and cells as pictures: what makes a plot of a million rows quick.
namespace atomnet
{

enum class PlotMark : quint8 { Disc, Ring };

/// Radius of marks, in pixels: small where there are many.
[[nodiscard]] double markRadius(quint32 visible);

/// The points in view, each pixel in the mean colour of its points, more opaque with more of them.
/// `size` in device pixels, `scale` device pixels a pixel. `raster` keeps its memory from call to
/// call.
[[nodiscard]] QImage pointImage(const PointGrid &points, const PlotRect &view, const QSize &size,
                                double scale, const std::vector<QColor> &colours, PlotMark mark,
                                Raster &raster);

/// A colour of the heat map's scale, 0 to 1: dark blue over green to yellow, its lightness rises
/// throughout, so that colour-blind eyes read it too.
[[nodiscard]] QColor heatColour(double share);
/// Where a median stands on the scale.
[[nodiscard]] double heatShare(const HeatGrid &heat, float median, bool log);
[[nodiscard]] QImage heatImage(const HeatGrid &heat, const PlotRect &view, const QSize &size,
                               bool log);

} // namespace atomnet
