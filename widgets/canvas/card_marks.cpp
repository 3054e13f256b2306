#include "widgets/canvas/card_marks.h"

#include <QFontMetricsF>
#include <QPainter>
#include <QPainterPath>

#include <algorithm>

namespace atomnet
{
namespace
{

constexpr double sideways = 0.25, downwards = 0.5; ///< parts of a mark that stand over the edge
constexpr double digitsRoom = 0.35;                ///< beside the count

QFont countFont(const CanvasMetrics &metrics)
{
    QFont font = metrics.smallFont;
    font.setBold(true);
    return font;
}

QString countText(int count)
{
    return count > 99 ? QStringLiteral("99+") : QString::number(count);
}

double badgeWidth(const CanvasMetrics &metrics, int count)
{
    const double side = metrics.smallLine;
    const double digits = QFontMetricsF(countFont(metrics)).horizontalAdvance(countText(count));
    return std::ceil(side + digits + digitsRoom * side);
}

void paintChip(QPainter &painter, const Theme &theme, const QRectF &rect, const QColor &edge)
{
    painter.setPen(QPen(edge, 1));
    painter.setBrush(theme.base);
    painter.drawRoundedRect(rect.adjusted(0.5, 0.5, -0.5, -0.5), rect.height() / 3,
                            rect.height() / 3);
}

} // namespace

QRectF lockRect(const QRectF &card, const CanvasMetrics &metrics)
{
    const double side = metrics.smallLine;
    return {card.right() - (1 - sideways) * side, card.bottom() - (1 - downwards) * side, side,
            side};
}

QRectF badgeRect(const QRectF &card, const CanvasMetrics &metrics, int count)
{
    const double side = metrics.smallLine;
    return {card.left() - sideways * side, card.bottom() - (1 - downwards) * side,
            badgeWidth(metrics, count), side};
}

QRectF headerLockRect(const QRectF &header, const CanvasMetrics &metrics)
{
    const double side = metrics.smallLine;
    return {header.right() - metrics.padding / 2 - side,
            header.top() + metrics.padding / 2 + (metrics.line - side) / 2, side, side};
}

QRectF headerBadgeRect(const QRectF &header, const CanvasMetrics &metrics, int count)
{
    const QRectF lock = headerLockRect(header, metrics);
    const double width = badgeWidth(metrics, count);
    return {lock.left() - metrics.padding / 3 - width, lock.top(), width, lock.height()};
}

double markOverhang(const CanvasMetrics &metrics)
{
    return std::max(sideways, downwards) * metrics.smallLine + 1;
}

void paintLock(QPainter &painter, const Theme &theme, const QRectF &rect, bool locked)
{
    const QColor color = locked ? theme.text : theme.mutedText;
    paintChip(painter, theme, rect, locked ? theme.text : theme.border);
    const double unit = rect.width() / 12;
    const QPointF c = rect.center();
    const QRectF body(c.x() - 3 * unit, c.y() - 0.5 * unit, 6 * unit, 4.5 * unit);
    // The shackle: down on both sides, or lifted out of the body on the right.
    const double top = c.y() - (locked ? 4 : 4.6) * unit;
    QPainterPath shackle(QPointF(c.x() - 2 * unit, body.top()));
    shackle.lineTo(c.x() - 2 * unit, top + 2 * unit);
    shackle.arcTo(QRectF(c.x() - 2 * unit, top, 4 * unit, 4 * unit), 180, -180);
    if (locked) shackle.lineTo(c.x() + 2 * unit, body.top());
    painter.setBrush(Qt::NoBrush);
    painter.setPen(QPen(color, 1.2 * unit, Qt::SolidLine, Qt::FlatCap));
    painter.drawPath(shackle);
    painter.setPen(locked ? Qt::NoPen : QPen(color, unit));
    painter.setBrush(locked ? QBrush(color) : Qt::NoBrush);
    painter.drawRoundedRect(body, unit, unit);
}

void paintBadge(QPainter &painter, const Theme &theme, const CanvasMetrics &metrics,
                const QRectF &rect, const LintBadge &badge)
{
    const QColor color = severityColor(theme, badge.worst);
    paintChip(painter, theme, rect, color);
    const double side = rect.height(), inset = 0.26 * side;
    const QRectF room =
        QRectF(rect.topLeft(), QSizeF(side, side)).adjusted(inset, inset, -inset, -inset);
    const bool round = badge.worst == LintSeverity::Info; // the others have less in their corners
    paintSeverity(painter, theme, round ? room : room.adjusted(-0.6, -0.6, 0.6, 0.6), badge.worst);
    painter.setFont(countFont(metrics));
    painter.setPen(theme.text);
    painter.drawText(rect.adjusted(side - inset / 2, 0, -digitsRoom * side / 2, 0), Qt::AlignCenter,
                     countText(badge.count));
}

} // namespace atomnet
