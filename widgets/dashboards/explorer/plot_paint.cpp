#include "widgets/dashboards/explorer/plot_paint.h"

#include "widgets/dashboards/explorer/plot_images.h"

#include <QPainter>
#include <QPainterPath>

#include <algorithm>
#include <cmath>

namespace atomnet
{

namespace
{

constexpr double gap = 6, swatch = 8, pixelsALabelX = 64, pixelsALabelY = 26;
constexpr double heatBar = 90;

double lineHeight(const QFont &font)
{
    return std::ceil(QFontMetricsF(font).height());
}

double widthOf(const QString &text, const QFont &font)
{
    return std::ceil(QFontMetricsF(font).horizontalAdvance(text));
}

std::vector<AxisTick> ticksX(const PlotGeometry &geometry, const PlotModel &model)
{
    return axisTicks(geometry.view.left, geometry.view.right, model.x.log,
                     int(geometry.area.width() / pixelsALabelX));
}

std::vector<AxisTick> ticksY(const PlotRect &view, double height, const PlotModel &model)
{
    return axisTicks(view.bottom, view.top, model.y.log, int(height / pixelsALabelY));
}

/// Half pixels, so that thin lines are one pixel wide.
double crisp(double at)
{
    return std::floor(at) + 0.5;
}

void paintLines(QPainter &painter, const PlotGeometry &geometry, const PlotModel &model,
                const Theme &theme, const QFont &font)
{
    painter.save();
    painter.setClipRect(geometry.area);
    painter.setRenderHint(QPainter::Antialiasing);
    const QFontMetricsF metrics(font);
    for (const PlotLine &line : model.lines) {
        if (line.corners.size() < 2) continue;
        std::vector<QPointF> corners = line.corners;
        if (line.endless) { // to where it leaves the view on both sides
            const QPointF d = corners[1] - corners[0];
            const double far =
                4 * (std::abs(geometry.view.width() / (d.x() != 0 ? d.x() : 1)) +
                     std::abs(geometry.view.height() / (d.y() != 0 ? d.y() : 1)) + 1);
            corners = {corners[0] - d * far, corners[0] + d * far};
        }
        QPainterPath path(geometry.toPixels(corners[0].x(), corners[0].y()));
        for (std::size_t i = 1; i < corners.size(); ++i)
            path.lineTo(geometry.toPixels(corners[i].x(), corners[i].y()));
        QColor halo = theme.base;
        halo.setAlphaF(0.7F);
        painter.setBrush(Qt::NoBrush);
        painter.setPen(QPen(halo, 3.5));
        painter.drawPath(path);
        painter.setPen(QPen(theme.text, 1.3, line.dashed ? Qt::DashLine : Qt::SolidLine));
        painter.drawPath(path);
        if (line.text.isEmpty()) continue;
        QPointF end = geometry.toPixels(line.corners.back().x(), line.corners.back().y());
        QRectF text(0, 0, widthOf(line.text, font) + 8, metrics.height());
        text.moveBottomRight(QPointF(std::min(end.x(), geometry.area.right() - 4), end.y() - 3));
        text.moveLeft(std::max(text.left(), geometry.area.left() + 4));
        text.moveTop(std::clamp(
            text.top(), geometry.area.top() + 2,
            std::max(geometry.area.top() + 2, geometry.area.bottom() - text.height() - 2)));
        halo.setAlphaF(0.85F);
        painter.fillRect(text, halo);
        painter.setPen(theme.text);
        painter.drawText(text, Qt::AlignCenter, line.text);
    }
    painter.restore();
}

void paintHeader(QPainter &painter, const PlotGeometry &geometry, const PlotModel &model,
                 const Theme &theme, const QFont &font, double width)
{
    const double height = lineHeight(font);
    painter.setPen(theme.mutedText);
    double x = gap;
    const double title = widthOf(model.y.title, font);
    painter.drawText(QRectF(x, 3, title, height), Qt::AlignLeft | Qt::AlignVCenter, model.y.title);
    x += title + 3 * gap;
    double end = width - gap;
    if (model.heat) // the scale's title and its two figures
        end -= heatBar + widthOf(model.heat->scale.title, font) +
               widthOf(QStringLiteral("median 0.0001 100.5 k"), font) + 8 * gap;
    const double summary = widthOf(model.summary, font);
    double legend = 0;
    for (const PlotLegend &entry : model.legend)
        legend += swatch + 4 + widthOf(entry.text, font) + 2 * gap;
    // The figures matter more than the legend, which the filters show as well.
    if (x + summary <= end) {
        painter.drawText(QRectF(end - summary, 3, summary, height),
                         Qt::AlignRight | Qt::AlignVCenter, model.summary);
        end -= summary + 2 * gap;
    }
    for (const PlotLegend &entry : model.legend) {
        const double needed = swatch + 4 + widthOf(entry.text, font);
        if (x + needed > end) break;
        const QRectF box(x, 3 + std::round((height - swatch) / 2), swatch, swatch);
        painter.setRenderHint(QPainter::Antialiasing);
        painter.setPen(entry.hollow ? QPen(entry.colour, 1.5) : QPen(Qt::NoPen));
        painter.setBrush(entry.hollow ? QBrush(Qt::NoBrush) : QBrush(entry.colour));
        painter.drawEllipse(entry.hollow ? box.adjusted(0.5, 0.5, -0.5, -0.5) : box);
        painter.setPen(theme.text);
        painter.drawText(QRectF(x + swatch + 4, 3, needed, height),
                         Qt::AlignLeft | Qt::AlignVCenter, entry.text);
        x += needed + 2 * gap;
    }
    Q_UNUSED(geometry);
}

} // namespace

PlotRect PlotModel::extent() const
{
    PlotRect all;
    bool any = false;
    const auto include = [&](double left, double right, double bottom, double top) {
        all = any ? PlotRect{std::min(all.left, left), std::max(all.right, right),
                             std::min(all.bottom, bottom), std::max(all.top, top)}
                  : PlotRect{left, right, bottom, top};
        any = true;
    };
    for (const PointGrid *grid : {&points, &gaps})
        if (!grid->isEmpty()) {
            const PlotRect &b = grid->bounds();
            include(b.left, b.right, b.bottom, b.top);
        }
    for (const PlotLine &line : lines)
        if (any && !line.endless)
            for (const QPointF &corner : line.corners)
                include(corner.x(), corner.x(), corner.y(), corner.y());
    const auto widen = [](double &low, double &high) {
        const double span = high - low;
        const double margin = span > 0 ? 0.04 * span : std::max(0.5, std::abs(low) * 0.1);
        low -= margin;
        high += margin;
    };
    widen(all.left, all.right);
    widen(all.bottom, all.top);
    return all;
}

QRectF plotArea(const PlotModel &model, const QSizeF &size, const PlotRect &view, const QFont &font)
{
    const double line = lineHeight(font);
    const double top = line + 8, bottom = size.height() - line - 6;
    double label = widthOf(QStringLiteral("0.00"), font);
    for (const AxisTick &tick : ticksY(view, bottom - top, model))
        label = std::max(label, widthOf(tick.text, font));
    const double left = label + 2 * gap;
    return {left, top, std::max(10.0, size.width() - left - 2 * gap), std::max(10.0, bottom - top)};
}

void paintGrid(QPainter &painter, const PlotGeometry &geometry, const PlotModel &model,
               const Theme &theme)
{
    const QRectF &area = geometry.area;
    QColor faint = theme.grid;
    faint.setAlphaF(0.5F);
    for (const AxisTick &tick : ticksX(geometry, model)) {
        painter.setPen(tick.text.isEmpty() ? faint : theme.grid);
        const double x = crisp(geometry.toPixels(tick.at, 0).x());
        painter.drawLine(QPointF(x, area.top()), QPointF(x, area.bottom()));
    }
    for (const AxisTick &tick : ticksY(geometry.view, area.height(), model)) {
        painter.setPen(tick.text.isEmpty() ? faint : theme.grid);
        const double y = crisp(geometry.toPixels(0, tick.at).y());
        painter.drawLine(QPointF(area.left(), y), QPointF(area.right(), y));
    }
}

void paintAxes(QPainter &painter, const PlotGeometry &geometry, const PlotModel &model,
               const Theme &theme, const QFont &font, double width)
{
    const QRectF &area = geometry.area;
    painter.setFont(font);
    paintLines(painter, geometry, model, theme, font);
    painter.setPen(theme.border);
    painter.setBrush(Qt::NoBrush);
    painter.setRenderHint(QPainter::Antialiasing, false);
    painter.drawRect(QRectF(crisp(area.left()), crisp(area.top()), std::floor(area.width()),
                            std::floor(area.height())));
    const double line = lineHeight(font);
    const QString title = model.x.title;
    const double titleLeft = area.right() - widthOf(title, font);
    painter.setPen(theme.mutedText);
    painter.drawText(QRectF(titleLeft, area.bottom() + 3, area.right() - titleLeft, line),
                     Qt::AlignRight | Qt::AlignVCenter, title);
    painter.setPen(theme.text);
    double free = area.left() - 3 * gap;
    for (const AxisTick &tick : ticksX(geometry, model)) {
        if (tick.text.isEmpty()) continue;
        const double x = geometry.toPixels(tick.at, 0).x(), half = widthOf(tick.text, font) / 2;
        if (x - half < free || x + half > titleLeft - 2 * gap) continue;
        painter.drawText(QRectF(x - half, area.bottom() + 3, 2 * half, line), Qt::AlignCenter,
                         tick.text);
        free = x + half + gap;
    }
    for (const AxisTick &tick : ticksY(geometry.view, area.height(), model)) {
        if (tick.text.isEmpty()) continue;
        const double y = std::clamp(geometry.toPixels(0, tick.at).y(), area.top() + line / 2 - 2,
                                    area.bottom() - line / 2 + 2);
        painter.drawText(QRectF(0, y - line / 2, area.left() - gap, line),
                         Qt::AlignRight | Qt::AlignVCenter, tick.text);
    }
    paintHeader(painter, geometry, model, theme, font, width);
}

void paintHeatScale(QPainter &painter, const PlotGeometry &geometry, const PlotModel &model,
                    const HeatGrid &heat, const Theme &theme, const QFont &font)
{
    if (!model.heat || std::isnan(heat.least)) return;
    const double line = lineHeight(font);
    const QString low = axisText(double(heat.least), 3), high = axisText(double(heat.greatest), 3);
    double x = geometry.area.right();
    painter.setFont(font);
    painter.setPen(theme.text);
    const double highWidth = widthOf(high, font), lowWidth = widthOf(low, font);
    painter.drawText(QRectF(x - highWidth, 3, highWidth, line), Qt::AlignVCenter, high);
    x -= highWidth + gap + heatBar;
    const QRectF bar(x, 3 + std::round((line - swatch) / 2), heatBar, swatch);
    QLinearGradient gradient(bar.topLeft(), bar.topRight());
    constexpr int stops = 16;
    for (int i = 0; i <= stops; ++i)
        gradient.setColorAt(double(i) / stops, heatColour(double(i) / stops));
    painter.fillRect(bar, gradient);
    x -= gap + lowWidth;
    painter.drawText(QRectF(x, 3, lowWidth, line), Qt::AlignVCenter, low);
    const QString title = QStringLiteral("median %1").arg(model.heat->scale.title);
    const double titleWidth = widthOf(title, font);
    painter.setPen(theme.mutedText);
    painter.drawText(QRectF(x - titleWidth - gap, 3, titleWidth, line), Qt::AlignVCenter, title);
}

void paintMark(QPainter &painter, const QPointF &at, bool strong, const Theme &theme)
{
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setBrush(Qt::NoBrush);
    const double radius = strong ? 7 : 6;
    painter.setPen(QPen(theme.base, strong ? 5 : 3.5));
    painter.drawEllipse(at, radius, radius);
    painter.setPen(QPen(strong ? theme.accent : theme.text, strong ? 2.5 : 1.5));
    painter.drawEllipse(at, radius, radius);
}

} // namespace atomnet
