#pragma once

#include "widgets/canvas/canvas_layout.h"
#include "widgets/canvas/card_marks.h"

#include <QGraphicsItem>

namespace atomnet
{

/// What the head of a stage's lane says.
struct LaneContent {
    QString name, size, channels; ///< "s3", "20×20", "64 ch"
    bool empty = false;
    bool locked = false;
    LintBadge badge;
    bool operator==(const LaneContent &) const = default;
};

/// The lane of one stage: frame and header behind its cards.
class LaneItem : public QGraphicsItem
{
public:
    enum { Type = UserType + 2 };

    explicit LaneItem(StageId stage) : m_stage(stage) { setZValue(-2); }

    [[nodiscard]] StageId stage() const { return m_stage; }
    [[nodiscard]] const LaneContent &content() const { return m_content; }
    [[nodiscard]] int type() const override { return Type; }
    [[nodiscard]] QRectF boundingRect() const override { return m_frame.adjusted(-2, -2, 2, 2); }

    void setGeometry(const StageBox &box, const CanvasMetrics &metrics);
    void setContent(const LaneContent &content);
    void setMarked(bool selected);
    void setHovered(bool hovered);
    [[nodiscard]] bool showsLock() const { return m_content.locked || m_hovered; }

    void paint(QPainter *painter, const QStyleOptionGraphicsItem *option, QWidget *widget) override;

private:
    StageId m_stage;
    LaneContent m_content;
    CanvasMetrics m_metrics;
    QRectF m_frame, m_header; ///< in item coordinates
    void paintMarks(QPainter &painter, const Theme &theme) const;
    bool m_selected = false, m_hovered = false;
};

} // namespace atomnet
