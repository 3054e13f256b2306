#pragma once

#include "widgets/canvas/canvas_metrics.h"
#include "widgets/canvas/card_figures.h"
#include "widgets/canvas/card_marks.h"
#include "widgets/common/theme.h"

#include <QGraphicsItem>

namespace atomnet
{

/// What a card shows.
struct CardContent {
    QString title;  ///< "ConvNeXt"
    QString value;  ///< "64"
    QString detail; ///< "3×3 /2 e6"
    QString extra;  ///< "SE HSwish"
    int repeat = 1;
    QColor color; ///< of its kind
    std::optional<CardFigures> figures;
    bool outdated = false; ///< the figures are of an older design
    bool lockable = true;  ///< has a padlock; shown while the pointer is here or it is closed
    bool locked = false;
    LintBadge badge;
    bool operator==(const CardContent &) const = default;
};

/// A card on the canvas: a block, the input or the head. Only draws; the scene tells it everything.
class CardItem : public QGraphicsItem
{
public:
    enum { Type = UserType + 1 };

    explicit CardItem(BlockId block = {}) : m_block(block) {}

    [[nodiscard]] BlockId block() const { return m_block; }
    [[nodiscard]] const CardContent &content() const { return m_content; }
    /// Whether a click may hit the padlock.
    [[nodiscard]] bool showsLock() const
    {
        return m_content.lockable && (m_content.locked || m_hovered);
    }
    [[nodiscard]] bool isMarked() const { return m_selected; }
    [[nodiscard]] int type() const override { return Type; }
    [[nodiscard]] QRectF boundingRect() const override;
    [[nodiscard]] QRectF cardRect() const { return {QPointF(), m_size}; }

    void setGeometry(const QRectF &rect, const CanvasMetrics &metrics);
    void setContent(const CardContent &content);
    void setMarked(bool selected);
    void setHovered(bool hovered);
    /// Half transparent: being dragged away.
    void setFaded(bool faded);

    void paint(QPainter *painter, const QStyleOptionGraphicsItem *option, QWidget *widget) override;

private:
    void paintBars(QPainter &painter, const Theme &theme, QRectF area) const;
    void paintText(QPainter &painter, const Theme &theme, QRectF area, double detail) const;
    void paintPeak(QPainter &painter, const Theme &theme) const;
    void paintMarks(QPainter &painter, const Theme &theme) const;

    BlockId m_block;
    CardContent m_content;
    CanvasMetrics m_metrics;
    QSizeF m_size;
    bool m_selected = false, m_hovered = false;
};

} // namespace atomnet
