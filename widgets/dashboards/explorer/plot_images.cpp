#include "widgets/dashboards/explorer/plot_images.h"

#include <QPainter>

#include <algorithm>
#include <array>
#include <cmath>

namespace atomnet
{

namespace
{

/// Opacity of each pixel of a mark, 0 to 255.
struct Stamp {
    int reach = 0; ///< pixels from the middle to the border
    std::vector<quint32> alpha;
    [[nodiscard]] int side() const { return 2 * reach + 1; }
};

Stamp makeStamp(double radius, PlotMark mark, double scale)
{
    Stamp stamp;
    stamp.reach = int(std::ceil(radius - 0.5));
    for (int y = -stamp.reach; y <= stamp.reach; ++y)
        for (int x = -stamp.reach; x <= stamp.reach; ++x) {
            const double distance = std::hypot(x, y);
            double cover = std::clamp(radius + 0.5 - distance, 0.0, 1.0);
            if (mark == PlotMark::Ring)
                cover *= std::clamp(distance - (radius - 1.3 * scale) + 0.5, 0.0, 1.0);
            stamp.alpha.push_back(quint32(std::lround(255 * cover)));
        }
    return stamp;
}

/// Premultiplied `red`, `green`, `blue` (0 to 255) at `alpha` over the pixel.
void blendOver(QRgb &pixel, quint32 red, quint32 green, quint32 blue, quint32 alpha)
{
    const quint32 rest = 255 - alpha;
    const auto mix = [&](quint32 under, quint32 over) {
        return (under * rest + over * alpha + 127) / 255;
    };
    pixel = QRgb((mix(pixel >> 24, 255) << 24) | (mix(pixel >> 16 & 255, red) << 16) |
                 (mix(pixel >> 8 & 255, green) << 8) | mix(pixel & 255, blue));
}

/// Of viridis (van der Walt and Smith, CC0), every eighth of the scale.
constexpr std::array<QRgb, 9> heatStops{0x440154, 0x472d7b, 0x3b528b, 0x2c728e, 0x21918c,
                                        0x28ae80, 0x5ec962, 0xaddc30, 0xfde725};

} // namespace

double markRadius(quint32 visible)
{
    if (visible <= 3'000) return 3.2;
    if (visible <= 20'000) return 2.4;
    if (visible <= 150'000) return 1.6;
    return visible <= 400'000 ? 1 : 0.5;
}

QImage pointImage(const PointGrid &points, const PlotRect &view, const QSize &size, double scale,
                  const std::vector<QColor> &colours, PlotMark mark, Raster &raster)
{
    QImage image(size, QImage::Format_ARGB32_Premultiplied);
    if (image.isNull()) return image;
    image.fill(Qt::transparent);
    std::vector<PlotColour> palette;
    for (const QColor &colour : colours)
        palette.push_back({quint8(colour.red()), quint8(colour.green()), quint8(colour.blue())});
    rasterise(points, view, size.width(), size.height(), palette, raster);
    const double radius = (mark == PlotMark::Ring ? std::max(2.6, markRadius(raster.visible) + 1)
                                                  : markRadius(raster.visible)) *
                          scale;
    const Stamp stamp = makeStamp(radius, mark, scale);
    // A lone point is plain to see; what lies on others makes it opaque soon.
    std::array<quint32, 32> opacity{};
    for (std::size_t i = 0; i < opacity.size(); ++i)
        opacity[i] = quint32(255 * (1 - 0.38 * std::exp(-double(i) / 4)));
    auto *all = reinterpret_cast<QRgb *>(image.bits()); // 4 bytes a pixel: lines follow each other
    for (int line = 0; line < raster.height; ++line) {
        const RasterCell *cells =
            raster.cells.data() + std::size_t(line) * std::size_t(raster.width);
        const int top = std::max(0, line - stamp.reach);
        const int bottom = std::min(raster.height - 1, line + stamp.reach);
        for (int column = 0; column < raster.width; ++column) {
            const RasterCell &cell = cells[column];
            if (cell.count == 0) continue;
            const quint32 red = cell.red / cell.count, green = cell.green / cell.count,
                          blue = cell.blue / cell.count;
            const quint32 opaque = opacity[std::min<std::size_t>(cell.count, opacity.size() - 1)];
            const int left = std::max(0, column - stamp.reach);
            const int right = std::min(raster.width - 1, column + stamp.reach);
            for (int y = top; y <= bottom; ++y) {
                QRgb *pixels = all + std::ptrdiff_t(y) * raster.width;
                const quint32 *alpha = stamp.alpha.data() + (y - line + stamp.reach) * stamp.side();
                for (int x = left; x <= right; ++x) {
                    const quint32 cover = alpha[x - column + stamp.reach];
                    if (cover != 0) blendOver(pixels[x], red, green, blue, cover * opaque / 255);
                }
            }
        }
    }
    return image;
}

QColor heatColour(double share)
{
    const double place = std::clamp(share, 0.0, 1.0) * double(heatStops.size() - 1);
    const auto below = std::min(std::size_t(place), heatStops.size() - 2);
    const double rest = place - double(below);
    const QColor a(heatStops[below]), b(heatStops[below + 1]);
    const auto mix = [rest](int from, int to) {
        return int(std::lround(from + (to - from) * rest));
    };
    return {mix(a.red(), b.red()), mix(a.green(), b.green()), mix(a.blue(), b.blue())};
}

double heatShare(const HeatGrid &heat, float median, bool log)
{
    double low = double(heat.least), high = double(heat.greatest), value = double(median);
    if (log && low > 0) {
        low = std::log(low);
        high = std::log(high);
        value = std::log(value);
    }
    return high > low ? (value - low) / (high - low) : 0.5;
}

QImage heatImage(const HeatGrid &heat, const PlotRect &view, const QSize &size, bool log)
{
    QImage image(size, QImage::Format_ARGB32_Premultiplied);
    if (image.isNull()) return image;
    image.fill(Qt::transparent);
    QPainter painter(&image);
    const double perX = size.width() / view.width(), perY = size.height() / view.height();
    // Borders on whole pixels, so that neighbours neither overlap nor gape.
    const auto x = [&](int column) {
        return int(std::lround((heat.left + column * heat.cellX - view.left) * perX));
    };
    const auto y = [&](int line) {
        return int(std::lround((view.top - heat.bottom - line * heat.cellY) * perY));
    };
    for (int line = 0; line < heat.lines; ++line)
        for (int column = 0; column < heat.columns; ++column) {
            const std::size_t cell =
                std::size_t(line) * std::size_t(heat.columns) + std::size_t(column);
            if (heat.counts[cell] == 0) continue;
            const QPoint topLeft(x(column), y(line + 1)), end(x(column + 1), y(line));
            painter.fillRect(QRect(topLeft, end - QPoint(1, 1)),
                             heatColour(heatShare(heat, heat.medians[cell], log)));
        }
    return image;
}

} // namespace atomnet
