#pragma once

#include "widgets/canvas/canvas_layout.h"
#include "widgets/canvas/stage_hints.h"

#include <QGraphicsItem>
#include <QPainterPath>

// What stands around the cards and cannot be edited: arrows, hints, legend, the "+" and the marks
// of a drag.
namespace atomnet
{

/// The way of the data: input, blocks down each stage, over to the next stage, head.
class ConnectorsItem : public QGraphicsItem
{
public:
    ConnectorsItem() { setZValue(-1); }
    void setLayout(const CanvasLayout &layout);
    [[nodiscard]] QRectF boundingRect() const override { return m_bounds; }
    void paint(QPainter *painter, const QStyleOptionGraphicsItem *option, QWidget *widget) override;

private:
    void connectDown(QRectF from, QRectF to);
    void connectAcross(QRectF from, QRectF to, double bendX);
    void arrowHead(QPointF tip, bool down);

    QPainterPath m_lines, m_heads;
    QRectF m_bounds;
    double m_size = 4;
};

/// "SRAM-dominant" and "Flash-dominant" marks under the stages.
class HintBandItem : public QGraphicsItem
{
public:
    HintBandItem() { setZValue(-1); }
    void setHints(const CanvasLayout &layout, const std::vector<DominanceRun> &runs);
    [[nodiscard]] const std::vector<DominanceRun> &runs() const { return m_runs; }
    [[nodiscard]] QRectF boundingRect() const override { return m_band.adjusted(-2, -2, 2, 2); }
    void paint(QPainter *painter, const QStyleOptionGraphicsItem *option, QWidget *widget) override;

private:
    std::vector<DominanceRun> m_runs;
    std::vector<QRectF> m_rects; ///< one a run
    QRectF m_band;
    CanvasMetrics m_metrics;
};

/// Which small bar is which, under the input card.
class LegendItem : public QGraphicsItem
{
public:
    LegendItem() { setZValue(-1); }
    void setLayout(const CanvasLayout &layout);
    [[nodiscard]] QRectF boundingRect() const override { return m_rect; }
    void paint(QPainter *painter, const QStyleOptionGraphicsItem *option, QWidget *widget) override;

private:
    QRectF m_rect;
    CanvasMetrics m_metrics;
};

/// Adds a stage at the end when clicked.
class AddStageItem : public QGraphicsItem
{
public:
    enum { Type = UserType + 3 };
    void setLayout(const CanvasLayout &layout);
    void setHovered(bool hovered);
    [[nodiscard]] int type() const override { return Type; }
    [[nodiscard]] QRectF boundingRect() const override { return m_rect.adjusted(-1, -1, 1, 1); }
    void paint(QPainter *painter, const QStyleOptionGraphicsItem *option, QWidget *widget) override;

private:
    QRectF m_rect;
    bool m_hovered = false;
};

/// Where a drop would land.
class InsertionMarkItem : public QGraphicsItem
{
public:
    InsertionMarkItem();
    void setLine(const QLineF &line);
    [[nodiscard]] QLineF line() const { return m_line; }
    [[nodiscard]] QRectF boundingRect() const override;
    void paint(QPainter *painter, const QStyleOptionGraphicsItem *option, QWidget *widget) override;

private:
    QLineF m_line;
};

/// What is being dragged, beside the pointer, and what it would cost or why it cannot be dropped
/// here.
class GhostItem : public QGraphicsItem
{
public:
    GhostItem();
    void setMetrics(const CanvasMetrics &metrics) { m_metrics = metrics; }
    void show(QPointF at, const QString &title, const QColor &color);
    void setNote(const QString &note, bool refused);
    /// Keeps it inside what the view shows: `pointer` and `room` in the view's pixels.
    void keepInside(QPointF pointer, QSizeF room);
    [[nodiscard]] QString note() const { return m_note; }
    [[nodiscard]] bool refused() const { return m_refused; }
    [[nodiscard]] QRectF boundingRect() const override;
    void paint(QPainter *painter, const QStyleOptionGraphicsItem *option, QWidget *widget) override;

private:
    CanvasMetrics m_metrics;
    [[nodiscard]] QSizeF size() const;

    QString m_title, m_note;
    QColor m_color;
    QPointF m_offset; ///< from the pointer, in pixels
    bool m_refused = false;
};

} // namespace atomnet
