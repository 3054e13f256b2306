#include "widgets/canvas/decor_items.h"

#include "widgets/common/theme.h"

#include <QCoreApplication>
#include <QFontMetricsF>
#include <QPainter>
#include <QStyleOptionGraphicsItem>

#include <cmath>

namespace atomnet
{
namespace
{
QString tr(const char *text)
{
    return QCoreApplication::translate("atomnet::Canvas", text);
}
const Theme &theme()
{
    return ThemeManager::instance().theme();
}
} // namespace

void ConnectorsItem::setLayout(const CanvasLayout &layout)
{
    prepareGeometryChange();
    m_lines = {};
    m_heads = {};
    m_bounds = layout.bounds;
    m_size = layout.metrics.line * 0.22;
    const double half = layout.metrics.laneGap / 2;
    QRectF from = layout.input;
    double bend = from.right() + half;
    for (const StageBox &box : layout.stages) {
        for (std::size_t i = 0; i < box.cards.size(); ++i) {
            if (i == 0) {
                connectAcross(from, box.cards[i], bend);
            } else {
                connectDown(from, box.cards[i]);
            }
            from = box.cards[i];
            bend = box.frame.right() + half;
        }
    }
    connectAcross(from, layout.head, bend);
    update();
}

void ConnectorsItem::connectDown(QRectF from, QRectF to)
{
    const QPointF tip(to.center().x(), to.top() - 1);
    m_lines.moveTo(from.center().x(), from.bottom());
    m_lines.lineTo(tip);
    arrowHead(tip, true);
}

void ConnectorsItem::connectAcross(QRectF from, QRectF to, double bendX)
{
    const QPointF start(from.right(), from.center().y()), tip(to.left() - 1, to.center().y());
    const double rise = tip.y() - start.y();
    const double r = std::min(m_size * 2, std::abs(rise) / 2);
    m_lines.moveTo(start);
    if (r > 0) {
        const double sign = rise > 0 ? 1 : -1;
        m_lines.lineTo(bendX - r, start.y());
        m_lines.quadTo(bendX, start.y(), bendX, start.y() + sign * r);
        m_lines.lineTo(bendX, tip.y() - sign * r);
        m_lines.quadTo(bendX, tip.y(), bendX + r, tip.y());
    }
    m_lines.lineTo(tip);
    arrowHead(tip, false);
}

void ConnectorsItem::arrowHead(QPointF tip, bool down)
{
    const QPointF back = down ? QPointF(0, -m_size * 1.6) : QPointF(-m_size * 1.6, 0);
    const QPointF side = down ? QPointF(m_size, 0) : QPointF(0, m_size);
    m_heads.addPolygon(QPolygonF{tip, tip + back + side, tip + back - side, tip});
}

void ConnectorsItem::paint(QPainter *painter, const QStyleOptionGraphicsItem *, QWidget *)
{
    painter->setRenderHint(QPainter::Antialiasing);
    const QColor color = blend(theme().window, theme().mutedText, 0.75);
    painter->setPen(QPen(color, 1.5));
    painter->setBrush(Qt::NoBrush);
    painter->drawPath(m_lines);
    painter->setPen(Qt::NoPen);
    painter->setBrush(color);
    painter->drawPath(m_heads);
}

void HintBandItem::setHints(const CanvasLayout &layout, const std::vector<DominanceRun> &runs)
{
    prepareGeometryChange();
    m_runs = runs;
    m_band = layout.band;
    m_metrics = layout.metrics;
    m_rects.clear();
    const auto box = [&layout](int stage) {
        const auto s = std::size_t(stage);
        return s < layout.stages.size() ? layout.stages[s].frame : layout.head;
    };
    for (const DominanceRun &run : runs)
        m_rects.emplace_back(QPointF(box(run.first).left(), m_band.top()),
                             QPointF(box(run.last).right(), m_band.bottom()));
    update();
}

void HintBandItem::paint(QPainter *painter, const QStyleOptionGraphicsItem *, QWidget *)
{
    painter->setRenderHint(QPainter::Antialiasing);
    painter->setFont(m_metrics.smallFont);
    const QFontMetricsF metrics(m_metrics.smallFont);
    for (std::size_t i = 0; i < m_runs.size(); ++i) {
        const bool sram = m_runs[i].dominance == Dominance::Sram;
        const QColor color = sram ? theme().sramOutput : theme().flashWeights;
        painter->setPen(QPen(color, 1));
        painter->setBrush(blend(theme().window, color, 0.14));
        painter->drawRoundedRect(m_rects[i], m_metrics.radius, m_metrics.radius);
        painter->setPen(theme().text);
        const QRectF room =
            m_rects[i].adjusted(m_metrics.padding / 2, 0, -m_metrics.padding / 2, 0);
        painter->drawText(room, Qt::AlignCenter,
                          metrics.elidedText(sram ? tr("SRAM-dominant") : tr("Flash-dominant"),
                                             Qt::ElideRight, room.width()));
    }
}

void LegendItem::setLayout(const CanvasLayout &layout)
{
    prepareGeometryChange();
    m_metrics = layout.metrics;
    m_rect = QRectF(layout.input.left(), layout.input.bottom() + layout.metrics.cardGap,
                    layout.input.width(), 3 * layout.metrics.smallLine);
    update();
}

void LegendItem::paint(QPainter *painter, const QStyleOptionGraphicsItem *, QWidget *)
{
    const std::pair<QString, QColor> rows[] = {{tr("SRAM"), theme().sramOutput},
                                               {tr("Flash"), theme().flashWeights},
                                               {tr("Latency"), theme().mutedText}};
    painter->setFont(m_metrics.smallFont);
    QRectF row(m_rect.topLeft(), QSizeF(m_rect.width(), m_metrics.smallLine));
    const double mark = m_metrics.smallLine;
    for (const auto &[text, color] : rows) {
        painter->fillRect(QRectF(row.left(), row.center().y() - m_metrics.barHeight / 2, mark,
                                 m_metrics.barHeight),
                          color);
        painter->setPen(theme().mutedText);
        painter->drawText(row.adjusted(mark + m_metrics.padding / 2, 0, 0, 0),
                          Qt::AlignLeft | Qt::AlignVCenter, text);
        row.translate(0, m_metrics.smallLine);
    }
}

void AddStageItem::setLayout(const CanvasLayout &layout)
{
    if (m_rect == layout.addStage) return;
    prepareGeometryChange();
    m_rect = layout.addStage;
    update();
}

void AddStageItem::setHovered(bool hovered)
{
    if (m_hovered == hovered) return;
    m_hovered = hovered;
    update();
}

void AddStageItem::paint(QPainter *painter, const QStyleOptionGraphicsItem *, QWidget *)
{
    painter->setRenderHint(QPainter::Antialiasing);
    painter->setPen(QPen(m_hovered ? theme().accent : theme().border, 1));
    painter->setBrush(m_hovered ? QBrush(theme().hover) : QBrush(Qt::NoBrush));
    painter->drawEllipse(m_rect);
    painter->setPen(QPen(m_hovered ? theme().accent : theme().mutedText, 1.5));
    const double arm = m_rect.width() * 0.22;
    const QPointF c = m_rect.center();
    painter->drawLine(c - QPointF(arm, 0), c + QPointF(arm, 0));
    painter->drawLine(c - QPointF(0, arm), c + QPointF(0, arm));
}

InsertionMarkItem::InsertionMarkItem()
{
    setZValue(10);
    hide();
}

void InsertionMarkItem::setLine(const QLineF &line)
{
    prepareGeometryChange();
    m_line = line;
    setVisible(!line.isNull());
    update();
}

QRectF InsertionMarkItem::boundingRect() const
{
    return QRectF(m_line.p1(), m_line.p2()).normalized().adjusted(-6, -6, 6, 6);
}

void InsertionMarkItem::paint(QPainter *painter, const QStyleOptionGraphicsItem *, QWidget *)
{
    painter->setRenderHint(QPainter::Antialiasing);
    painter->setPen(QPen(theme().accent, 3, Qt::SolidLine, Qt::RoundCap));
    painter->drawLine(m_line);
    painter->setBrush(theme().accent);
    painter->setPen(Qt::NoPen);
    painter->drawEllipse(m_line.p1(), 4, 4);
    painter->drawEllipse(m_line.p2(), 4, 4);
}

GhostItem::GhostItem()
{
    setZValue(11);
    setFlag(ItemIgnoresTransformations); // a label: readable at any zoom
    hide();
}

void GhostItem::show(QPointF at, const QString &title, const QColor &color)
{
    prepareGeometryChange();
    setPos(at);
    m_title = title;
    m_color = color;
    QGraphicsItem::show();
    update();
}

void GhostItem::setNote(const QString &note, bool refused)
{
    if (m_note == note && m_refused == refused) return;
    prepareGeometryChange();
    m_note = note;
    m_refused = refused;
    update();
}

void GhostItem::keepInside(QPointF pointer, QSizeF room)
{
    constexpr double right = 14, below = 10;
    const QSizeF own = size();
    QPointF offset(right, below);
    if (pointer.x() + right + own.width() > room.width())
        offset.setX(std::max(-pointer.x(), -right - own.width()));
    if (pointer.y() + below + own.height() > room.height()) offset.setY(-below - own.height());
    if (offset == m_offset) return;
    prepareGeometryChange();
    m_offset = offset;
}

QSizeF GhostItem::size() const
{
    QFont bold = m_metrics.font;
    bold.setBold(true);
    const double width = std::max(QFontMetricsF(bold).horizontalAdvance(m_title),
                                  QFontMetricsF(m_metrics.smallFont).horizontalAdvance(m_note));
    const double height = m_metrics.line + (m_note.isEmpty() ? 0 : m_metrics.smallLine);
    return {width + 2 * m_metrics.padding + m_metrics.radius + 2, height + m_metrics.padding + 2};
}

QRectF GhostItem::boundingRect() const
{
    return {m_offset, size()};
}

void GhostItem::paint(QPainter *painter, const QStyleOptionGraphicsItem *, QWidget *)
{
    const QRectF card = boundingRect().adjusted(1, 1, -1, -1);
    painter->setRenderHint(QPainter::Antialiasing);
    painter->setPen(QPen(m_refused ? theme().fitOver : theme().accent, 1));
    painter->setBrush(theme().base);
    painter->drawRoundedRect(card, m_metrics.radius, m_metrics.radius);
    painter->fillRect(QRectF(card.left() + 2, card.top() + 3, m_metrics.radius, card.height() - 6),
                      m_color);
    QRectF row(card.left() + m_metrics.radius + m_metrics.padding,
               card.top() + m_metrics.padding / 2, card.width(), m_metrics.line);
    QFont bold = m_metrics.font;
    bold.setBold(true);
    painter->setFont(bold);
    painter->setPen(theme().text);
    painter->drawText(row, Qt::AlignLeft | Qt::AlignVCenter, m_title);
    if (m_note.isEmpty()) return;
    painter->setFont(m_metrics.smallFont);
    painter->setPen(m_refused ? theme().fitOver : theme().mutedText);
    row.translate(0, m_metrics.line);
    row.setHeight(m_metrics.smallLine);
    painter->drawText(row, Qt::AlignLeft | Qt::AlignVCenter, m_note);
}

} // namespace atomnet
