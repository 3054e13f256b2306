#include "widgets/canvas/card_item.h"

#include <QCoreApplication>
#include <QFontMetricsF>
#include <QPainter>
#include <QStyleOptionGraphicsItem>

namespace atomnet
{
namespace
{
// Below these zooms text would be noise: the details go first, then all of it.
constexpr double detailFrom = 0.45;
constexpr double textFrom = 0.22;
constexpr double outline = 2;
constexpr double stackOffset = 3;
} // namespace

QRectF CardItem::boundingRect() const
{
    const double above = m_metrics.smallLine; // the peak mark stands on the edge
    const double marks = markOverhang(m_metrics);
    return cardRect().adjusted(-outline - marks, -above, outline + stackOffset + marks,
                               outline + stackOffset + marks);
}

void CardItem::setGeometry(const QRectF &rect, const CanvasMetrics &metrics)
{
    if (pos() != rect.topLeft()) setPos(rect.topLeft());
    if (m_size == rect.size() && m_metrics.font == metrics.font) return;
    prepareGeometryChange();
    m_size = rect.size();
    m_metrics = metrics;
    update();
}

void CardItem::setContent(const CardContent &content)
{
    if (m_content == content) return;
    m_content = content;
    update();
}

void CardItem::setMarked(bool selected)
{
    if (m_selected == selected) return;
    m_selected = selected;
    setZValue(selected ? 1 : 0);
    update();
}

void CardItem::setHovered(bool hovered)
{
    if (m_hovered == hovered) return;
    m_hovered = hovered;
    update();
}

void CardItem::setFaded(bool faded)
{
    setOpacity(faded ? 0.45 : 1);
}

void CardItem::paint(QPainter *painter, const QStyleOptionGraphicsItem *, QWidget *)
{
    const Theme &theme = ThemeManager::instance().theme();
    const double zoom =
        QStyleOptionGraphicsItem::levelOfDetailFromTransform(painter->worldTransform());
    const QRectF card = cardRect();
    const double strip = m_metrics.radius;

    painter->setRenderHint(QPainter::Antialiasing);
    const QColor edge = m_selected ? theme.accent : theme.border;
    if (m_content.repeat > 1) { // a second card behind says: several of these
        painter->setPen(QPen(theme.border, 1));
        painter->setBrush(theme.base);
        painter->drawRoundedRect(card.translated(stackOffset, stackOffset), strip, strip);
    }
    painter->setPen(Qt::NoPen);
    painter->setBrush(blend(theme.base, m_content.color, 0.08));
    painter->drawRoundedRect(card, strip, strip);
    painter->save();
    painter->setClipRect(QRectF(card.topLeft(), QSizeF(strip + 1, card.height())),
                         Qt::IntersectClip);
    painter->setBrush(m_content.color);
    painter->drawRoundedRect(card, strip, strip);
    painter->restore();
    const QRectF face = card.adjusted(strip + 1, 0, 0, 0);
    if (m_hovered) {
        painter->setBrush(theme.hover);
        painter->drawRoundedRect(face, strip / 2, strip / 2);
    }
    if (m_selected) {
        painter->setBrush(theme.selection);
        painter->drawRoundedRect(face, strip / 2, strip / 2);
    }
    painter->setBrush(Qt::NoBrush);
    painter->setPen(QPen(edge, m_selected ? 2 : 1));
    painter->drawRoundedRect(card, strip, strip);

    const QRectF inner = face.adjusted(m_metrics.padding * 0.6, m_metrics.padding * 0.6,
                                       -m_metrics.padding, -m_metrics.padding);
    if (zoom >= textFrom) paintText(*painter, theme, inner, zoom);
    paintBars(*painter, theme, inner);
    if (m_content.figures && m_content.figures->peak && zoom >= textFrom)
        paintPeak(*painter, theme);
    paintMarks(*painter, theme);
}

void CardItem::paintMarks(QPainter &painter, const Theme &theme) const
{
    if (m_content.badge.count > 0) {
        paintBadge(painter, theme, m_metrics,
                   badgeRect(cardRect(), m_metrics, m_content.badge.count), m_content.badge);
    }
    if (showsLock()) paintLock(painter, theme, lockRect(cardRect(), m_metrics), m_content.locked);
}

void CardItem::paintText(QPainter &painter, const Theme &theme, QRectF area, double zoom) const
{
    QFont bold = m_metrics.font;
    bold.setBold(true);
    const QFontMetricsF boldMetrics(bold), small(m_metrics.smallFont);
    QRectF row(area.topLeft(), QSizeF(area.width(), m_metrics.line));
    painter.setFont(bold);
    painter.setPen(theme.text);
    painter.drawText(row, Qt::AlignLeft | Qt::AlignVCenter,
                     boldMetrics.elidedText(m_content.title, Qt::ElideRight, row.width()));
    row.translate(0, m_metrics.line);
    painter.drawText(row, Qt::AlignLeft | Qt::AlignVCenter,
                     boldMetrics.elidedText(m_content.value, Qt::ElideRight, row.width()));
    if (m_content.repeat > 1) {
        painter.setPen(theme.accent);
        painter.drawText(row, Qt::AlignRight | Qt::AlignVCenter,
                         QStringLiteral("×%1").arg(m_content.repeat));
    }
    if (zoom < detailFrom) return;
    painter.setFont(m_metrics.smallFont);
    painter.setPen(theme.mutedText);
    row.translate(0, m_metrics.line);
    row.setHeight(m_metrics.smallLine);
    for (const QString &text : {m_content.detail, m_content.extra}) {
        painter.drawText(row, Qt::AlignLeft | Qt::AlignVCenter,
                         small.elidedText(text, Qt::ElideRight, row.width()));
        row.translate(0, m_metrics.smallLine);
    }
}

void CardItem::paintBars(QPainter &painter, const Theme &theme, QRectF area) const
{
    if (!m_content.figures) return;
    const CardFigures &figures = *m_content.figures;
    const std::pair<FigureBar, QColor> bars[] = {{figures.sram, theme.sramOutput},
                                                 {figures.flash, theme.flashWeights},
                                                 {figures.latency, theme.mutedText}};
    double y = area.bottom() - 3 * m_metrics.barHeight - 2 * m_metrics.barGap;
    painter.setRenderHint(QPainter::Antialiasing, false);
    painter.setOpacity(painter.opacity() * (m_content.outdated ? 0.35 : 1));
    for (const auto &[bar, kindColor] : bars) {
        const QRectF track(area.left(), y, area.width(), m_metrics.barHeight);
        const QColor color = bar.over ? theme.fitOver : kindColor;
        if (bar.source == Source::Missing) { // no figure at all: an empty outline, never a zero
            painter.setPen(QPen(color, 1, Qt::DashLine));
            painter.setBrush(Qt::NoBrush);
            painter.drawRect(track);
        } else {
            painter.fillRect(track, theme.grid);
            QRectF filled = track;
            if (bar.share > 0) filled.setWidth(std::max(2.0, track.width() * bar.share));
            if (bar.share > 0) {
                painter.setPen(QPen(color, 1));
                painter.setBrush(theme.fill(color, bar.source));
                painter.drawRect(filled);
            }
        }
        y += m_metrics.barHeight + m_metrics.barGap;
    }
    painter.setOpacity(opacity());
    painter.setRenderHint(QPainter::Antialiasing);
}

void CardItem::paintPeak(QPainter &painter, const Theme &theme) const
{
    const QString text = QCoreApplication::translate("atomnet::Canvas", "SRAM peak");
    const bool over = m_content.figures->sram.over;
    QFont font = m_metrics.smallFont;
    font.setBold(true);
    const double width = QFontMetricsF(font).horizontalAdvance(text) + m_metrics.padding;
    const QRectF chip(m_size.width() - width - m_metrics.padding / 2, -m_metrics.smallLine * 0.9,
                      width, m_metrics.smallLine * 0.95);
    const QColor fill = over ? theme.fitOver : theme.sramOutput;
    painter.setPen(Qt::NoPen);
    painter.setBrush(fill);
    painter.drawRoundedRect(chip, chip.height() / 2, chip.height() / 2);
    painter.setFont(font);
    const bool lightText = contrastRatio(fill, Qt::white) >= contrastRatio(fill, Qt::black);
    painter.setPen(lightText ? Qt::white : Qt::black);
    painter.drawText(chip, Qt::AlignCenter, text);
}

} // namespace atomnet
