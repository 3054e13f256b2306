#include "widgets/common/figure_font.h"
#include "widgets/common/theme.h"
#include "widgets/dashboards/search/front_colours.h"
#include "widgets/dashboards/search/front_plot.h"

#include <QPainter>
#include <QPainterPath>

#include <cmath>

// How the front is painted around its dots.
namespace atomnet
{

void FrontPlot::paintEvent(QPaintEvent *)
{
    const Theme &theme = ThemeManager::instance().theme();
    QPainter painter(this);
    painter.fillRect(rect(), theme.base);
    painter.setFont(figureFont(font()));
    if (!m_front || (m_front->empty() && !m_whole)) {
        painter.setPen(theme.mutedText);
        painter.drawText(rect().adjusted(16, 8, -16, -8), Qt::AlignCenter | Qt::TextWordWrap,
                         m_front ? QStringLiteral("No network is within the limits.") : m_hint);
        return;
    }
    if (m_stale) draw();
    paintAxes(painter);
    painter.drawImage(area().topLeft(), m_image);
    paintLimits(painter);
    paintMarks(painter);
    paintLegend(painter);
}

void FrontPlot::paintAxes(QPainter &painter) const
{
    const Theme &theme = ThemeManager::instance().theme();
    const QRectF box = area();
    const int line = fontMetrics().height();
    const auto ticks = [](const FrontAxis &axis) {
        std::vector<double> values;
        const int most = 12; // steps are a quarter of the span or more
        double value = std::ceil(axis.low / axis.step) * axis.step;
        for (int i = 0; i < most && value <= axis.high; ++i, value += axis.step)
            values.push_back(value);
        return values;
    };
    for (const double value : ticks(m_x)) {
        const double x = box.left() + (value - m_x.low) / (m_x.high - m_x.low) * box.width();
        painter.setPen(theme.grid);
        painter.drawLine(QPointF(x, box.top()), QPointF(x, box.bottom()));
        painter.setPen(theme.mutedText);
        painter.drawText(QRectF(x - 40, box.bottom() + 1, 80, line), Qt::AlignCenter,
                         axisLabel(m_x, value, m_unit));
    }
    for (const double value : ticks(m_y)) {
        const double y = box.bottom() - (value - m_y.low) / (m_y.high - m_y.low) * box.height();
        painter.setPen(theme.grid);
        painter.drawLine(QPointF(box.left(), y), QPointF(box.right(), y));
        painter.setPen(theme.mutedText);
        painter.drawText(QRectF(0, y - line / 2.0, box.left() - 4, line),
                         Qt::AlignRight | Qt::AlignVCenter, axisLabel(m_y, value, m_unit));
    }
    painter.setPen(theme.border);
    painter.drawLine(box.bottomLeft(), box.bottomRight());
    painter.drawLine(box.bottomLeft(), box.topLeft());
    painter.setPen(theme.text);
    painter.drawText(QRectF(box.left(), box.bottom() + line, box.width(), line), Qt::AlignCenter,
                     axisTitle(m_x, m_unit));
    painter.save();
    painter.translate(line / 2.0 + 1, box.center().y());
    painter.rotate(-90);
    painter.drawText(QRectF(-box.height() / 2 - 10, -line / 2.0, box.height() + 20, line),
                     Qt::AlignCenter, axisTitle(m_y, m_unit));
    painter.restore();
}

void FrontPlot::paintLimits(QPainter &painter) const
{
    const Theme &theme = ThemeManager::instance().theme();
    const QRectF box = area();
    painter.save();
    painter.setClipRect(box.adjusted(-1, -1, 1, 1));
    painter.setRenderHint(QPainter::Antialiasing);
    if (m_edge.size() > 1) { // what the limits leave, as a staircase of the best
        QPainterPath path;
        for (std::size_t i = 0; i < m_edge.size(); ++i) {
            const QPointF at = placeOf((*m_front)[std::size_t(m_edge[i])]);
            if (i == 0)
                path.moveTo(at);
            else
                path.lineTo(at);
        }
        QColor soft = theme.text;
        soft.setAlphaF(0.45f);
        painter.setPen(QPen(soft, 1));
        painter.drawPath(path);
    }
    painter.setPen(QPen(theme.limitLine, 1.5, Qt::DashLine));
    if (const auto limit = limitOf(m_limits, m_x.figure)) {
        const double x = place(*limit, 0).x();
        painter.drawLine(QPointF(x, box.top()), QPointF(x, box.bottom()));
    }
    if (const auto limit = limitOf(m_limits, m_y.figure)) {
        const double y = place(0, *limit).y();
        painter.drawLine(QPointF(box.left(), y), QPointF(box.right(), y));
    }
    painter.restore();
}

void FrontPlot::paintMarks(QPainter &painter) const
{
    const Theme &theme = ThemeManager::instance().theme();
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setClipRect(area().adjusted(-6, -6, 6, 6));
    const auto ring = [&](QPointF at, double radius, const QColor &colour) {
        painter.setBrush(Qt::NoBrush);
        painter.setPen(QPen(theme.base, 4));
        painter.drawEllipse(at, radius, radius);
        painter.setPen(QPen(colour, 2));
        painter.drawEllipse(at, radius, radius);
    };
    if (m_present) { // a diamond
        const QPointF at = place(*m_present);
        painter.setPen(QPen(theme.base, 1.5));
        painter.setBrush(theme.accent);
        painter.drawPolygon(QPolygonF{{at.x() - 6, at.y()},
                                      {at.x(), at.y() - 6},
                                      {at.x() + 6, at.y()},
                                      {at.x(), at.y() + 6}});
    }
    if (m_optimum) { // a disc
        painter.setPen(QPen(theme.base, 1.5));
        painter.setBrush(theme.text);
        painter.drawEllipse(place(*m_optimum), 5, 5);
    }
    if (m_chosen) ring(place(*m_chosen), 7, theme.text);
    if (m_hovered >= 0 && m_front && std::size_t(m_hovered) < m_front->size())
        ring(placeOf((*m_front)[std::size_t(m_hovered)]), 5, theme.accent);
    painter.restore();
}

/// The colours' scale and the marks, in the corner where nothing better lies.
void FrontPlot::paintLegend(QPainter &painter) const
{
    const Theme &theme = ThemeManager::instance().theme();
    const QFontMetrics metrics(painter.font());
    const QRectF box = area();
    const int line = metrics.height();
    const QString low = figureText(m_colour, m_colourLow, m_unit);
    const QString high = figureText(m_colour, m_colourHigh, m_unit);
    const QString name = figureName(m_colour);
    const int bar = 48;
    const int width = std::max(metrics.horizontalAdvance(name + low + high) + bar + 16, 130);
    const bool right = lessIsBetter(m_x.figure); // the good corner stays free
    const bool bottom = m_y.figure == Figure::Macs;
    const int rows = 1 + int(m_present.has_value()) + int(m_optimum.has_value());
    QRectF legend(right ? box.right() - width - 4 : box.left() + 6, 0, width, rows * line + 4);
    legend.moveTop(bottom ? box.bottom() - legend.height() - 4 : box.top() + 4);
    if (legend.width() > 0.75 * box.width() || legend.height() > 0.5 * box.height()) return;
    QColor ground = theme.base;
    ground.setAlphaF(0.82f);
    painter.fillRect(legend, ground);
    double y = legend.top() + 2;
    if (!m_front->empty()) {
        double x = legend.left() + 2;
        const auto text = [&](const QString &words, const QColor &colour) {
            painter.setPen(colour);
            painter.drawText(QPointF(x, y + metrics.ascent()), words);
            x += metrics.horizontalAdvance(words) + 4;
        };
        text(name, theme.text);
        text(low, theme.mutedText);
        for (int i = 0; i < bar; ++i)
            painter.fillRect(QRectF(x + i, y + 3, 1, line - 6),
                             QColor::fromRgb(scaleColour(double(i) / (bar - 1), theme)));
        x += bar + 4;
        text(high, theme.mutedText);
    }
    painter.setRenderHint(QPainter::Antialiasing);
    const auto entry = [&](bool diamond, const QString &words) {
        y += line;
        const QPointF at(legend.left() + 8, y + line / 2.0);
        painter.setPen(Qt::NoPen);
        painter.setBrush(diamond ? theme.accent : theme.text);
        if (diamond)
            painter.drawPolygon(QPolygonF{{at.x() - 5, at.y()},
                                          {at.x(), at.y() - 5},
                                          {at.x() + 5, at.y()},
                                          {at.x(), at.y() + 5}});
        else
            painter.drawEllipse(at, 4, 4);
        painter.setPen(theme.text);
        painter.drawText(QPointF(legend.left() + 18, y + metrics.ascent()), words);
    };
    if (m_optimum) entry(false, QStringLiteral("best"));
    if (m_present) entry(true, QStringLiteral("your design"));
}

} // namespace atomnet
