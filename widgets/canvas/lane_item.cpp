#include "widgets/canvas/lane_item.h"

#include "widgets/common/theme.h"

#include <QCoreApplication>
#include <QFontMetricsF>
#include <QPainter>
#include <QStyleOptionGraphicsItem>

namespace atomnet
{
namespace
{
constexpr double textFrom = 0.22;
constexpr double detailFrom = 0.45;
} // namespace

void LaneItem::setGeometry(const StageBox &box, const CanvasMetrics &metrics)
{
    if (pos() != box.frame.topLeft()) setPos(box.frame.topLeft());
    const QRectF frame(QPointF(), box.frame.size());
    if (frame == m_frame && m_metrics.font == metrics.font) return;
    prepareGeometryChange();
    m_frame = frame;
    m_header = QRectF(QPointF(), box.header.size());
    m_metrics = metrics;
    update();
}

void LaneItem::setContent(const LaneContent &content)
{
    if (m_content == content) return;
    m_content = content;
    update();
}

void LaneItem::setMarked(bool selected)
{
    if (m_selected == selected) return;
    m_selected = selected;
    update();
}

void LaneItem::setHovered(bool hovered)
{
    if (m_hovered == hovered) return;
    m_hovered = hovered;
    update();
}

void LaneItem::paintMarks(QPainter &painter, const Theme &theme) const
{
    if (m_content.badge.count > 0) {
        paintBadge(painter, theme, m_metrics,
                   headerBadgeRect(m_header, m_metrics, m_content.badge.count), m_content.badge);
    }
    if (showsLock())
        paintLock(painter, theme, headerLockRect(m_header, m_metrics), m_content.locked);
}

void LaneItem::paint(QPainter *painter, const QStyleOptionGraphicsItem *, QWidget *)
{
    const Theme &theme = ThemeManager::instance().theme();
    const double zoom =
        QStyleOptionGraphicsItem::levelOfDetailFromTransform(painter->worldTransform());
    painter->setRenderHint(QPainter::Antialiasing);
    painter->setPen(QPen(m_selected ? theme.accent : theme.border, m_selected ? 2 : 1));
    painter->setBrush(blend(theme.window, theme.base, 0.5));
    painter->drawRoundedRect(m_frame, m_metrics.radius, m_metrics.radius);
    if (m_selected) {
        painter->setPen(Qt::NoPen);
        painter->setBrush(theme.selection);
        painter->drawRoundedRect(m_header, m_metrics.radius, m_metrics.radius);
    }
    paintMarks(*painter, theme);
    if (zoom < textFrom) return;

    const QRectF inner = m_header.adjusted(m_metrics.padding, m_metrics.padding / 2,
                                           -m_metrics.padding, -m_metrics.padding / 2);
    QFont bold = m_metrics.font;
    bold.setBold(true);
    const QFontMetricsF boldMetrics(bold), small(m_metrics.smallFont);
    // The marks stand behind the name; it keeps its place whether they are shown or not.
    const QRectF marks = m_content.badge.count > 0
                             ? headerBadgeRect(m_header, m_metrics, m_content.badge.count)
                             : headerLockRect(m_header, m_metrics);
    const QRectF first(inner.topLeft(),
                       QPointF(marks.left() - m_metrics.padding / 3, inner.top() + m_metrics.line));
    painter->setFont(bold);
    painter->setPen(theme.text);
    painter->drawText(first, Qt::AlignLeft | Qt::AlignVCenter,
                      boldMetrics.elidedText(m_content.name, Qt::ElideRight, first.width()));
    if (zoom < detailFrom) return;
    QRectF second(inner.left(), first.bottom(), inner.width(), m_metrics.smallLine);
    painter->setFont(m_metrics.smallFont);
    painter->drawText(second, Qt::AlignLeft | Qt::AlignVCenter,
                      small.elidedText(m_content.size, Qt::ElideRight, second.width()));
    second.setLeft(second.left() + small.horizontalAdvance(m_content.size) + m_metrics.padding / 2);
    painter->setPen(theme.mutedText);
    painter->drawText(second, Qt::AlignRight | Qt::AlignVCenter,
                      small.elidedText(m_content.channels, Qt::ElideRight, second.width()));
    if (m_content.empty) {
        const QRectF room = m_frame.adjusted(m_metrics.padding, m_header.height(),
                                             -m_metrics.padding, -m_metrics.padding);
        painter->drawText(room, Qt::AlignCenter | Qt::TextWordWrap,
                          QCoreApplication::translate("atomnet::Canvas", "Drag a block here"));
    }
}

} // namespace atomnet
