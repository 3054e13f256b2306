#include "widgets/dashboards/chart_painter.h"

#include <QFontMetricsF>
#include <QPainter>

#include <algorithm>
#include <cmath>

namespace atomnet
{

namespace
{

constexpr double swatch = 10;   ///< side of a legend's box
constexpr double swatchGap = 5; ///< between box and text
constexpr double entryGap = 14; ///< between legend entries
constexpr double headerPad = 4; ///< above and below the header

double crisp(double v)
{
    return std::floor(v) + 0.5;
}

/// Behind text that may lie over bars.
QColor plate(const Theme &theme)
{
    QColor color = theme.base;
    color.setAlphaF(0.8f);
    return color;
}

void paintSwatch(QPainter &painter, const QRectF &box, const LegendEntry &entry)
{
    const double middle = crisp(box.center().y());
    switch (entry.shape) {
    case LegendEntry::Shape::Box:
        painter.setPen(entry.fill.style() == Qt::SolidPattern ? QPen(Qt::NoPen)
                                                              : QPen(entry.fill.color(), 1));
        painter.setBrush(entry.fill);
        painter.drawRect(box);
        break;
    case LegendEntry::Shape::Outline:
        painter.setPen(QPen(entry.color, 1, Qt::DashLine));
        painter.setBrush(Qt::NoBrush);
        painter.drawRect(box.adjusted(0.5, 0.5, -0.5, -0.5));
        break;
    case LegendEntry::Shape::Line:
        painter.setPen(QPen(entry.color, 2));
        painter.drawLine(QPointF(box.left() - 1, middle), QPointF(box.right() + 1, middle));
        break;
    case LegendEntry::Shape::Tick:
        painter.setPen(QPen(entry.color, 2, Qt::DotLine));
        painter.drawLine(QPointF(box.left() - 1, middle), QPointF(box.right() + 1, middle));
        break;
    case LegendEntry::Shape::Interval: {
        const double x = crisp(box.center().x());
        painter.setPen(QPen(entry.color, 1));
        painter.drawLine(QPointF(x, box.top()), QPointF(x, box.bottom()));
        painter.drawLine(QPointF(x - 3, box.top()), QPointF(x + 3, box.top()));
        painter.drawLine(QPointF(x - 3, box.bottom()), QPointF(x + 3, box.bottom()));
        break;
    }
    }
}

/// Calls `paint(left, right)` for every run of neighbouring layers: no seams between translucent
/// columns.
template <class Paint>
void forRuns(const PlotMap &map, const std::vector<int> &layers, Paint paint)
{
    for (std::size_t i = 0; i < layers.size();) {
        std::size_t end = i + 1;
        while (end < layers.size() && layers[end] == layers[end - 1] + 1)
            ++end;
        if (layers[i] >= 0 && layers[end - 1] < map.layers)
            paint(map.left(layers[i]), map.left(layers[end - 1] + 1));
        i = end;
    }
}

void paintColumns(QPainter &painter, const PlotMap &map, const std::vector<int> &layers,
                  const QColor &color)
{
    forRuns(map, layers, [&](double left, double right) {
        painter.fillRect(QRectF(left, map.area.top(), right - left, map.area.height()), color);
    });
}

void paintUnderline(QPainter &painter, const PlotMap &map, const std::vector<int> &layers,
                    const QPen &pen)
{
    painter.setPen(pen);
    const double y = map.area.bottom() + pen.widthF() / 2;
    forRuns(map, layers, [&](double left, double right) {
        painter.drawLine(QPointF(left, y), QPointF(right, y));
    });
}

void paintWhisker(QPainter &painter, const PlotMap &map, const Whisker &whisker)
{
    const double low = map.y(whisker.low), high = map.y(whisker.high);
    if (low - high < 2) return; // would only smear the bar's edge
    const double x = crisp(map.centre(whisker.layer));
    const double cap = std::clamp(map.pitch() * 0.25, 0.0, 5.0);
    painter.drawLine(QPointF(x, low), QPointF(x, high));
    if (cap < 1) return;
    painter.drawLine(QPointF(x - cap, crisp(low)), QPointF(x + cap, crisp(low)));
    painter.drawLine(QPointF(x - cap, crisp(high)), QPointF(x + cap, crisp(high)));
}

void paintMissing(QPainter &painter, const PlotMap &map, int layer, const Theme &theme,
                  const QFont &font)
{
    const double height = std::min(18.0, map.area.height() * 0.4);
    const double width = std::max(2.0, map.pitch() * 0.8);
    const QRectF box(map.centre(layer) - width / 2, map.area.bottom() - height, width, height);
    painter.setBrush(Qt::NoBrush);
    painter.setPen(QPen(theme.fitOver, 1, Qt::DashLine));
    painter.drawRect(box);
    if (QFontMetricsF(font).horizontalAdvance(u'?') > box.width() - 2) return;
    painter.setPen(theme.fitOver);
    painter.drawText(box, Qt::AlignCenter, QStringLiteral("?"));
}

void paintPeak(QPainter &painter, const PlotMap &map, const Decoration &decoration,
               const Theme &theme, const QFont &font)
{
    if (decoration.peak < 0 || decoration.peak >= map.layers) return;
    // A small triangle on the axis: above the bar it would hide the interval's cap.
    const double x = map.centre(decoration.peak), y = map.area.bottom();
    painter.setPen(Qt::NoPen);
    painter.setBrush(theme.text);
    painter.drawPolygon(
        QPolygonF({QPointF(x, y - 1), QPointF(x - 4, y + 5), QPointF(x + 4, y + 5)}));
    if (decoration.peakText.isEmpty()) return;
    const QFontMetricsF metrics(font);
    const double top = map.y(decoration.peakTop);
    const double width = std::ceil(metrics.horizontalAdvance(decoration.peakText)) + 6;
    if (width > map.area.width()) return;
    QRectF text(x - width / 2, top - metrics.height() - 3, width, metrics.height());
    if (text.top() < map.area.top()) text.moveTo(x + 8, map.area.top() + 1);
    if (text.right() > map.area.right()) text.moveRight(map.area.right());
    if (text.left() < map.area.left()) text.moveLeft(map.area.left());
    painter.fillRect(text, plate(theme));
    painter.setPen(theme.text);
    painter.drawText(text, Qt::AlignCenter, decoration.peakText);
}

void paintLimit(QPainter &painter, const PlotMap &map, const Decoration &decoration,
                const Theme &theme, const QFont &font)
{
    if (!decoration.limit) return;
    const double y = crisp(map.y(*decoration.limit));
    painter.setPen(QPen(theme.limitLine, 1.5));
    painter.drawLine(QPointF(map.area.left(), y), QPointF(map.area.right(), y));
    if (decoration.limitText.isEmpty()) return;
    const QFontMetricsF metrics(font);
    const double width = std::ceil(metrics.horizontalAdvance(decoration.limitText)) + 6;
    QRectF text(map.area.right() - width, y - metrics.height() - 1, width, metrics.height());
    if (text.top() < map.area.top()) text.moveTop(y + 2);
    painter.fillRect(text, plate(theme));
    painter.setPen(theme.limitLine);
    painter.drawText(text, Qt::AlignCenter, decoration.limitText);
}

} // namespace

HeaderLayout layoutHeader(const Decoration &decoration, double width, double left, double right,
                          const QFont &font)
{
    const QFontMetricsF metrics(font);
    const double row = std::ceil(metrics.height()) + 2;
    HeaderLayout layout;
    layout.unit = QRectF(0, headerPad, left - 6, row);
    double x = left, y = headerPad;
    const double end = width - right;
    const bool wideUnit = metrics.horizontalAdvance(decoration.unit) > layout.unit.width();
    if (wideUnit) { // "k instructions" is wider than the axis: it takes the legend's first place
        layout.unit =
            QRectF(2, headerPad, std::ceil(metrics.horizontalAdvance(decoration.unit)), row);
        x = std::max(x, layout.unit.right() + entryGap);
    }
    for (const LegendEntry &entry : decoration.legend) {
        const double needed = swatch + swatchGap + std::ceil(metrics.horizontalAdvance(entry.text));
        if (x > left && x + needed > end) {
            x = left;
            y += row;
        }
        layout.entries.append(QRectF(x, y, needed, row));
        x += needed + entryGap;
    }
    const double summary = std::ceil(metrics.horizontalAdvance(decoration.summary));
    if (y == headerPad && summary > 0 && x + summary <= end)
        layout.summary = QRectF(end - summary, headerPad, summary, row);
    layout.height = y + row + headerPad;
    return layout;
}

void paintBehind(QPainter &painter, const PlotMap &map, const Decoration &decoration,
                 const Marks &marks, const Theme &theme)
{
    if (decoration.limit && decoration.available && *decoration.available < *decoration.limit) {
        const double top = map.y(*decoration.limit), bottom = map.y(*decoration.available);
        painter.setPen(Qt::NoPen);
        painter.setBrush(QBrush(theme.reserveBand, Qt::BDiagPattern));
        painter.drawRect(QRectF(map.area.left(), top, map.area.width(), bottom - top));
        painter.setPen(QPen(theme.reserveBand, 1));
        painter.drawLine(QPointF(map.area.left(), crisp(bottom)),
                         QPointF(map.area.right(), crisp(bottom)));
    }
    painter.setPen(QPen(theme.border, 1));
    for (const LayerAxis::Span &stage : decoration.axis.stages) {
        if (stage.first == 0) continue;
        const double x = crisp(map.left(stage.first));
        painter.drawLine(QPointF(x, map.area.top()), QPointF(x, map.area.bottom() + 4));
    }
    paintColumns(painter, map, marks.hovered, theme.hover);
    // Faint for the block, so that light bars stand out from it; stronger for the one layer.
    QColor faint = theme.selection;
    faint.setAlphaF(faint.alphaF() / 2);
    paintColumns(painter, map, marks.selected, faint);
    if (marks.layer >= 0) paintColumns(painter, map, {marks.layer}, theme.selection);
}

void paintFront(QPainter &painter, const PlotMap &map, const Decoration &decoration,
                const Marks &marks, const Theme &theme, const QFont &font)
{
    painter.setFont(font);
    painter.setPen(QPen(theme.border, 1));
    painter.drawLine(QPointF(map.area.left(), crisp(map.area.bottom())),
                     QPointF(map.area.right(), crisp(map.area.bottom())));

    QColor band = theme.text;
    band.setAlphaF(0.18f);
    for (const Whisker &each : decoration.bands) {
        const double half = std::max(0.5, map.pitch() * 0.4);
        painter.fillRect(QRectF(QPointF(map.centre(each.layer) - half, map.y(each.high)),
                                QPointF(map.centre(each.layer) + half, map.y(each.low))),
                         band);
    }
    if (map.pitch() >= 8) { // a halo keeps the lines visible on dark bars, where there is room
        QColor halo = theme.base;
        halo.setAlphaF(0.7f);
        painter.setPen(QPen(halo, 3));
        for (const Whisker &whisker : decoration.whiskers)
            paintWhisker(painter, map, whisker);
    }
    painter.setPen(QPen(blend(theme.base, theme.text, 0.85), 1));
    for (const Whisker &whisker : decoration.whiskers)
        paintWhisker(painter, map, whisker);

    painter.setPen(QPen(theme.text, 2, Qt::DotLine));
    for (const Ghost &ghost : decoration.ghosts) {
        const double y = crisp(map.y(ghost.value)), half = std::max(1.0, map.pitch() * 0.45);
        painter.drawLine(QPointF(map.centre(ghost.layer) - half, y),
                         QPointF(map.centre(ghost.layer) + half, y));
    }
    painter.setPen(theme.text);
    for (const AxisLabel &label : placeBarLabels(decoration.barLabels, map, font)) {
        painter.fillRect(label.rect, plate(theme));
        painter.drawText(label.rect, Qt::AlignCenter, label.text);
    }
    for (const int layer : decoration.missing)
        paintMissing(painter, map, layer, theme, font);
    paintLimit(painter, map, decoration, theme, font);
    paintPeak(painter, map, decoration, theme, font);

    paintUnderline(painter, map, marks.selected, QPen(theme.accent, 2, Qt::SolidLine, Qt::FlatCap));
    if (marks.layer >= 0)
        paintUnderline(painter, map, {marks.layer},
                       QPen(theme.accent, 5, Qt::SolidLine, Qt::FlatCap));

    if (!decoration.message.isEmpty())
        paintMessage(painter, map.area, decoration.message, true, theme, font);

    const AxisLabels labels = placeLabels(decoration.axis, map, font);
    painter.setPen(theme.mutedText);
    for (const AxisLabel &label : labels.upper)
        painter.drawText(label.rect, Qt::AlignCenter, label.text);
    painter.setPen(theme.text);
    for (const AxisLabel &label : labels.lower)
        painter.drawText(label.rect, Qt::AlignCenter, label.text);
}

void paintHeader(QPainter &painter, const HeaderLayout &layout, const Decoration &decoration,
                 const Theme &theme, const QFont &font)
{
    painter.setFont(font);
    painter.setPen(theme.mutedText);
    painter.drawText(layout.unit, Qt::AlignRight | Qt::AlignVCenter, decoration.unit);
    for (qsizetype i = 0; i < layout.entries.size(); ++i) {
        const LegendEntry &entry = decoration.legend[i];
        const QRectF &rect = layout.entries[i];
        paintSwatch(painter,
                    QRectF(rect.left(), std::round(rect.center().y() - swatch / 2), swatch, swatch),
                    entry);
        painter.setPen(theme.text);
        painter.drawText(rect.adjusted(swatch + swatchGap, 0, 0, 0),
                         Qt::AlignLeft | Qt::AlignVCenter, entry.text);
    }
    if (layout.summary.isNull()) return;
    painter.setPen(theme.text);
    painter.drawText(layout.summary, Qt::AlignRight | Qt::AlignVCenter, decoration.summary);
}

void paintMessage(QPainter &painter, const QRectF &area, const QString &sentence, bool plate,
                  const Theme &theme, const QFont &font)
{
    painter.setFont(font);
    const int flags = Qt::AlignCenter | Qt::TextWordWrap;
    const QRectF inner = area.adjusted(16, 4, -16, -4);
    if (plate) {
        const QRectF text = painter.boundingRect(inner, flags, sentence).adjusted(-10, -5, 10, 5);
        painter.setPen(QPen(theme.border, 1));
        painter.setBrush(theme.base);
        painter.drawRoundedRect(text, 4, 4);
    }
    painter.setPen(plate ? theme.text : theme.mutedText);
    painter.drawText(inner, flags, sentence);
}

} // namespace atomnet
